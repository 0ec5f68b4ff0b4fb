//! One worker sends what was decided, for the bot and for agents alike. It is the only one who speaks.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::channels::{self, Notice, Outgoing, SendOutcome};
use crate::domain::SECOND;
use crate::shops::{Clockwork, Shops};
use crate::store::{ClaimedReply, DeliveryMode, Store, StoreError};

/// Longer than one attempt may take, so that a lease lapses only when its node died.
const LEASE: i64 = 15 * SECOND;
const BATCH: i64 = 16;
const POLL: Duration = Duration::from_millis(100);

/// The worker's tools.
#[derive(Clone)]
pub struct Outbox {
    /// Where replies wait.
    pub store: Store,
    /// Whose channels send them.
    pub shops: Arc<Shops>,
    /// The clock.
    pub clockwork: Clockwork,
    /// Knocked at when something was queued.
    pub knock: Arc<Notify>,
}

impl Outbox {
    /// Works until it is told to stop; then finishes what it holds.
    pub async fn run(self, stop: CancellationToken) {
        let mut sending = JoinSet::new();
        while !stop.is_cancelled() {
            let claimed = match self.store.claim_replies(self.clockwork.now(), LEASE, BATCH).await {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::error!(%error, "the outbox can't be read");
                    Vec::new()
                }
            };
            let idle = claimed.is_empty();
            for reply in claimed {
                let outbox = self.clone();
                sending.spawn(async move {
                    let key = reply.key.clone();
                    if let Err(error) = outbox.send(reply).await {
                        tracing::error!(%error, reply = %key, "what became of a reply could not be stored");
                    }
                    // The next row of the conversation may go now.
                    outbox.knock.notify_one();
                });
            }
            while sending.try_join_next().is_some() {}
            if idle {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = self.knock.notified() => {}
                    () = tokio::time::sleep(POLL) => {}
                }
            }
        }
        while sending.join_next().await.is_some() {}
    }

    async fn send(&self, reply: ClaimedReply) -> Result<(), StoreError> {
        let channel = self.shops.get(&reply.shop).and_then(|shop| shop.channel(&reply.address.channel).cloned());
        let Some(channel) = channel else {
            return self.store.reply_dead(&reply.key, "the channel is gone", self.clockwork.now()).await.map(drop);
        };
        let Ok(notice) = serde_json::from_value::<Notice>(reply.body.clone()) else {
            return self.store.reply_dead(&reply.key, "the reply is unreadable", self.clockwork.now()).await.map(drop);
        };
        // A person may have taken the chat since it was claimed. (A pause between this look and the write remains.)
        let now = self.clockwork.now();
        if !self.store.still_claimed(&reply.key, now).await? {
            // Given back at once, to be cancelled: the takeover waits for it, and the person's own words behind it.
            return self.store.retry_reply(&reply.key, now, "a person's word came first").await.map(drop);
        }
        let outgoing = Outgoing { key: reply.key.clone(), notice };
        let outcome = channel.send(&outgoing, self.clockwork.now()).await;
        metrics::counter!("xiaoer_sends_total", "outcome" => word(&outcome)).increment(1);
        self.settle(&reply, outcome).await
    }

    async fn settle(&self, reply: &ClaimedReply, outcome: SendOutcome) -> Result<(), StoreError> {
        let now = self.clockwork.now();
        let settled = match outcome {
            SendOutcome::Sent => self.store.reply_sent(&reply.key, now).await?,
            SendOutcome::Final { why } => self.store.reply_dead(&reply.key, &why, now).await?,
            SendOutcome::Unknown { why } if reply.delivery == DeliveryMode::AtMostOnce => {
                self.store.reply_unknown(&reply.key, &why, now).await?
            }
            SendOutcome::Wait { millis: Some(millis), why } => {
                self.store.retry_reply(&reply.key, now.plus(millis), &why).await?
            }
            SendOutcome::Wait { millis: None, why } | SendOutcome::NotSent { why } | SendOutcome::Unknown { why } => {
                let attempts = u32::try_from(reply.attempts).unwrap_or(u32::MAX);
                match channels::next_attempt(attempts, jitter()) {
                    Some(wait) => self.store.retry_reply(&reply.key, now.plus(wait), &why).await?,
                    None => self.store.reply_dead(&reply.key, &why, now).await?,
                }
            }
        };
        tracing::debug!(reply = %reply.key, attempts = reply.attempts, ?settled, "a reply was settled");
        Ok(())
    }
}

/// 0 to 1, so that many retries don't come at once.
fn jitter() -> f64 {
    f64::from(getrandom::u32().unwrap_or_default()) / f64::from(u32::MAX)
}

fn word(outcome: &SendOutcome) -> &'static str {
    match outcome {
        SendOutcome::Sent => "sent",
        SendOutcome::Wait { .. } => "wait",
        SendOutcome::NotSent { .. } => "not_sent",
        SendOutcome::Unknown { .. } => "unknown",
        SendOutcome::Final { .. } => "final",
    }
}
