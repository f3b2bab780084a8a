//! The command line, run as a user runs it. What needs a browser is in [`browsing`].

mod browsing;
mod config;
mod emulation;
mod http;
mod output;
mod readme;
mod rules;
mod usage;
