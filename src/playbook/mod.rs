//! The scripts people edit: read, checked file by file, merged over the layers, and frozen into one immutable [`Playbook`].

pub mod campaign;
pub mod diagnostic;
pub mod embeddings;
pub mod encoding;
pub mod facts;
pub mod format;
pub mod hours;
pub mod intent;
pub mod kept;
mod keys;
pub mod layer;
mod load;
pub mod mend;
pub mod order_settings;
pub mod places;
pub mod product;
pub mod promises;
pub mod reply;
pub mod scan;
pub mod schema;
pub mod secret;
mod section;
pub mod settings;
mod shape;
pub mod shelf;
pub mod sizes;
pub mod template;
pub mod tree;
pub mod words;

pub use load::{Digest, Loaded, Playbook};
