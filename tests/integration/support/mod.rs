//! What several areas of the tests need.

pub(crate) mod browse;
pub(crate) mod command;
pub(crate) mod facts;
pub(crate) mod proxy;
pub(crate) mod sample;
pub(crate) mod seen;
pub(crate) mod visits;
