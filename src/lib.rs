//! `preconsent` tells whether a website stores things on a visitor's device before, against or
//! beyond the visitor's consent.
//!
//! # How it works
//!
//! A [`model::target::Target`] is visited once per [`model::scenario::ScenarioId`]: by a visitor who
//! does nothing, one who rejects and one who accepts, and on request by one who comes back, opens two
//! tabs, sends Global Privacy Control or asks for the chat. All of this may be done in several runs,
//! which are judged one by one and then together. An [`engine::Engine`] makes a visit and reports
//! what happened as [`model::observation::Observation`]s, and what was stored at the end of each
//! phase as [`model::snapshot::Snapshot`]s. Nothing after the engine meets the network:
//!
//! ```text
//! Target → Scenario → Observation* → Snapshot per phase → Visit      engine
//!        → ClassifiedVisit                                            classify, with the catalogue
//!        → Finding*                                                   check, with the profile
//!        → TargetReport → Report                                      scan
//!        → bytes                                                      report
//! ```
//!
//! A broken site is data (a [`model::fault::Fault`] on the visit, which makes the verdict
//! inconclusive); an `Err` means that the run itself could not happen. The verdict is part of the
//! report, so every format and the exit code say the same.
//!
//! # Layers
//!
//! | layer | imports | what it is |
//! |---|---|---|
//! | [`model`] | nothing of ours | plain data, the words of the project |
//! | [`yaml`] | model | reading YAML, and errors that show the place |
//! | [`catalogue`], [`consent`], [`profile`] | model, yaml | YAML rules, and what consent records and button texts mean |
//! | [`engine`] | model, consent | the only code that meets the network |
//! | [`compare`] | model, yaml, catalogue | stored reports, what differs between two, and waivers |
//! | [`classify`] | model, catalogue | a visit's observations folded into items and named |
//! | [`check`] | model, catalogue, profile, consent, classify | one file per check |
//! | [`report`] | model | one file per format |
//! | [`store`] | model | recordings on disk |
//! | [`scan`] | all above but report and store | one target from end to end |
//! | [`batch`] | model, engine, scan | many targets side by side, and lists of them |
//! | [`testsite`] | nothing of ours | the loopback web sites of `preconsent demo` and of the tests |
//!
//! `classify`, `check` and `report` are pure functions. Files are read and written where rules are
//! loaded, in the engine, in `store` and in the binary. `tests/integration/tidy.rs` keeps these rules.
//!
//! [`testsite`] is not part of the scanner. It is in the library because both the binary (for
//! `preconsent demo`) and the tests serve the same pages, and stands beside the layers: it imports
//! none of them, and only the binary imports it.

pub mod batch;
pub mod catalogue;
pub mod check;
pub mod classify;
pub mod compare;
pub mod consent;
pub mod engine;
pub mod model;
pub mod profile;
pub mod report;
pub mod scan;
pub mod store;
pub mod testsite;
pub mod yaml;
