//! The integration tests, in one binary; each module is an area.

mod testsite;
