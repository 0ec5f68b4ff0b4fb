//! What an order source is asked, and how it fails.

use async_trait::async_trait;

use crate::domain::{At, Customer, Order, OrderNumber};

/// Where a shop keeps its orders. A source tells everything it knows to the desk, which decides what is shown.
#[async_trait]
pub trait OrderSource: Send + Sync {
    /// The order of that number. `None`: there is none.
    async fn by_number(&self, number: &OrderNumber, now: At) -> Result<Option<Order>, SourceDown>;

    /// The orders that the source keeps under this customer's id, phone or e-mail, in any order.
    async fn of_customer(&self, customer: &Customer, now: At) -> Result<Vec<Order>, SourceDown>;
}

/// Why a source has no answer. Nothing of a source's own words is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceDown {
    /// It took longer than it may.
    #[error("the order source did not answer in time")]
    Timeout,
    /// No connection, or one that broke.
    #[error("the order source cannot be reached")]
    Unreachable,
    /// It answered with a status that is no answer.
    #[error("the order source answered with status {0}")]
    Status(u16),
    /// It answered with more than is read.
    #[error("the order source's answer is too large")]
    TooLarge,
    /// Its answer can't be read; says which value, in our own words.
    #[error("the order source's answer cannot be read: {0}")]
    Garbage(String),
    /// It failed several times in a row and is left alone for a while.
    #[error("the order source failed several times and is not asked for a while")]
    Resting,
}
