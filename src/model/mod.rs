//! The words of the project as plain data: no I/O, no imports from other layers.
//!
//! Every other layer speaks in these types. [`observation::Observation`] is the seam: an engine
//! produces observations and snapshots, everything after it is a pure function of them, so a
//! recorded [`visit::Visit`] can be judged again without a network.

pub mod chain;
pub mod choice;
pub mod cookie;
pub mod cookie_date;
pub mod cookie_rules;
pub mod coverage;
pub mod digest;
pub mod duration;
pub mod fault;
pub mod finding;
pub mod item;
pub(crate) mod key;
pub mod observation;
pub mod redact;
pub mod report;
pub mod role;
pub mod runs;
pub mod scenario;
pub mod seal;
pub mod sealed;
pub mod sent;
mod set_cookie;
pub mod signal;
pub mod site;
pub mod snapshot;
pub mod target;
pub mod visit;
