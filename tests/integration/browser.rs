//! What a real browser sees on the test sites: the product itself.

mod chains;
mod collect;
mod faults;
mod floods;
mod lifecycle;
mod scenarios;
mod sends;
mod signals;
mod stores;
mod whole;
