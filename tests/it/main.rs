//! The integration tests: one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy allows these inside #[test] functions alone; the functions they call are tests too"
)]

mod channels;
mod ladder;
mod postgres;
mod road;
mod rooms;
mod service;
mod store_story;
