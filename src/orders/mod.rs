//! Where orders come from, who may see which, and the one summary that everyone reads.
//!
//! A source tells all it knows of an order; the desk shows it to whom it belongs and to nobody else; the summary says
//! where it stands and hides what need not be shown. What is said about it stands in the playbook.

mod desk;
mod file;
mod file_form;
mod http;
mod mask;
mod regions;
mod rules;
mod source;
mod summary;
mod theirs;
mod update;
mod values;

pub use desk::{OrderAsk, OrderDesk};
pub use file::{FileSource, OrdersFileError};
pub use http::{HttpOrdersError, HttpSource};
pub use mask::mask_phones;
pub use rules::{Rules, ShopRules};
pub use source::{OrderSource, SourceDown};
pub use summary::{SummaryRules, summarise};
pub use update::overlay;
