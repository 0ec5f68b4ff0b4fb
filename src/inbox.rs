//! One worker turns messages into turns: it waits for the end of a burst, runs the engine, and commits the turn with all
//! that follows from it. It decides nothing itself.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::channels::{Author as Speaker, HandedOff, Notice, ReplyCreated};
use crate::desk::guard;
use crate::domain::{
    Act, At, ConversationState, Event, ExternalId, Happening, Mode, Phase, PrincipalId, PromiseId, ReplyKey, SECOND,
    Turn, TurnInput, TurnOutcome,
};
use crate::engine::Engine;
use crate::shops::{Clockwork, Shop, Shops};
use crate::store::{
    Author, ClaimedConversation, CommitTurn, Committed, NewPromise, NewReply, ReplyKind, Store, StoreError,
};

mod giving;
mod housekeeping;
mod upkeep;

/// After a whole request the customer rarely adds to it.
pub const AFTER_A_REQUEST: i64 = SECOND;
/// After a greeting, a card or a fragment more is to come.
pub const AFTER_A_FRAGMENT: i64 = 2_500;
/// Nobody waits longer.
pub const WINDOW_AT_MOST: i64 = 4 * SECOND;

/// A claimed conversation is ours for so long; a node that dies holds it up no longer.
const LEASE: i64 = 12 * SECOND;
/// Claimed at once: a claim is one piece of the writer's work, and messages wait behind it.
const BATCH: i64 = 16;
/// Decided at once. Most of them wait for a slow order source, which costs nothing; if they were few, a crowd that asks
/// for its parcels would hold up everybody else.
const AT_ONCE: usize = 1024;
/// The store is asked so often even when nobody knocks.
const POLL: Duration = Duration::from_millis(100);

/// The worker's tools.
#[derive(Clone)]
pub struct Inbox {
    /// Where messages wait.
    pub store: Store,
    /// Who decides about them.
    pub shops: Arc<Shops>,
    /// The clock and the ids.
    pub clockwork: Clockwork,
    /// Knocked at when something was queued for the outbox.
    pub outbox: Arc<Notify>,
    /// When each person was last given a chat by this node.
    pub given: Arc<Mutex<HashMap<PrincipalId, At>>>,
    /// When this node began: nobody could answer or be heard of while none ran.
    pub began: At,
}

