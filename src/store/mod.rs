//! What a scan leaves on disk, and how it is read again.
//!
//! [`recording`] holds one visit as lines of JSON, [`manifest`] names the files of a scan, [`har`] is for
//! other programs. Files are written beside their place and moved
//! into it whole, readable by their owner alone; what is read may come from anyone, so that its size
//! is bounded before anything is kept.

mod file;
pub mod har;
pub mod manifest;
pub mod recording;
pub mod screenshot;

pub use file::{WriteError, Written, prepare_folder};
