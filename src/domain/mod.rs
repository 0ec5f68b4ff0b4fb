//! The nouns of the shop floor as plain types. Nothing here does I/O, reads a clock or imports another room.

mod classification;
mod conversation;
mod decision;
mod event;
mod ids;
mod intent;
mod judgement;
mod language;
mod message;
mod order;
mod period;
mod principal;
mod situation;
mod summary;
mod time;
mod turn;

pub use classification::*;
pub use conversation::*;
pub use decision::*;
pub use event::*;
pub use ids::*;
pub use intent::*;
pub use judgement::*;
pub use language::*;
pub use message::*;
pub use order::*;
pub use period::*;
pub use principal::*;
pub use situation::*;
pub use summary::*;
pub use time::*;
pub use turn::*;
