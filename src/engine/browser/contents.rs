//! What is in the databases, caches and file system of one storage key, as short summaries: names and
//! numbers, never whole contents.
//!
//! Everything is asked for side by side, and what an origin does not have takes one answer each. The
//! browser answers for databases and files on the page's own thread, so that answers wait for ever
//! where the page's clock stands still (measured; caches are not concerned): callers let it go on
//! meanwhile.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::future::{join_all, join3};
use serde::Deserialize;
use serde_json::{Value, json};

use super::cdp::CdpError;
use super::collect::area::Area;
use super::tab::Tab;
use crate::model::item::Store;

/// Longest time for all of a storage key. Answers take milliseconds, unless a page holds a database.
const LONGEST: Duration = Duration::from_secs(3);

/// So many databases and caches of a storage key are looked into; of others the name is told.
const DETAILED: usize = 50;

/// So many object stores of a database are told.
const STORES: usize = 20;

/// So many addresses of a cache are told, …
const ADDRESSES: usize = 3;

/// … and so many characters of each.
const ADDRESS: usize = 100;

/// So many folders of a file system are looked into, …
const FOLDERS: usize = 100;

/// … and so many files told.
const FILES: usize = 1_000;

/// An area and what is in it, by name.
pub(super) type Summaries = (Area, BTreeMap<String, String>);

/// Reads a storage key, and says which of its areas gave no answer. Caches and files are for secure
/// contexts alone: a page elsewhere that is asked for its files crashes (measured, Chromium 156).
pub(super) async fn read(
    tab: &Tab,
    session: &str,
    storage_key: &str,
    is_secure: bool,
) -> (Vec<Summaries>, Vec<String>) {
    let asking = Asking {
        tab,
        session,
        storage_key,
        deadline: Instant::now() + LONGEST,
    };
    let (databases, caches, files) = if is_secure {
        join3(asking.databases(), asking.caches(), asking.files()).await
    } else {
        (
            asking.databases().await,
            Ok(Things::new()),
            Ok(Things::new()),
        )
    };
    let mut unread = Vec::new();
    let mut found = Vec::new();
    for (store, read) in [
        (Store::IndexedDb, databases),
        (Store::CacheStorage, caches),
        (Store::FileSystem, files),
    ] {
        match read {
            Ok(things) => found.push((Area::at(store, storage_key), things)),
            // Opaque origins have no such stores; frames may be gone.
            Err(error @ (CdpError::Refused { .. } | CdpError::Detached)) => {
                tracing::debug!(%error, store = store.as_str(), storage_key, "not read");
            }
            Err(error) => {
                unread.push(format!("{} of {storage_key} ({error})", store.as_str()));
            }
        }
    }
    (found, unread)
}

/// Questions about one storage key.
#[derive(Clone, Copy)]
struct Asking<'a> {
    tab: &'a Tab,
    session: &'a str,
    storage_key: &'a str,
    deadline: Instant,
}

type Things = BTreeMap<String, String>;

