//! Tests of making choices: the page's script, whole choices on test pages, and the platforms.

mod categories;
mod choices;
mod dismissal;
mod dom;
mod hosted;
mod platforms;
