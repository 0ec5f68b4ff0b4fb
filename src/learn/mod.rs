//! Learns from old chats: groups of messages that say much the same, without anybody's personal data; scripts and intents
//! are proposed out of them, for a person to read. Takes texts, gives texts; reads no clock, no file and no database.

pub mod chat;
pub mod coverage;
pub mod draft;
pub mod form;
pub mod group;
pub mod kinds;
pub mod library;
pub mod mask;
pub mod refuse;
pub mod whose;