impl Asking<'_> {
    async fn ask(&self, method: &'static str, mut params: Value) -> Result<Value, CdpError> {
        if method.starts_with("IndexedDB") {
            params["storageKey"] = json!(self.storage_key);
        }
        let left = self.deadline.saturating_duration_since(Instant::now());
        let connection = &self.tab.connection;
        let answer = connection.call_within(left, Some(self.session), method, params);
        answer.await
    }

    async fn databases(&self) -> Result<Things, CdpError> {
        let answer = self
            .ask("IndexedDB.requestDatabaseNames", json!({}))
            .await?;
        let names = Vec::<String>::deserialize(&answer["databaseNames"]).unwrap_or_default();
        let known = names.iter().take(DETAILED).map(|name| self.database(name));
        let mut summaries = join_all(known).await.into_iter();
        let summed = |name: String| (name, summaries.next().unwrap_or_default());
        Ok(names.into_iter().map(summed).collect())
    }

    /// `version 3: queue (0 keys), visitors (12 keys)`; empty if the database does not answer.
    async fn database(&self, name: &str) -> String {
        let asked = json!({"databaseName": name});
        let Ok(answer) = self.ask("IndexedDB.requestDatabase", asked).await else {
            return String::new();
        };
        let database = &answer["databaseWithObjectStores"];
        let stores = database["objectStores"].as_array().map(Vec::as_slice);
        let mut stores: Vec<&str> = stores
            .unwrap_or_default()
            .iter()
            .filter_map(|store| store["name"].as_str())
            .collect();
        stores.sort_unstable();
        let told = stores.iter().take(STORES).map(|store| async move {
            let asked = json!({"databaseName": name, "objectStoreName": store});
            let answer = self.ask("IndexedDB.getMetadata", asked).await;
            match answer.ok().and_then(|a| a["entriesCount"].as_f64()) {
                Some(keys) => format!("{store} ({})", counted(keys, "key", "keys")),
                None => (*store).to_owned(),
            }
        });
        let mut told = join_all(told).await;
        let more = stores.len().saturating_sub(STORES);
        told.extend((more > 0).then(|| format!("{more} more")));
        let version = database["version"].as_f64().unwrap_or_default();
        match told.as_slice() {
            [] => format!("version {version}, empty"),
            told => format!("version {version}: {}", told.join(", ")),
        }
    }

    async fn caches(&self) -> Result<Things, CdpError> {
        let asked = json!({"storageKey": self.storage_key});
        let answer = self.ask("CacheStorage.requestCacheNames", asked).await?;
        let caches = Vec::<Cache>::deserialize(&answer["caches"]).unwrap_or_default();
        let known = caches.iter().take(DETAILED).map(|cache| self.cache(cache));
        let mut summaries = join_all(known).await.into_iter();
        let summed = |cache: Cache| (cache.cache_name, summaries.next().unwrap_or_default());
        Ok(caches.into_iter().map(summed).collect())
    }

    /// `5 responses: /a.js, /b.js, /c.js, …`; empty if the cache does not answer.
    async fn cache(&self, cache: &Cache) -> String {
        let asked = json!({"cacheId": cache.cache_id, "skipCount": 0, "pageSize": ADDRESSES});
        let Ok(answer) = self.ask("CacheStorage.requestEntries", asked).await else {
            return String::new();
        };
        let count = answer["returnCount"].as_f64().unwrap_or_default();
        let entries = answer["cacheDataEntries"].as_array().map(Vec::as_slice);
        let mut addresses: Vec<String> = entries
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| entry["requestURL"].as_str())
            .map(|url| self.address(url))
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "a handful of addresses")]
        let is_more = count > addresses.len() as f64;
        addresses.extend(is_more.then(|| "…".to_owned()));
        let responses = counted(count, "response", "responses");
        match addresses.as_slice() {
            [] => responses,
            addresses => format!("{responses}: {}", addresses.join(", ")),
        }
    }

    /// An address without what it carries; without its origin where that is the cache's own.
    fn address(&self, url: &str) -> String {
        let url = url.split(['?', '#']).next().unwrap_or(url);
        let origin = self.storage_key.split('^').next().unwrap_or_default();
        let path = url.strip_prefix(origin.trim_end_matches('/'));
        path.unwrap_or(url).chars().take(ADDRESS).collect()
    }

    /// Whether there can be files: somebody was seen with them, or they take room. The page itself is
    /// asked for them only then, since its answer is sometimes lost (measured, Chromium 156).
    async fn can_have_files(&self) -> Result<bool, CdpError> {
        if self.tab.shared.state().kept.knows_files() {
            return Ok(true);
        }
        let origin = Area::at(Store::FileSystem, self.storage_key).origin;
        let asked = json!({"origin": origin});
        let answer = self.ask("Storage.getUsageAndQuota", asked).await?;
        let uses = Vec::<Usage>::deserialize(&answer["usageBreakdown"]).unwrap_or_default();
        Ok(uses
            .iter()
            .any(|u| u.storage_type == "file_systems" && u.usage > 0.0))
    }

    /// Every file with its size, by its path. Empty folders hold nothing.
    async fn files(&self) -> Result<Things, CdpError> {
        let mut files = Things::new();
        if !self.can_have_files().await? {
            return Ok(files);
        }
        let mut folders = vec![Vec::new()];
        let mut looked = 0;
        while let Some(path) = folders.pop() {
            let locator = json!({"storageKey": self.storage_key, "pathComponents": &path});
            let asked = json!({"bucketFileSystemLocator": locator});
            let answer = self.ask("FileSystem.getDirectory", asked).await?;
            let folder = Folder::deserialize(&answer["directory"]).unwrap_or_default();
            for file in folder.nested_files {
                if files.len() < FILES {
                    let name = [path.as_slice(), &[file.name]].concat().join("/");
                    files.insert(name, counted(file.size, "byte", "bytes"));
                }
            }
            for name in folder.nested_directories {
                looked += 1;
                if looked < FOLDERS {
                    folders.push([path.as_slice(), &[name]].concat());
                }
            }
        }
        Ok(files)
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Usage {
    storage_type: String,
    usage: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cache {
    cache_id: String,
    cache_name: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Folder {
    nested_directories: Vec<String>,
    nested_files: Vec<File>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    name: String,
    size: f64,
}

/// `1 key`, `12 keys`.
fn counted(count: f64, one: &str, many: &str) -> String {
    let is_one = (count - 1.0).abs() < f64::EPSILON;
    format!("{count} {}", if is_one { one } else { many })
}
