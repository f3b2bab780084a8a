//! What a real browser sees on the test sites: the product itself.

mod chains;
mod collect;
mod faults;
mod lifecycle;
mod more_scenarios;
mod scenarios;
mod sends;
mod signals;
