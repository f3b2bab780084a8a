//! Storage events that were told before. Frames of one site in one window share a process, and the
//! browser tells each session that is attached to one of them of what any of them writes.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::engine::browser::cdp::protocol::StorageEvent;

/// So many different events are remembered. Echoes follow at once.
const REMEMBERED: usize = 100_000;

/// What each session told of, by hashes.
#[derive(Debug, Default)]
pub(crate) struct Echoes {
    /// How often a window was told of an event by the session that told most often.
    most: HashMap<u64, u32>,
    /// How often each session told of it.
    by_session: HashMap<u64, u32>,
    hasher: RandomState,
}

impl Echoes {
    /// Whether another session of the same window told of this event before. The n-th time that a
    /// session tells of it is an echo if another one has told of it n times.
    pub(crate) fn is_echo(
        &mut self,
        window: &str,
        session: &str,
        name: &str,
        event: &StorageEvent,
    ) -> bool {
        if self.most.len() >= REMEMBERED {
            self.most.clear();
            self.by_session.clear();
        }
        let id = &event.storage_id;
        let what = (name, &event.key, &event.new_value);
        let place = (&id.security_origin, &id.storage_key, id.is_local_storage);
        let event = self.hasher.hash_one((window, what, place));
        let told = self.hasher.hash_one((event, session));
        let count = self.by_session.entry(told).or_default();
        *count += 1;
        let most = self.most.entry(event).or_default();
        let is_echo = *count <= *most;
        *most = (*most).max(*count);
        is_echo
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_counts_once_whoever_tells_of_it_first() {
        let mut echoes = Echoes::default();
        let event = StorageEvent::default();
        let mut is_echo = |window, session| echoes.is_echo(window, session, "added", &event);
        let told = [
            is_echo("w", "a"),
            is_echo("w", "b"),
            is_echo("w", "b"),
            is_echo("w", "a"),
            is_echo("w", "a"),
            // Another window is another process or another page in it.
            is_echo("v", "c"),
        ];
        assert_eq!(told, [false, true, false, true, false, false]);
    }
}
