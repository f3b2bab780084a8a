//! What a real browser sees on the test sites: the product itself.

mod chains;
mod clocks;
mod collect;
mod faults;
mod kinds;
mod lifecycle;
mod scenarios;
mod sends;
mod signals;
