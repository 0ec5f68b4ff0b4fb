//! Xiaoer (小二): chatbot middleware and a reply-suggestion engine for online shops.

pub mod domain;
pub mod store;
