//! Reports compared: with one that was stored before ([`stored`], [`mod@diff`]), and with what somebody
//! decided to live with for a while ([`waiver`]).
//!
//! Items and findings are the same in two reports if the target, the place and the name are, and for
//! findings the check and the scenario as well. Values, times and wording do not count.

pub mod diff;
pub mod stored;
pub mod waiver;
