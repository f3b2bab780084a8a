//! What a real browser sees on the test sites: the product itself.

mod collect;
mod emulation;
mod faults;
mod lifecycle;
mod more_scenarios;
mod scenarios;
