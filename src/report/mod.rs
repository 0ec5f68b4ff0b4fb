//! Episodes and their rates, counted from turns and events.
//!
//! An episode's **facts** are a fold over its events, in the order of their numbers: `fold.rs`. They are kept in the store
//! as a projection (`follow.rs`), which a rebuild gives exactly, and read into memory by the shop (`cabinet.rs`). What
//! depends on the day of asking is never kept: whether an answer lasted for 72 hours is found when a report is made
//! (`lasting.rs`, `counts.rs`). Whatever a report counts, it can show the episodes of.

mod cabinet;
pub mod chart;
mod counts;
mod episode;
mod facts;
mod filter;
mod fold;
mod follow;
mod lasting;
mod ledger;
mod made;
mod names;
mod sample;
mod times;
mod turn;
mod under_way;
mod view;

pub use cabinet::{Cabinet, Shelf};
pub use counts::{Figures, Hours};
pub use facts::{By, Facts, HandOff, Looked, PersonReply, Run, SetFacts, TurnFacts};
pub use filter::{Cut, Filter};
pub use follow::Follower;
pub use lasting::{Lasting, USUAL_HOURS};
pub use ledger::{Cause, Entry, Wrong, ledger};
pub use made::{Group, Report, Wanted};
pub use names::{Count, Rate};
pub use sample::{Answer, SAMPLE, Sample, Week};
pub use times::Times;
pub use view::{FiguresView, RateView, TimesView, interval};
