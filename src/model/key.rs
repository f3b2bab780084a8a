//! Which item an observation or a stored thing belongs to.
//!
//! A cookie is known by name, domain, path and partition, a storage key by store, origin, partition
//! and name. A write names the place only indirectly, through its attributes and the address it was
//! made at; the jar and the requests name it outright.

use super::cookie::StoredCookie;
use super::item::{ItemKey, Store};
use super::observation::{CookieWrite, SentCookie, StorageWrite};
use super::snapshot::{Snapshot, StoredKey};

/// The item that a cookie write is about.
pub(crate) fn of_cookie_write(write: &CookieWrite, snapshots: &[Snapshot]) -> ItemKey {
    let (place, _) = write.cookie.domain_and_host_only(&write.url);
    let mut key = ItemKey {
        store: Store::Cookie,
        name: write.cookie.name.clone(),
        place,
        path: write.cookie.effective_path(&write.url),
        partition: write.partition.clone(),
    };
    if write.cookie.partitioned && key.partition.is_none() {
        key.partition = only_partition(&key, snapshots);
    }
    key
}

/// A script's write does not say which partition the browser put it in; the jar does, if there is
/// just one to choose from.
fn only_partition(key: &ItemKey, snapshots: &[Snapshot]) -> Option<String> {
    let mut partitions: Vec<&str> = snapshots
        .iter()
        .flat_map(|snapshot| &snapshot.cookies)
        .filter(|c| c.name == key.name && c.domain == key.place && c.path == key.path)
        .filter_map(|c| c.partition.as_deref())
        .collect();
    partitions.sort_unstable();
    partitions.dedup();
    match partitions.as_slice() {
        [partition] => Some((*partition).to_owned()),
        _ => None,
    }
}

/// The item that a cookie in the jar is.
pub(crate) fn of_stored_cookie(cookie: &StoredCookie) -> ItemKey {
    ItemKey {
        store: Store::Cookie,
        name: cookie.name.clone(),
        place: cookie.domain.clone(),
        path: cookie.path.clone(),
        partition: cookie.partition.clone(),
    }
}

/// The item that a sent cookie is.
pub(crate) fn of_sent_cookie(cookie: &SentCookie) -> ItemKey {
    ItemKey {
        store: Store::Cookie,
        name: cookie.name.clone(),
        place: cookie.domain.clone(),
        path: cookie.path.clone(),
        partition: cookie.partition.clone(),
    }
}

/// The item that a storage write is about.
pub(crate) fn of_storage_write(write: &StorageWrite) -> ItemKey {
    ItemKey {
        store: write.store,
        name: write.name.clone(),
        place: write.origin.clone(),
        path: String::new(),
        partition: write.partition.clone(),
    }
}

/// The item that a stored key is.
pub(crate) fn of_stored_key(key: &StoredKey) -> ItemKey {
    ItemKey {
        store: key.store,
        name: key.name.clone(),
        place: key.origin.clone(),
        path: String::new(),
        partition: key.partition.clone(),
    }
}
