//! What a real browser sees on the test sites: the product itself.

mod chains;
mod collect;
mod faults;
mod lifecycle;
mod scenarios;
mod sends;
mod signals;
