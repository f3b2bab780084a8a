//! What a page said about consent in each phase of a visit: its own interfaces at the end of the
//! phase, then the parameters of its requests.

use crate::model::observation::Event;
use crate::model::redact::Redactor;
use crate::model::signal::{PhaseSignal, Signal, of_request};
use crate::model::visit::Visit;

/// So many signals of a visit are told.
const MAX_SIGNALS: usize = 500;

/// All signals of a visit by phase; of requests, each different one once in a phase.
pub(super) fn signals(visit: &Visit, redactor: &Redactor) -> Vec<PhaseSignal> {
    let mut all: Vec<PhaseSignal> = Vec::new();
    for snapshot in &visit.snapshots {
        all.extend(snapshot.signals.iter().map(|signal| PhaseSignal {
            phase: snapshot.phase,
            signal: presentable(signal, redactor),
        }));
    }
    for observation in &visit.observations {
        let Event::Request(request) = &observation.event else {
            continue;
        };
        for signal in of_request(&request.url) {
            let phase = observation.phase;
            let told = PhaseSignal { phase, signal };
            if all.len() < MAX_SIGNALS && !all.contains(&told) {
                all.push(told);
            }
        }
    }
    all.truncate(MAX_SIGNALS);
    all.sort_by_key(|told| told.phase);
    all
}

/// Records of consent are values like others.
fn presentable(signal: &Signal, redactor: &Redactor) -> Signal {
    let mut shown = signal.clone();
    if signal.is_record() {
        shown.value = redactor.value(&signal.value);
    }
    shown
}
