//! Xiaoer (小二): chatbot middleware and a reply-suggestion engine for online shops.

pub mod classify;
pub mod domain;
pub mod text;
