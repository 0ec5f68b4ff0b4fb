//! Xiaoer (小二): chatbot middleware and a reply-suggestion engine for online shops.
//!
//! The rooms, each importing only those above it: [`domain`], [`text`], [`playbook`], [`classify`], [`decide`],
//! [`orders`], [`engine`] (the path of a turn), [`channels`], [`store`], and the service around them.

pub mod classify;
pub mod decide;
pub mod channels;
pub mod domain;
pub mod engine;
pub mod playbook;
pub mod text;
