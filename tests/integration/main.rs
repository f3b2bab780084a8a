//! All integration tests in one binary, one module per area.

mod browser;
mod catalogue;
mod checks;
mod cli;
mod consent;
mod http;
mod reports;
mod scan;
mod store;
mod support;
mod testsite;
mod tidy;
