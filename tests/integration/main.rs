//! All integration tests in one binary, one module per area.

mod checks;
mod reports;
mod support;
mod testsite;
