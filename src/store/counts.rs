//! Figures for the metrics page.

use super::Store;
use super::error::StoreError;
use super::outbox::ReplyState;
use crate::domain::{At, Phase};

/// How much there is of what, over all shops.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages that no turn has decided yet.
    pub undecided: i64,
    /// Since when the conversation that is due for longest has been.
    pub oldest_due: Option<At>,
    /// Outgoing messages that are queued, sending, dead or unknown.
    pub outbox: Vec<(ReplyState, i64)>,
    /// Conversations by who holds them.
    pub conversations: Vec<(Phase, i64)>,
}

impl Store {
    /// How many turns were decided, over all shops. Walks all of them.
    pub async fn turn_count(&self) -> Result<u64, StoreError> {
        let row = self.read().await?.row("SELECT COUNT(*) AS n FROM turn", &[]).await?;
        let turns: i64 = row.map_or(Ok(0), |row| row.get("n"))?;
        Ok(u64::try_from(turns).unwrap_or(0))
    }

    /// Counts. Walks indexes only, but every conversation: for once in some seconds.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let mut link = self.read().await?;
        let undecided =
            link.row("SELECT COUNT(*) AS n FROM inbound WHERE turn IS NULL AND kind = 'message'", &[]).await?;
        let due = link.row("SELECT MIN(due_at) AS due FROM conversation WHERE due_at IS NOT NULL", &[]).await?;
        let sql = "SELECT state, COUNT(*) AS n FROM outbox WHERE state IN ('queued', 'sending', 'dead', 'unknown') \
                   GROUP BY state ORDER BY state";
        let outbox = link.rows(sql, &[]).await?;
        let sql = "SELECT phase, COUNT(*) AS n FROM conversation GROUP BY phase ORDER BY phase";
        let conversations = link.rows(sql, &[]).await?;
        Ok(Counts {
            undecided: undecided.map_or(Ok(0), |row| row.get("n"))?,
            oldest_due: due.map_or(Ok(None), |row| row.maybe_at("due"))?,
            outbox: outbox
                .iter()
                .map(|row| Ok((row.word("state", ReplyState::parse)?, row.get("n")?)))
                .collect::<Result<_, StoreError>>()?,
            conversations: conversations
                .iter()
                .map(|row| Ok((row.word("phase", Phase::parse)?, row.get("n")?)))
                .collect::<Result<_, StoreError>>()?,
        })
    }
}
