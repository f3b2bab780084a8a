//! Storage areas: one store of one origin in one partition, and how Chromium names the last two.

use crate::engine::browser::cdp::protocol::StorageId;
use crate::model::item::Store;

/// An area: one store of one origin in one partition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Area {
    /// Which store.
    pub(crate) store: Store,
    /// Origin without a trailing slash.
    pub(crate) origin: String,
    /// Partition's top-level site.
    pub(crate) partition: Option<String>,
}

impl Area {
    /// The area that the protocol names.
    pub(crate) fn of(id: &StorageId) -> Self {
        let store = if id.is_local_storage {
            Store::LocalStorage
        } else {
            Store::SessionStorage
        };
        let key = match id.storage_key.as_str() {
            "" => &id.security_origin,
            key => key,
        };
        Self::at(store, key)
    }

    /// A store at a serialised storage key.
    pub(crate) fn at(store: Store, storage_key: &str) -> Self {
        let (origin, partition) = split_storage_key(storage_key);
        Self {
            store,
            origin: origin.trim_end_matches('/').to_owned(),
            partition,
        }
    }
}

/// Splits Chromium's serialised storage key: `origin/` followed by `^`-led parts, of which `0` is the
/// top-level site, `3` the cross-site-ancestor bit, and the others mark unique partitions.
fn split_storage_key(key: &str) -> (String, Option<String>) {
    let mut parts = key.split('^');
    let origin = parts.next().unwrap_or_default().to_owned();
    let mut partition = None;
    for part in parts {
        match part.as_bytes().first() {
            Some(b'0') => partition = Some(part[1..].trim_end_matches('/').to_owned()),
            Some(b'3') => {
                partition.get_or_insert_with(|| origin.trim_end_matches('/').to_owned());
            }
            _ => partition = Some("opaque".to_owned()),
        }
    }
    (origin, partition)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn storage_keys_are_split_into_origin_and_partition() {
        let split = |key| split_storage_key(key);
        assert_eq!(split("https://a.test/"), ("https://a.test/".into(), None));
        assert_eq!(
            split("https://a.test/^0https://b.test"),
            ("https://a.test/".into(), Some("https://b.test".into()))
        );
        assert_eq!(
            split("https://a.test/^31"),
            ("https://a.test/".into(), Some("https://a.test".into()))
        );
    }
}
