//! The scripts people edit: read, checked file by file, merged over the layers, and frozen into one immutable [`Playbook`].

pub mod diagnostic;
pub mod encoding;
pub mod facts;
pub mod hours;
pub mod intent;
mod keys;
pub mod layer;
mod load;
pub mod mend;
pub mod order_settings;
pub mod product;
pub mod reply;
pub mod scan;
pub mod settings;
mod shape;
pub mod template;
pub mod tree;
pub mod words;

pub use load::{Loaded, Playbook};
