//! What a real browser sees on the test sites: the product itself.

mod chains;
mod clocks;
mod collect;
mod faults;
mod floods;
mod kinds;
mod lifecycle;
mod scenarios;
mod sends;
mod signals;
mod stores;
mod whole;
