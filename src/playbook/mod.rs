//! What a shop's folder says, read and checked.

pub mod order_settings;
