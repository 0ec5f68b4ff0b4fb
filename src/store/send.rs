//! The outbox's worker: claims what is due, asks once more just before it writes, and says what became of it.

use super::Store;
use super::commit::Committed;
use super::conversation::ConversationRow;
use super::episode;
use super::error::StoreError;
use super::event;
use super::link::Link;
use super::outbox::{Author, DeliveryMode, ReplyKind, ReplyRow, ReplyState, reply_sql};
use super::writer::Write;
use crate::domain::{Address, At, ConversationId, Happening, MINUTE, NodeId, Phase, ReplyKey, ShopId};

/// After this a reply of the bot is cancelled and the chat goes to a person.
const PATIENCE: i64 = MINUTE;

/// A message that this node is to send before its lease ends.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimedReply {
    /// Whose.
    pub shop: ShopId,
    /// Ours.
    pub conversation: ConversationId,
    /// Where to.
    pub address: Address,
    /// The idempotency key, the same at every attempt.
    pub key: ReplyKey,
    /// Words for the customer, or news for a desk.
    pub kind: ReplyKind,
    /// Whose words.
    pub author: Author,
    /// What the channel sends.
    pub body: serde_json::Value,
    /// Which attempt this is, from 1.
    pub attempts: i64,
    /// The epoch it was queued in.
    pub epoch: i64,
    /// What to do when it can't be known whether it went out.
    pub delivery: DeliveryMode,
    /// When it was queued.
    pub created_at: At,
}

/// What is to be done with a row that is due.
enum Verdict {
    Send,
    /// A person's word came first.
    Overtaken,
    /// Nobody wants it any more.
    TooLate,
    /// Its sending was cut short and it must not be sent twice.
    CutShort,
}

fn verdict(row: &ReplyRow, phase: Phase, epoch: i64, now: At) -> Verdict {
    if row.state == ReplyState::Sending && row.reply.delivery == DeliveryMode::AtMostOnce {
        return Verdict::CutShort;
    }
    if !row.is_automatic() {
        return Verdict::Send;
    }
    if phase == Phase::Agent || row.epoch < epoch {
        return Verdict::Overtaken;
    }
    if now.since(row.created_at) > PATIENCE { Verdict::TooLate } else { Verdict::Send }
}

struct ClaimReplies {
    node: NodeId,
    now: At,
    lease_ms: i64,
    limit: i64,
}

impl Write for ClaimReplies {
    type Answer = Vec<ClaimedReply>;

    async fn run(&self, link: &mut Link) -> Result<Self::Answer, StoreError> {
        let sql = reply_sql!(
            "c.channel AS to_channel, c.external_id AS to_conversation, c.customer_external AS to_customer, \
             c.phase AS now_phase, c.epoch AS now_epoch",
            "FROM outbox o JOIN conversation c ON c.shop = o.shop AND c.id = o.conversation \
             WHERE o.state IN ('queued', 'sending') AND o.due_at <= $1 AND (o.state = 'queued' OR o.lease_until <= $1) \
             AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.shop = o.shop AND b.conversation = o.conversation \
             AND b.seq < o.seq AND b.state IN ('queued', 'sending')) ORDER BY o.due_at LIMIT $2 {{skip o, c}}"
        );
        let rows = link.rows(sql, &[self.now.into(), self.limit.into()]).await?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in &rows {
            let reply = ReplyRow::read(row)?;
            let phase = row.word("now_phase", Phase::parse)?;
            match verdict(&reply, phase, row.get("now_epoch")?, self.now) {
                Verdict::Overtaken => cancel(link, &reply, "a person's word came first", self.now).await?,
                Verdict::TooLate => {
                    cancel(link, &reply, "it waited over 60 s", self.now).await?;
                    hand_over(link, &reply, self.now).await?;
                }
                Verdict::CutShort => {
                    let why = "its sending was cut short; it may have arrived";
                    fail(link, &reply, ReplyState::Unknown, why, self.now).await?;
                }
                Verdict::Send => {
                    let address = Address {
                        channel: row.id("to_channel")?,
                        conversation: row.id("to_conversation")?,
                        customer: row.id("to_customer")?,
                    };
                    claimed.push(self.lease(link, reply, address).await?);
                }
            }
        }
        Ok(claimed)
    }
}

