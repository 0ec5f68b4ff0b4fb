//! Every rung of the ladder as a conversation, in Chinese and in English.
//!
//! A conversation is a test of its own, and one of the suite: the suite must stand on every rung, and every turn of it
//! must decide the same when it is decided again.

/// Tests that are conversations, and the list of them.
macro_rules! conversations {
    ($($(#[$doc:meta])* fn $name:ident() $body:block)*) => {
        $($(#[$doc])* #[test] fn $name() $body)*

        /// Every conversation of this file.
        pub const ALL: &[fn()] = &[$($name,)*];
    };
}

mod answers;
mod moods;
mod people;
mod questions;
mod seasons;
mod suite;
mod talk;
mod whose;
