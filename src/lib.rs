//! Xiaoer (小二): chatbot middleware and a reply-suggestion engine for online shops.
//!
//! The rooms, each importing only those above it: [`domain`], [`text`], [`playbook`], [`classify`], [`decide`],
//! [`desk`], [`check`], [`learn`], [`breaker`], [`orders`] and [`nearness`], [`engine`] (the path of a turn),
//! [`channels`], [`store`], [`replay`], [`shops`], [`inbox`] and [`outbox`], [`report`],
//! [`server`], and [`cli`] with [`app`] at the bottom.

pub mod app;
pub mod breaker;
pub mod channels;
pub mod check;
pub mod classify;
pub mod cli;
pub mod decide;
pub mod desk;
pub mod domain;
pub mod engine;
pub mod inbox;
pub mod learn;
pub mod nearness;
pub mod orders;
pub mod outbox;
pub mod playbook;
pub mod replay;
pub mod report;
pub mod server;
pub mod shops;
pub mod store;
pub mod text;
