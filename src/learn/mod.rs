//! Learns from old chats: groups of messages that say much the same, without anybody's personal data; scripts and intents
//! are proposed out of them, for a person to read. Takes texts, gives texts; reads no clock, no file and no database.

pub mod form;
pub mod group;
pub mod mask;
