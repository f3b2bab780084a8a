//! Pieces of evidence, each from one source: a write, a request, a snapshot, the catalogue, the
//! profile, the choice step. Values and the values in URLs go through the redactor here, and
//! nowhere else in the checks.

use super::Context;
use super::items::Sighting;
use crate::catalogue::{Entry, Provider};
use crate::classify::{Known, Sent};
use crate::model::chain::{Cause, in_words};
use crate::model::cookie::{SetCookie, StoredCookie};
use crate::model::finding::Evidence;
use crate::model::item::{ItemKey, PhaseStory, Presence, Store, Write};
use crate::model::observation::{Writer, WriterKind};
use crate::model::role::Role;
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::snapshot::Snapshot;
use crate::model::visit::Visit;

impl Context<'_> {
    /// A write, as it was asked for.
    pub(super) fn write(&self, key: &ItemKey, write: &Write) -> Evidence {
        let text = match key.store {
            Store::Cookie => self.redactor.cookie_line(&write.raw),
            _ => self.named(key, &write.raw),
        };
        Evidence {
            kind: "write".to_owned(),
            at_ms: Some(write.at_ms),
            text,
            source: self.writer(&write.writer),
        }
    }

    /// What led to a write, if it was more than the writer alone.
    pub(super) fn cause(&self, write: &Write) -> Option<Evidence> {
        let (nearest, above) = write.chain.split_first()?;
        let redacted = |cause: &Cause| Cause {
            url: self.redactor.url(&cause.url),
            ..cause.clone()
        };
        let shown: Vec<Cause> = [nearest].into_iter().chain(above).map(redacted).collect();
        (!above.is_empty()).then(|| Evidence {
            kind: "cause".to_owned(),
            at_ms: None,
            text: in_words(&shown),
            source: None,
        })
    }

    /// The place that wrote: the response, or the line and column at the top of the stack.
    fn writer(&self, writer: &Writer) -> Option<String> {
        match (writer.kind, writer.stack.first()) {
            (WriterKind::Script, Some(top)) => {
                let url = self.redactor.url(&top.url);
                Some(format!("{url}:{}:{}", top.line, top.column))
            }
            _ => writer.url.as_deref().map(|url| self.redactor.url(url)),
        }
    }

    /// A request that carried the cookie.
    pub(super) fn sent(&self, sent: &Sent) -> Evidence {
        Evidence {
            kind: "sent".to_owned(),
            at_ms: Some(sent.at_ms),
            text: format!("sent {}", sent.phase.in_words()),
            source: Some(self.redactor.url(&sent.url)),
        }
    }

    /// What the snapshot of a phase shows of an item.
    pub(super) fn present(&self, visit: &Visit, key: &ItemKey, phase: PhaseId) -> Evidence {
        let snapshot = visit.snapshot(phase);
        let shown = snapshot.and_then(|s| self.shown(s, key));
        let phase = phase.as_str();
        Evidence {
            kind: "present".to_owned(),
            at_ms: snapshot.map(|s| s.at_ms),
            text: match shown {
                Some(line) => format!("stored at the end of {phase}: {line}"),
                None => format!("not removed in {phase}"),
            },
            source: None,
        }
    }

    fn shown(&self, snapshot: &Snapshot, key: &ItemKey) -> Option<String> {
        if key.store == Store::Cookie {
            let cookie = snapshot.cookies.iter().find(|c| {
                c.name == key.name
                    && c.domain == key.place
                    && c.path == key.path
                    && c.partition == key.partition
            })?;
            let mut line = as_line(cookie, snapshot.clock);
            if !line.value.is_empty() {
                line.value = self.redactor.value(&line.value);
            }
            return Some(line.to_string());
        }
        let stored = snapshot.storage.iter().find(|s| {
            s.store == key.store
                && s.name == key.name
                && s.origin == key.place
                && s.partition == key.partition
        })?;
        Some(self.named(key, &stored.value))
    }

    /// A name with its value. Summaries hold names and numbers only and are shown as they are.
    fn named(&self, key: &ItemKey, value: &str) -> String {
        match (key.store.is_summarised(), value) {
            (true, "") => key.name.clone(),
            (true, summary) => format!("{}: {}", key.name, self.redactor.url(summary)),
            (false, value) => format!("{}={}", key.name, self.redactor.value(value)),
        }
    }

    /// The proof that an item was kept in a phase: the write, what the snapshot then shows, and the
    /// first request that carried it.
    pub(super) fn kept(
        &self,
        seen: &Sighting<'_>,
        story: &PhaseStory,
    ) -> (Evidence, Vec<Evidence>) {
        let item = seen.item;
        let key = &item.item.key;
        let in_phase = |w: &&Write| w.phase == story.phase;
        let write = item.item.writes.iter().find(in_phase);
        let sent = item.sent.iter().find(|s| s.phase == story.phase);
        let stored = || self.present(seen.visit.visit, key, story.phase);
        let mut all: Vec<Evidence> = Vec::new();
        all.extend(write.map(|w| self.write(key, w)));
        all.extend(write.and_then(|w| self.cause(w)));
        if story.presence == Presence::Present {
            all.push(stored());
        }
        all.extend(sent.map(|s| self.sent(s)));
        let mut all = all.into_iter();
        (all.next().unwrap_or_else(stored), all.collect())
    }

    /// What the profile says of an entry that is not exempt.
    pub(super) fn not_exempt(&self, entry: &Entry) -> Evidence {
        let mut what = entry.role.as_str().to_owned();
        match (&entry.sub_type, &entry.service) {
            (Some(sub_type), _) => what.push_str(&format!(" ({sub_type}) needs consent")),
            (None, Some(service)) if entry.role == Role::Essential => what.push_str(&format!(
                " needs consent before the visitor asks for {service}"
            )),
            _ => what.push_str(" needs consent"),
        }
        Evidence {
            kind: "profile".to_owned(),
            at_ms: None,
            text: format!("profile {}: {what}", self.profile.id),
            source: None,
        }
    }
}