impl Inbox {
    /// Works until it is told to stop; then finishes what it holds.
    pub async fn run(self, stop: CancellationToken) {
        let mut working = JoinSet::new();
        let slots = Arc::new(Semaphore::new(AT_ONCE));
        let keeping = tokio::spawn(self.clone().keep_house(stop.clone()));
        while !stop.is_cancelled() {
            let claimed = match self.store.claim_conversations(self.clockwork.now(), LEASE, BATCH).await {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::error!(%error, "the inbox can't be read");
                    Vec::new()
                }
            };
            let idle = claimed.is_empty();
            for conversation in claimed {
                let (inbox, slots) = (self.clone(), slots.clone());
                working.spawn(async move {
                    let _slot = slots.acquire_owned().await;
                    inbox.turn(conversation).await;
                });
            }
            while working.try_join_next().is_some() {}
            if idle {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(POLL) => {}
                }
            }
        }
        while working.join_next().await.is_some() {}
        let _ = keeping.await;
    }

    async fn turn(&self, conversation: ClaimedConversation) {
        let (shop, id) = (conversation.shop.clone(), conversation.id.clone());
        if let Err(error) = self.decide(conversation).await {
            // The lease lapses and the conversation is taken up again.
            tracing::error!(%error, %shop, conversation = %id, "a turn could not be committed");
            metrics::counter!("xiaoer_turn_errors_total").increment(1);
        }
    }

    async fn decide(&self, claimed: ClaimedConversation) -> Result<(), StoreError> {
        let Some(shop) = self.shops.get(&claimed.shop) else {
            // A shop that isn't served here: its messages stay, and are decided once it is back.
            return self.store.postpone(&claimed.shop, &claimed.id, self.clockwork.now().plus(30 * SECOND)).await;
        };
        let engine = shop.engine();
        let window_end = window_end(&engine, &claimed, self.clockwork.now());
        if self.clockwork.now() < window_end {
            return self.store.postpone(&claimed.shop, &claimed.id, window_end).await;
        }
        let (mode, intent_modes) = self.shops.mode(&shop, &claimed.address.channel);
        let mut input = TurnInput {
            id: self.clockwork.id(),
            shop: claimed.shop.clone(),
            channel: claimed.address.channel.clone(),
            conversation: claimed.id.clone(),
            customer: claimed.customer.clone(),
            messages: claimed.messages.clone(),
            state: claimed.state.clone(),
            mode,
            intent_modes,
            neighbours: None,
            now: self.clockwork.now(),
        };
        let outcome = decided(&engine, &shop, &mut input).await;
        let commit = self.commit(&shop, &claimed, input, outcome, window_end);
        count(&commit.turn, mode, self.clockwork.now());
        let has_replies = !commit.replies.is_empty();
        match self.store.commit_turn(commit).await? {
            Committed::Done if has_replies => self.outbox.notify_one(),
            Committed::Done => {}
            // Somebody took the chat meanwhile: decided anew at once, under the new holder.
            Committed::Stale => self.store.postpone(&claimed.shop, &claimed.id, self.clockwork.now()).await?,
        }
        Ok(())
    }

    fn commit(
        &self,
        shop: &Shop,
        claimed: &ClaimedConversation,
        input: TurnInput,
        outcome: TurnOutcome,
        window_end: At,
    ) -> CommitTurn {
        let at = self.clockwork.now();
        let turn = Turn {
            episode: claimed.episode.clone(),
            seq: claimed.next_seq,
            window_end,
            window: window_end.since(claimed.first_pending_at),
            input,
            outcome,
        };
        let delivery = shop.delivery(&claimed.address.channel);
        let replies = notices(&turn, claimed, || self.clockwork.id()).into_iter().map(|(key, notice)| NewReply {
            key,
            kind: match notice {
                Notice::ReplyCreated(_) => ReplyKind::Reply,
                Notice::HandedOff(_) => ReplyKind::HandedOff,
                Notice::ReplyRecalled(_) => ReplyKind::Recall,
            },
            author: Author::Bot,
            body: serde_json::to_value(notice).unwrap_or_default(),
            delivery,
            hold_ms: 0,
        });
        let replies: Vec<NewReply> = replies.collect();
        let promises = promise(&turn, shop, || self.clockwork.id()).into_iter().collect();
        let words = replies.iter().find(|reply| reply.kind == ReplyKind::Reply).map(|reply| reply.key.clone());
        let mut events = events(&turn, words, at);
        events.extend(warnings(&turn, shop).map(|what| Event { at, what }));
        CommitTurn { events, replies, promises, epoch: claimed.epoch, at, turn }
    }
}

/// Decides; a defect of ours costs the customer an answer, not their place: the chat goes to a person.
async fn decided(engine: &Engine, shop: &Shop, input: &mut TurnInput) -> TurnOutcome {
    let deciding = AssertUnwindSafe(engine.decide_near(input, shop.orders(), shop.nearness()));
    let deciding = deciding.catch_unwind().await;
    deciding.unwrap_or_else(|_| {
        tracing::error!(turn = %input.id, conversation = %input.conversation, "deciding broke; a person gets the chat");
        TurnOutcome::without_decision(input, engine.playbook.hash.clone(), "internal error")
    })
}

/// When the gathering of this burst ends.
fn window_end(engine: &Engine, claimed: &ClaimedConversation, now: At) -> At {
    let is_whole = engine.is_whole(&claimed.messages, &claimed.state, now);
    let quiet = if is_whole { AFTER_A_REQUEST } else { AFTER_A_FRAGMENT };
    claimed.last_pending_at.plus(quiet).min(claimed.first_pending_at.plus(WINDOW_AT_MOST))
}