impl ClaimReplies {
    async fn lease(&self, link: &mut Link, row: ReplyRow, address: Address) -> Result<ClaimedReply, StoreError> {
        link.execute(
            "UPDATE outbox SET state = 'sending', lease_node = $2, lease_until = $3, attempts = attempts + 1 \
             WHERE key = $1",
            &[(&row.reply.key).into(), (&self.node).into(), self.now.plus(self.lease_ms).into()],
        )
        .await?;
        Ok(ClaimedReply {
            shop: row.shop,
            conversation: row.conversation,
            address,
            key: row.reply.key,
            kind: row.reply.kind,
            author: row.reply.author,
            body: row.reply.body,
            attempts: row.attempts + 1,
            epoch: row.epoch,
            delivery: row.reply.delivery,
            created_at: row.created_at,
        })
    }
}

async fn cancel(link: &mut Link, row: &ReplyRow, why: &str, at: At) -> Result<(), StoreError> {
    settle(link, &row.reply.key, ReplyState::Cancelled, Some(why)).await?;
    let cancelled = Happening::ReplyCancelled { reply: row.reply.key.clone(), why: why.to_owned() };
    note(link, row, at, cancelled).await
}

/// It can't be delivered: that is an event, and a person has to look.
async fn fail(link: &mut Link, row: &ReplyRow, state: ReplyState, why: &str, at: At) -> Result<(), StoreError> {
    settle(link, &row.reply.key, state, Some(why)).await?;
    note(link, row, at, Happening::DeliveryFailed { reply: row.reply.key.clone(), why: why.to_owned() }).await?;
    match row.reply.kind {
        ReplyKind::Reply => hand_over(link, row, at).await,
        ReplyKind::HandedOff | ReplyKind::Recall => Ok(()),
    }
}

async fn settle(link: &mut Link, key: &ReplyKey, state: ReplyState, why: Option<&str>) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = $2, last_error = $3, lease_node = NULL, lease_until = NULL WHERE key = $1";
    link.execute(sql, &[key.into(), state.key().into(), why.into()]).await?;
    Ok(())
}

async fn hand_over(link: &mut Link, row: &ReplyRow, at: At) -> Result<(), StoreError> {
    if let Some(mut conversation) = ConversationRow::lock(link, &row.shop, &row.conversation).await? {
        conversation.hand_over_undelivered(at)?;
        conversation.save(link).await?;
    }
    Ok(())
}

async fn note(link: &mut Link, row: &ReplyRow, at: At, what: Happening) -> Result<(), StoreError> {
    let Some(mut conversation) = ConversationRow::lock(link, &row.shop, &row.conversation).await? else {
        return Ok(());
    };
    if row.epoch < conversation.epoch
        && let Some(episode) = episode::at(link, &conversation, row.created_at).await?
    {
        // The next one may have begun meanwhile.
        conversation.episode = episode;
    }
    event::note(link, conversation.place(), at, what).await
}

/// What became of an attempt.
enum Outcome {
    Sent,
    Retry { due_at: At, error: String },
    Failed { state: ReplyState, error: String, at: At },
}

struct Report {
    node: NodeId,
    key: ReplyKey,
    at: At,
    outcome: Outcome,
}

impl Write for Report {
    type Answer = Committed;

