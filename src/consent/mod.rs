//! What consent banners, their buttons and their records mean. Pure: nothing here meets a page.
//!
//! [`recipe`] reads `rules/consent/`, [`words`] classifies button texts, [`record`] decodes what
//! platforms store about the visitor's choice, [`category`] tells what a part of it is for.

pub mod category;
pub mod recipe;
pub mod record;
pub mod words;
