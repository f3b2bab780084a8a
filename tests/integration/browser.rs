//! What a real browser sees on the test sites: the product itself.

mod clocks;
mod collect;
mod faults;
mod kinds;
mod lifecycle;
mod scenarios;
