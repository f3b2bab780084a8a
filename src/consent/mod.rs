//! What consent banners, their buttons and their records mean. Pure: nothing here meets a page.
//!
//! [`recipe`] reads `rules/consent/`, [`words`] classifies button texts, [`record`] decodes what
//! platforms store about the visitor's choice, [`category`] tells what a part of it is for. [`script`]
//! is a user's own recipe for one site, and [`seed`] a record that a visitor arrives with.

pub mod category;
pub mod recipe;
pub mod record;
pub mod script;
pub mod seed;
pub mod words;
