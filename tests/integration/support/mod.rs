//! What several areas of the tests need.

pub(crate) mod sample;
