//! What keeps chats moving: notes and flags, chats given to whoever has room, back to waiting where their holder is gone,
//! and urgent where nobody comes.

use super::Store;
use super::conversation::{ConversationRow, conversation_sql};
use super::error::StoreError;
use super::event;
use super::link::Link;
use super::outbox;
use super::writer::Write;
use crate::domain::{At, ConversationId, Happening, Phase, PrincipalId, ShopId, Urgency};

/// What is done to a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upkeep {
    /// A word for colleagues.
    Note {
        /// Who.
        by: PrincipalId,
        /// What.
        text: String,
    },
    /// One of the shop's flags, or none.
    Flag {
        /// Who.
        by: PrincipalId,
        /// Which.
        flag: Option<String>,
    },
    /// A chat that waits goes to somebody who has room.
    Assign {
        /// To whom.
        to: PrincipalId,
    },
    /// A held chat waits again; nothing happens if its holder answered or changed meanwhile.
    Return {
        /// Who held it.
        from: PrincipalId,
        /// offline or silent.
        why: &'static str,
    },
    /// A chat that waits becomes urgent.
    Escalate,
}

struct Change {
    shop: ShopId,
    conversation: ConversationId,
    what: Upkeep,
    at: At,
}

impl Write for Change {
    /// `None`: no such conversation; false: it isn't as it was thought to be.
    type Answer = Option<bool>;

    async fn run(&self, link: &mut Link) -> Result<Option<bool>, StoreError> {
        let Some(mut row) = ConversationRow::lock(link, &self.shop, &self.conversation).await? else {
            return Ok(None);
        };
        let happening = match &self.what {
            Upkeep::Note { by, text } => Happening::Noted { by: by.clone(), text: text.clone() },
            Upkeep::Flag { flag, .. } if row.flag == *flag => return Ok(Some(true)),
            Upkeep::Flag { by, flag } => {
                row.flag.clone_from(flag);
                Happening::Flagged { by: by.clone(), flag: flag.clone() }
            }
            Upkeep::Assign { .. } | Upkeep::Escalate if row.state.phase != Phase::Waiting => return Ok(Some(false)),
            Upkeep::Assign { to } => {
                row.hold(to, self.at)?;
                outbox::cancel_queued(link, &row, "a person took the chat", self.at).await?;
                Happening::Assigned { to: to.clone() }
            }
            Upkeep::Escalate if row.urgency == Urgency::High => return Ok(Some(false)),
            Upkeep::Escalate => {
                row.urgency = Urgency::High;
                Happening::Escalated
            }
            Upkeep::Return { from, why } => {
                if row.state.holder.as_ref() != Some(from) || row.state.unanswered_since.is_none() {
                    return Ok(Some(false));
                }
                let asked = row.state.unanswered_since;
                row.go(Phase::Waiting, self.at)?;
                // Who waited for the holder doesn't start anew.
                row.state.waiting_since = asked.or(row.state.waiting_since);
                row.urgency = row.urgency.max(Urgency::High);
                row.begin_epoch();
                Happening::Returned { from: from.clone(), why: (*why).to_owned() }
            }
        };
        row.updated_at = row.updated_at.max(self.at);
        row.save(link).await?;
        event::note(link, row.place(), self.at, happening).await?;
        Ok(Some(true))
    }
}

/// The holder let the customer wait.
pub const SILENT: &str = "silent";
/// The holder's desk is gone.
pub const OFFLINE: &str = "offline";

impl Store {
    /// Does one of these things. `None`: no such conversation; false: it moved meanwhile and nothing was done.
    pub async fn keep_up(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
        what: Upkeep,
        at: At,
    ) -> Result<Option<bool>, StoreError> {
        self.write(Change { shop: shop.clone(), conversation: conversation.clone(), what, at }).await
    }

    /// Chats of any shop that have waited since before `since` and aren't urgent; 500 at most.
    pub async fn waiting_too_long(&self, since: At) -> Result<Vec<(ShopId, ConversationId)>, StoreError> {
        let sql = "SELECT shop, id FROM conversation WHERE phase = 'waiting' AND waiting_since <= $1 \
                   AND urgency <> 'high' ORDER BY waiting_since LIMIT 500";
        let rows = self.read().await?.rows(sql, &[since.into()]).await?;
        rows.iter().map(|row| Ok((row.id("shop")?, row.id("id")?))).collect()
    }

    /// Chats of any shop whose customers have waited since before `since` for somebody who sits at this desk; 500 at most.
    /// Who answers on a platform is heard of late, or not at all, and isn't hurried.
    pub async fn left_unanswered(&self, since: At) -> Result<Vec<ConversationRow>, StoreError> {
        let sql = conversation_sql!(
            "WHERE c.phase = 'agent' AND c.unanswered_since <= $1 AND EXISTS (SELECT 1 FROM membership m \
             JOIN presence r ON r.person = m.person WHERE m.shop = c.shop AND m.person = c.holder) \
             ORDER BY c.unanswered_since LIMIT 500"
        );
        let rows = self.read().await?.rows(sql, &[since.into()]).await?;
        rows.iter().map(ConversationRow::read).collect()
    }

    /// Chats of any shop with a question in them whose holders sat at the desk and weren't heard of since before `before`,
    /// or signed out; 500 at most.
    pub async fn left_behind(&self, before: At) -> Result<Vec<ConversationRow>, StoreError> {
        let sql = conversation_sql!(
            "JOIN presence r ON r.person = c.holder JOIN membership m ON m.person = c.holder AND m.shop = c.shop \
             WHERE c.phase = 'agent' AND c.unanswered_since IS NOT NULL AND (r.seen_at < $1 OR r.state = 'offline') \
             ORDER BY c.unanswered_since LIMIT 500"
        );
        let rows = self.read().await?.rows(sql, &[before.into()]).await?;
        rows.iter().map(ConversationRow::read).collect()
    }
}
