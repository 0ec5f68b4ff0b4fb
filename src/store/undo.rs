//! Taking a person's words back: before they went out, and where the platform can, after.

use super::Store;
use super::conversation::ConversationRow;
use super::error::StoreError;
use super::event;
use super::link::Link;
use super::outbox::{self, NewReply, ReplyRow, ReplyState, reply_sql};
use super::writer::Write;
use crate::domain::{At, ConversationId, Happening, PrincipalId, ReplyKey, ShopId};

/// What came of taking words back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenBack {
    /// They won't go out, or the platform is asked.
    Done,
    /// They are on their way, or were taken back before.
    TooLate,
}

enum Way {
    /// They were not sent yet.
    Cancel,
    /// The platform is asked by this.
    Recall(NewReply),
}

struct TakeBack {
    shop: ShopId,
    conversation: ConversationId,
    by: PrincipalId,
    reply: ReplyKey,
    way: Way,
    at: At,
}

impl Write for TakeBack {
    type Answer = Option<TakenBack>;

    async fn run(&self, link: &mut Link) -> Result<Option<TakenBack>, StoreError> {
        let Some(mut conversation) = ConversationRow::lock(link, &self.shop, &self.conversation).await? else {
            return Ok(None);
        };
        let sql = reply_sql!("FROM outbox o WHERE o.shop = $1 AND o.conversation = $2 AND o.key = $3");
        let row = link.row(sql, &[(&self.shop).into(), (&self.conversation).into(), (&self.reply).into()]).await?;
        let Some(row) = row.map(|row| ReplyRow::read(&row)).transpose()? else { return Ok(None) };
        if row.reply.author.key() != format!("agent:{}", self.by) {
            return Ok(None);
        }
        let happening = match &self.way {
            Way::Cancel => {
                let sql = "UPDATE outbox SET state = 'cancelled', last_error = $2 WHERE key = $1 AND state = 'queued' \
                           AND attempts = 0";
                let why = "its writer took it back";
                if link.execute(sql, &[(&self.reply).into(), why.into()]).await? == 0 {
                    return Ok(Some(TakenBack::TooLate));
                }
                if conversation.state.answered_at == Some(row.created_at) {
                    conversation.state.unanswered_since = conversation.state.answered_from;
                }
                Happening::ReplyCancelled { reply: self.reply.clone(), why: why.to_owned() }
            }
            Way::Recall(_) if row.state != ReplyState::Sent || recalled(link, self).await? => {
                return Ok(Some(TakenBack::TooLate));
            }
            Way::Recall(notice) => {
                outbox::queue(link, &mut conversation, std::slice::from_ref(notice), self.at).await?;
                Happening::ReplyRecalled { by: self.by.clone(), reply: self.reply.clone() }
            }
        };
        event::note(link, conversation.place(), self.at, happening).await?;
        conversation.updated_at = self.at;
        conversation.save(link).await?;
        Ok(Some(TakenBack::Done))
    }
}

async fn recalled(link: &mut Link, this: &TakeBack) -> Result<bool, StoreError> {
    let sql = "SELECT body FROM event WHERE shop = $1 AND conversation = $2 AND type = 'reply_recalled'";
    let rows = link.rows(sql, &[(&this.shop).into(), (&this.conversation).into()]).await?;
    for row in rows {
        let body: serde_json::Value = row.json("body")?;
        if body.get("reply").and_then(|reply| reply.as_str()) == Some(this.reply.as_str()) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Store {
    /// Keeps a person's words from going out, if they didn't. `None`: no such words of theirs.
    pub async fn undo_reply(
        &self,
        shop: &ShopId,
        conversation: &ConversationId,
        by: &PrincipalId,
        reply: &ReplyKey,
        at: At,
    ) -> Result<Option<TakenBack>, StoreError> {
        self.take_back((shop, conversation), by, reply, Way::Cancel, at).await
    }

    /// Queues the wish that the platform take a person's words back. `None`: no such words of theirs.
    pub async fn recall_reply(
        &self,
        (shop, conversation): (&ShopId, &ConversationId),
        by: &PrincipalId,
        reply: &ReplyKey,
        notice: NewReply,
        at: At,
    ) -> Result<Option<TakenBack>, StoreError> {
        self.take_back((shop, conversation), by, reply, Way::Recall(notice), at).await
    }

    async fn take_back(
        &self,
        (shop, conversation): (&ShopId, &ConversationId),
        by: &PrincipalId,
        reply: &ReplyKey,
        way: Way,
        at: At,
    ) -> Result<Option<TakenBack>, StoreError> {
        let (shop, conversation) = (shop.clone(), conversation.clone());
        self.write(TakeBack { shop, conversation, by: by.clone(), reply: reply.clone(), way, at }).await
    }
}
