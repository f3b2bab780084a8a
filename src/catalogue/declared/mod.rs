//! What declarations say in the words of people: the headings of a table of cookies, lifetimes such
//! as "2 Jahre", categories such as "strictly necessary".
//!
//! The words are data, one file per language in `rules/declarations/` ([`Words`]); [`lifetime`] reads
//! lifetimes with them. What cannot be read is said to be so, and never guessed.

mod file;
pub mod lifetime;
mod words;

pub use self::words::{Column, Words};