/// What goes out because of a turn: the words first, then the news for a desk that isn't ours.
fn notices(turn: &Turn, claimed: &ClaimedConversation, mut key: impl FnMut() -> ReplyKey) -> Vec<(ReplyKey, Notice)> {
    let mut out = Vec::new();
    let decision = &turn.outcome.decision;
    let in_reply_to: Vec<ExternalId> =
        turn.input.messages.iter().filter_map(|message| message.external_id.clone()).collect();
    if let Some(reply) = &decision.reply {
        let reply_id = key();
        let created = ReplyCreated {
            reply_id: reply_id.clone(),
            conversation_id: claimed.address.conversation.clone(),
            customer_id: Some(claimed.address.customer.clone()),
            text: reply.text.clone(),
            attachments: Vec::new(),
            author: Speaker::Bot,
            in_reply_to,
            intents: reply.parts.iter().map(|part| part.intent.clone()).collect(),
            turn_id: Some(turn.input.id.clone()),
        };
        out.push((reply_id, Notice::ReplyCreated(created)));
    }
    if decision.act == Act::HandOff {
        let handed_off = HandedOff {
            conversation_id: claimed.address.conversation.clone(),
            customer_id: Some(claimed.address.customer.clone()),
            reason: decision.rung.key().to_owned(),
            urgency: decision.urgency,
            queue: decision.queue.clone().unwrap_or_else(|| "default".into()),
            turn_id: turn.input.id.clone(),
            suggestions: turn.outcome.suggestions.clone(),
            order: turn.outcome.orders.lookup.one().cloned(),
        };
        out.push((key(), Notice::HandedOff(Box::new(handed_off))));
    }
    out
}

/// What happened with a turn.
fn events(turn: &Turn, reply: Option<ReplyKey>, at: At) -> Vec<Event> {
    let decision = &turn.outcome.decision;
    let decided = Happening::TurnDecided { turn: turn.input.id.clone(), act: decision.act, rung: decision.rung, reply };
    let mut events = vec![Event { at, what: decided }];
    if decision.act == Act::HandOff {
        let queue = decision.queue.as_ref().map_or_else(|| "default".to_owned(), ToString::to_string);
        let what = Happening::HandedOff { rung: decision.rung, urgency: decision.urgency, queue };
        events.push(Event { at, what });
    }
    events
}

/// What the guard says of the bot's words; what it blocks never comes so far.
fn warnings(turn: &Turn, shop: &Shop) -> impl Iterator<Item = Happening> {
    let text = turn.outcome.decision.reply.as_ref().map(|reply| reply.text.as_str()).unwrap_or_default();
    let found = guard::findings(text, &shop.engine().playbook.settings, guard::Speaker::Bot);
    // Addresses in approved words are the shop's own, unless it blocks them.
    let found = found.into_iter().filter(|finding| finding.rule != guard::Rule::OffListLinks);
    found.map(|finding| Happening::Guarded {
        by: "bot".to_owned(),
        rule: finding.rule.key().to_owned(),
        said: finding.said,
        sent: true,
    })
}

/// Out of hours the hand-off's words promise an answer once people are back.
fn promise(turn: &Turn, shop: &Shop, id: impl FnOnce() -> PromiseId) -> Option<NewPromise> {
    let reply = turn.outcome.decision.reply.as_ref()?;
    reply.parts.iter().find(|part| part.intent.as_str() == "system/handed_off_closed")?;
    let engine = shop.engine();
    let settings = &engine.playbook.settings;
    let due = settings.human_hours.as_ref()?.next_opening(turn.input.now, &settings.time_zone);
    Some(NewPromise { id: id(), what: reply.text.clone(), due, owner: None, by: "bot".to_owned() })
}

fn count(turn: &Turn, mode: Mode, now: At) {
    let decision = &turn.outcome.decision;
    let labels = [
        ("shop", turn.input.shop.to_string()),
        ("act", decision.act.key().to_owned()),
        ("rung", decision.rung.key().to_owned()),
        ("mode", mode.key().to_owned()),
    ];
    metrics::counter!("xiaoer_turns_total", &labels).increment(1);
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of one turn")]
    metrics::histogram!("xiaoer_turn_seconds").record(now.since(turn.window_end).max(0) as f64 / 1000.0);
}

/// Whether people could still hear words about waiting.
fn is_waiting(state: &ConversationState) -> bool {
    state.phase == Phase::Waiting
}
