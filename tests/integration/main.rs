//! All integration tests in one binary, one module per area.

mod reports;
mod support;
mod testsite;
