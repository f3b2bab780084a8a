//! What a real browser sees on the test sites: the product itself.

mod chains;
mod clocks;
mod collect;
mod emulation;
mod faults;
mod floods;
mod kinds;
mod lifecycle;
mod more_scenarios;
mod scenarios;
mod sends;
mod signals;
mod stores;
mod whole;
