//! What time alone brings about: words for those who wait, the end of quiet chats, the kill switch.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Inbox, is_waiting};
use crate::channels::{Author as Speaker, Notice, ReplyCreated};
use crate::domain::{Language, MINUTE, Mode, ReplyKey, SECOND};
use crate::playbook::Playbook;
use crate::shops::Shop;
use crate::store::{Author, Close, ConversationRow, NewReply, ReplyKind, StoreError};

const EVERY: Duration = Duration::from_millis(400);
/// Quiet chats are looked for shop by shop; nobody waits for their end.
const CLOSE_EVERY: Duration = Duration::from_secs(15);
/// Said first after a minute, then after three; then the urgency has to rise.
const WORDS: [(i64, &str); 2] = [(60 * SECOND, "after_60s"), (3 * MINUTE, "after_180s")];
/// Closed at once.
const BATCH: i64 = 200;

impl Inbox {
    pub(super) async fn keep_house(self, stop: CancellationToken) {
        let mut beat = tokio::time::interval(EVERY);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut slow_beat = tokio::time::interval(CLOSE_EVERY);
        slow_beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let done = tokio::select! {
                () = stop.cancelled() => return,
                _ = beat.tick() => self.look_after_modes_and_waiting().await,
                _ = slow_beat.tick() => {
                    self.prepare_campaigns();
                    self.close_the_quiet().await
                }
            };
            if let Err(error) = done {
                tracing::error!(%error, "housekeeping failed");
            }
        }
    }

    async fn look_after_modes_and_waiting(&self) -> Result<(), StoreError> {
        let modes = self.shops.refresh_modes(&self.store).await;
        self.comfort_the_waiting().await.and(modes)?;
        self.look_after_the_left().await
    }

    /// What a campaign brings is compiled before it begins, not in its first customer's turn.
    fn prepare_campaigns(&self) {
        let soon = self.clockwork.now().plus(10 * MINUTE);
        for shop in self.shops.all() {
            let engine = shop.engine();
            if !engine.playbook.campaigns.is_empty() {
                let _ = engine.at(soon);
            }
        }
    }

    async fn comfort_the_waiting(&self) -> Result<(), StoreError> {
        let now = self.clockwork.now();
        for row in self.store.waiting_conversations(now).await? {
            let Some(shop) = self.shops.get(&row.shop).filter(|_| is_waiting(&row.state)) else { continue };
            // A shop in shadow or suggest mode has its people's words alone.
            if self.shops.mode(&shop, &row.address.channel).0 != Mode::Auto {
                continue;
            }
            let waited = row.state.waiting_since.map_or(0, |since| now.since(since));
            let due = WORDS.iter().rposition(|(after, _)| waited >= *after);
            let Some(words) = due.filter(|words| *words >= usize::from(row.state.waiting_words)) else { continue };
            let number = u8::try_from(words + 1).unwrap_or(u8::MAX);
            let replies = self.waiting_reply(&shop, &row, WORDS[words].1).into_iter().collect();
            self.store.waiting_words_said(&row.shop, &row.id, number, replies, now).await?;
            self.outbox.notify_one();
        }
        Ok(())
    }

    /// The words, if the shop has some and people are there: at night the hand-off said when they are back.
    fn waiting_reply(&self, shop: &Shop, row: &ConversationRow, name: &str) -> Option<NewReply> {
        let engine = shop.engine();
        let (playbook, _) = engine.at(self.clockwork.now());
        if !playbook.settings.people_are_there(self.clockwork.now()) {
            return None;
        }
        let language = row.state.language.or(playbook.settings.languages.first().copied()).unwrap_or(Language::Zh);
        let id = Playbook::system("still_waiting");
        let text = playbook.replies.get(&id)?.named(language, name)?.fill(&mut |_| None).ok()?;
        let key: ReplyKey = self.clockwork.id();
        let notice = Notice::ReplyCreated(ReplyCreated {
            reply_id: key.clone(),
            conversation_id: row.address.conversation.clone(),
            customer_id: Some(row.address.customer.clone()),
            text,
            attachments: Vec::new(),
            author: Speaker::Bot,
            in_reply_to: Vec::new(),
            intents: vec![id],
            turn_id: None,
        });
        Some(NewReply {
            key,
            kind: ReplyKind::Reply,
            author: Author::Bot,
            body: serde_json::to_value(notice).unwrap_or_default(),
            delivery: shop.delivery(&row.address.channel),
            hold_ms: 0,
        })
    }

    async fn close_the_quiet(&self) -> Result<(), StoreError> {
        let now = self.clockwork.now();
        for shop in self.shops.all() {
            let quiet = now.plus(-shop.engine().playbook.settings.idle_close);
            for row in self.store.idle_conversations(&shop.id, quiet, BATCH).await? {
                let close = Close {
                    shop: row.shop,
                    conversation: row.id,
                    by: "idle".to_owned(),
                    reason: None,
                    last_words: Vec::new(),
                    only_from: None,
                    at: now,
                };
                match self.store.close_conversation(close).await {
                    // Somebody moved it a moment ago; it isn't quiet then.
                    Err(StoreError::IllegalMove { .. }) => {}
                    done => drop(done?),
                }
            }
        }
        Ok(())
    }
}
