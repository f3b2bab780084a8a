//! The Chrome DevTools Protocol, as thin as it gets: a transport that moves messages, a connection
//! that pairs replies with calls and hands on events with the session they came from, and lenient
//! structs for the few messages that are used.
//!
//! Existing crates lose events of cross-site frames and whole messages when a field changes; a
//! scanner that misses an event under-reports, so unknown messages and fields are never fatal here.

pub(crate) mod connection;
pub(crate) mod protocol;
mod surrogates;
pub(crate) mod traffic;
pub(crate) mod transport;

pub(crate) use connection::{CdpError, Connection, EventMessage, UNREADABLE};
pub(crate) use surrogates::mend;
