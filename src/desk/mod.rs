//! Helps a person reply: guards the words that go out, finds scripts, reads times in promises, shares out chats.
//! Takes `now` and ids as arguments; reads no clock and no database.

mod clauses;
pub mod due;
pub mod guard;
pub mod library;
mod numerals;
mod passive;
mod pattern;
pub mod share_out;
mod squeeze;
