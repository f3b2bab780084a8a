//! The command line, run as a user runs it. What needs a browser is in [`browsing`].

mod browsing;
mod config;
mod emulation;
mod http;
mod known;
mod lists;
mod output;
mod policy;
mod readme;
mod rules;
mod runs;
mod usage;
