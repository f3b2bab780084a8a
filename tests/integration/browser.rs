//! What a real browser sees on the test sites: the product itself.

mod collect;
mod faults;
mod floods;
mod lifecycle;
mod scenarios;
mod stores;
mod whole;