/// The line that would store a cookie as the jar holds it.
fn as_line(cookie: &StoredCookie, clock: f64) -> SetCookie {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float cast saturates, and no lifetime is that long"
    )]
    let left = |end: f64| ((end - clock) / 60.0).round() as i64 * 60;
    SetCookie {
        name: cookie.name.clone(),
        value: cookie.value.clone(),
        domain: (!cookie.host_only).then(|| cookie.domain.clone()),
        path: Some(cookie.path.clone()),
        expires: None,
        max_age: cookie.expires.map(left),
        secure: cookie.secure,
        http_only: cookie.http_only,
        same_site: cookie.same_site,
        partitioned: cookie.partition.is_some(),
        value_traits: None,
    }
}

/// What the catalogue says of an item.
pub(super) fn catalogue(known: Known<'_>) -> Evidence {
    let entry = known.entry;
    let name = match known.alias {
        Some(alias) => format!("{} (documented as {alias})", entry.name.text),
        None => entry.name.text.clone(),
    };
    let mut text = format!("{name}: {}", entry.role.as_str());
    if let Some(claimed) = &entry.claimed_role {
        text.push_str(&format!(" (the vendor says \"{claimed}\")"));
    }
    if let Some(why) = &entry.why {
        text.push_str(": ");
        text.push_str(why);
    }
    catalogue_says(text, known.provider, entry)
}

/// Something in the catalogue, with its place.
pub(super) fn catalogue_says(text: String, provider: &Provider, entry: &Entry) -> Evidence {
    Evidence {
        kind: "catalogue".to_owned(),
        at_ms: None,
        text: format!("{}: {text}", provider.name),
        source: Some(entry.place.to_string()),
    }
}

/// One sentence of evidence without a time or a place.
pub(super) fn fact(kind: &str, text: String) -> Evidence {
    Evidence {
        kind: kind.to_owned(),
        at_ms: None,
        text,
        source: None,
    }
}

/// The other scenarios in which the same was seen; nothing if there are none.
pub(super) fn also_in(what: &str, scenarios: &[ScenarioId]) -> Option<Evidence> {
    if scenarios.is_empty() {
        return None;
    }
    let names: Vec<&str> = scenarios.iter().map(|s| s.as_str()).collect();
    Some(Evidence {
        kind: "present".to_owned(),
        at_ms: None,
        text: format!("{what} in scenario {} too", names.join(" and ")),
        source: None,
    })
}

/// What supports the state of the choice.
pub(super) fn choice(visit: &Visit) -> Vec<Evidence> {
    let piece = |text: &String| Evidence {
        kind: "choice".to_owned(),
        at_ms: visit.choice.at_ms,
        text: text.clone(),
        source: visit
            .choice
            .platform
            .as_ref()
            .map(|platform| format!("recipe {platform}")),
    };
    visit.choice.evidence.iter().map(piece).collect()
}
