//! Helps a person reply: guards the words that go out. Takes `now` and ids as arguments; reads no clock and no database.

pub mod guard;
mod numerals;
mod pattern;