    async fn run(&self, link: &mut Link) -> Result<Committed, StoreError> {
        // Locked: another node may be settling the same row, whose lease lapsed.
        let sql = reply_sql!(
            "o.lease_node",
            "FROM outbox o JOIN conversation c ON c.shop = o.shop AND c.id = o.conversation \
             WHERE o.key = $1 {{lock o, c}}"
        );
        let Some(row) = link.row(sql, &[(&self.key).into()]).await? else { return Ok(Committed::Stale) };
        let lease: Option<NodeId> = row.maybe_id("lease_node")?;
        let reply = ReplyRow::read(&row)?;
        let ours = reply.state == ReplyState::Sending && lease.as_ref() == Some(&self.node);
        match &self.outcome {
            // That the platform took it is true, whoever says so and however late.
            Outcome::Sent if reply.state != ReplyState::Sent => {
                mark_sent(link, &reply, self.at).await?;
                Ok(Committed::Done)
            }
            Outcome::Retry { due_at, error } if ours => {
                settle(link, &self.key, ReplyState::Queued, Some(error)).await?;
                let sql = "UPDATE outbox SET due_at = $2 WHERE key = $1";
                link.execute(sql, &[(&self.key).into(), (*due_at).into()]).await?;
                Ok(Committed::Done)
            }
            Outcome::Failed { state, error, at } if ours => {
                fail(link, &reply, *state, error, *at).await?;
                Ok(Committed::Done)
            }
            _ => Ok(Committed::Stale),
        }
    }
}

/// The platform has it.
pub(super) async fn mark_sent(link: &mut Link, row: &ReplyRow, at: At) -> Result<(), StoreError> {
    settle(link, &row.reply.key, ReplyState::Sent, None).await?;
    let sql = "UPDATE outbox SET sent_at = $2 WHERE key = $1";
    link.execute(sql, &[(&row.reply.key).into(), at.into()]).await?;
    note(link, row, at, Happening::ReplySent { reply: row.reply.key.clone() }).await
}

impl Store {
    /// Leases up to `limit` messages that are due, of any shop, for `lease_ms` milliseconds; at most one a
    /// conversation. On the way it cancels replies of the bot that a person overtook or that waited over 60 s, and
    /// settles those whose lease lapsed.
    pub async fn claim_replies(&self, now: At, lease_ms: i64, limit: i64) -> Result<Vec<ClaimedReply>, StoreError> {
        self.write(ClaimReplies { node: self.node().clone(), now, lease_ms, limit }).await
    }

    /// Whether a claimed message may still be written to the platform: the lease is ours and lasts, and nobody took
    /// the chat from the bot. To be asked just before the write.
    pub async fn still_claimed(&self, key: &ReplyKey, now: At) -> Result<bool, StoreError> {
        let row = self
            .read()
            .await?
            .row(
                "SELECT o.key FROM outbox o JOIN conversation c ON c.shop = o.shop AND c.id = o.conversation \
                 WHERE o.key = $1 AND o.state = 'sending' AND o.lease_node = $2 AND o.lease_until > $3 \
                 AND (o.author <> 'bot' OR o.kind <> 'reply' OR (o.epoch = c.epoch AND c.phase <> 'agent'))",
                &[key.into(), self.node().into(), now.into()],
            )
            .await?;
        Ok(row.is_some())
    }

    /// The platform took it.
    pub async fn reply_sent(&self, key: &ReplyKey, at: At) -> Result<Committed, StoreError> {
        self.report(key, at, Outcome::Sent).await
    }

    /// It did not go out; try again at `due_at`. Stale if the lease isn't ours any more, here and below.
    pub async fn retry_reply(&self, key: &ReplyKey, due_at: At, error: &str) -> Result<Committed, StoreError> {
        self.report(key, due_at, Outcome::Retry { due_at, error: error.to_owned() }).await
    }

    /// The platform refused it for good: an event, and the chat waits for a person.
    pub async fn reply_dead(&self, key: &ReplyKey, error: &str, at: At) -> Result<Committed, StoreError> {
        self.report(key, at, Outcome::Failed { state: ReplyState::Dead, error: error.to_owned(), at }).await
    }

    /// It may have arrived, and must not be sent twice: an event, and the chat waits for a person.
    pub async fn reply_unknown(&self, key: &ReplyKey, error: &str, at: At) -> Result<Committed, StoreError> {
        self.report(key, at, Outcome::Failed { state: ReplyState::Unknown, error: error.to_owned(), at }).await
    }

    async fn report(&self, key: &ReplyKey, at: At, outcome: Outcome) -> Result<Committed, StoreError> {
        self.write(Report { node: self.node().clone(), key: key.clone(), at, outcome }).await
    }
}
