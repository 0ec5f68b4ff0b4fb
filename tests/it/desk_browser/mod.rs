//! The agents' desk in a real browser: what people see there, and what their keys do.

mod accept;
mod amend;
mod chats;
mod composing;
mod drafts;
mod guard;
pub mod language;
pub mod literal;
mod live;
mod narrow;
mod order;
mod policy;
mod promise;
mod race;
mod search;
mod speed;
pub mod stage;
