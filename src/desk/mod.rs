//! Helps a person reply: guards the words that go out, finds scripts. Takes `now` and ids as arguments; reads no clock and
//! no database.

mod clauses;
pub mod guard;
pub mod library;
mod numerals;
mod passive;
mod pattern;
mod squeeze;
