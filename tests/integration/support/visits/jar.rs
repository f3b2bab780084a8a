//! What told writes leave behind: a browser's jar and storage, as far as recorded visits need them.

use std::collections::BTreeMap;

use preconsent::model::cookie::{Lifetime, StoredCookie};
use preconsent::model::observation::{CookieWrite, StorageOp, StorageWrite};
use preconsent::model::snapshot::StoredKey;

/// Chromium keeps no cookie for longer.
const CAP_S: i64 = 400 * 86_400;

/// Cookies by name, domain and path.
type Jar = BTreeMap<(String, String, String), StoredCookie>;

pub(super) fn apply_cookie(jar: &mut Jar, write: &CookieWrite) {
    let cookie = &write.cookie;
    let silently_dropped = cookie.partitioned && !cookie.secure;
    if !write.refused.is_empty() || silently_dropped {
        return;
    }
    let (domain, host_only) = cookie.domain_and_host_only(&write.url);
    let path = cookie.effective_path(&write.url);
    let key = (cookie.name.clone(), domain.clone(), path.clone());
    let expires = match cookie.requested(write.clock) {
        Lifetime::Delete => {
            jar.remove(&key);
            return;
        }
        Lifetime::Session => None,
        Lifetime::Seconds(s) => Some(write.clock + s.min(CAP_S) as f64),
    };
    let stored = StoredCookie {
        name: cookie.name.clone(),
        value: cookie.value.clone(),
        domain,
        host_only,
        path,
        expires,
        size: 0,
        secure: cookie.secure,
        http_only: cookie.http_only,
        same_site: cookie.same_site,
        partition: None,
    };
    jar.insert(key, stored);
}

pub(super) fn apply_storage(
    storage: &mut BTreeMap<(String, String), StoredKey>,
    write: &StorageWrite,
) {
    let key = (write.origin.clone(), write.name.clone());
    if write.op == StorageOp::Remove {
        storage.remove(&key);
        return;
    }
    let stored = StoredKey {
        store: write.store,
        origin: write.origin.clone(),
        partition: None,
        name: write.name.clone(),
        value: write.value.clone(),
    };
    storage.insert(key, stored);
}
