//! All integration tests in one binary, one module per area.

mod http;
mod reports;
mod support;
mod testsite;
