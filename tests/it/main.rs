//! The integration tests: one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy allows these inside #[test] functions alone; the functions they call are tests too"
)]

mod api;
mod ask;
mod bad_input;
mod binary;
mod browser;
mod channels;
mod chromium;
mod confusions;
mod crash;
mod desk;
mod desk_browser;
mod documents;
mod embeddings;
mod eval;
mod fmt;
mod fsync;
mod init;
mod ladder;
mod layers;
mod learn;
mod library;
mod lint;
mod order_cards;
mod orders_down;
mod playbook_api;
mod postgres;
mod random_edits;
mod rates;
mod reload;
mod replay;
mod report;
mod report_browser;
mod road;
mod rooms;
mod schema;
mod scripts;
mod service;
mod simulate;
mod store_story;
mod takeover;
mod try_page;
mod typing;
mod versions;
