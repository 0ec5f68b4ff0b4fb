//! What the API shows. Times are Unix milliseconds; ids are ours unless a name says otherwise.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::super::desk::{Item, PromiseView};
use crate::decide::{OrderCard, order_card};
use crate::domain::{
    At, Classification, Happening, IntentId, Language, OrderLookup, OrderSummary, PrincipalId, Suggestion, Turn,
};
use crate::orders::mask_phones;
use crate::playbook::Playbook;
use crate::store::{ConversationRow, EpisodeRow, EventRow, ReplyKind, ReplyRow, ReplyState};

/// An order, as values and as words.
#[derive(Serialize, ToSchema)]
pub(super) struct OrderView {
    /// The order summary.
    #[schema(value_type = Object)]
    pub(super) summary: OrderSummary,
    /// The same in words, one card a language of the shop.
    #[schema(value_type = Vec<Object>)]
    pub(super) cards: Vec<OrderCard>,
}

impl OrderView {
    pub(super) fn of(playbook: &Playbook, lookup: &OrderLookup) -> Option<Self> {
        Some(Self::one(playbook, lookup.one()?))
    }

    /// All that were found, the newest first.
    pub(super) fn all(playbook: &Playbook, lookup: &OrderLookup) -> Vec<Self> {
        match lookup {
            OrderLookup::One(order) => vec![Self::one(playbook, order)],
            OrderLookup::Several(orders) => orders.iter().map(|order| Self::one(playbook, order)).collect(),
            _ => Vec::new(),
        }
    }

    fn one(playbook: &Playbook, summary: &OrderSummary) -> Self {
        let languages = &playbook.settings.languages;
        let cards = languages.iter().map(|language| order_card(playbook, summary, *language)).collect();
        Self { summary: summary.clone(), cards }
    }
}

/// A conversation in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ConversationItem {
    /// Ours.
    id: String,
    /// bot, waiting, agent or closed.
    state: &'static str,
    /// Through which channel.
    channel: String,
    /// The platform's id.
    conversation_id: String,
    /// The platform's id.
    customer_id: String,
    /// As the platform shows it.
    customer_name: Option<String>,
    /// Who holds it.
    agent: Option<String>,
    /// Since when it waits.
    waiting_since: Option<i64>,
    /// low, normal or high.
    #[schema(value_type = String)]
    urgency: crate::domain::Urgency,
    /// In which queue.
    queue: Option<String>,
    /// When it last changed.
    updated_at: i64,
}

impl ConversationItem {
    /// `masked`: for somebody who is to see no phones.
    pub(super) fn of(row: &ConversationRow, masked: bool) -> Self {
        let shown = |text: &str| if masked { mask_phones(text) } else { text.to_owned() };
        Self {
            id: row.id.to_string(),
            state: row.state.phase.key(),
            channel: row.address.channel.to_string(),
            conversation_id: shown(row.address.conversation.as_str()),
            customer_id: shown(row.address.customer.as_str()),
            customer_name: row.customer.name.as_deref().map(shown),
            agent: row.state.holder.as_ref().map(ToString::to_string),
            waiting_since: row.state.waiting_since.map(|at| at.0),
            urgency: row.urgency,
            queue: row.queue.as_ref().map(ToString::to_string),
            updated_at: row.updated_at.0,
        }
    }
}

/// One line of a chat.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct Line {
    /// Ours: of the message or the reply.
    pub(super) id: String,
    /// customer, bot or agent:ID.
    pub(super) from: String,
    /// What a person is called.
    pub(super) name: Option<String>,
    /// What was said.
    pub(super) text: String,
    /// When.
    pub(super) at: i64,
    /// The turn that decided it, or that it led to.
    pub(super) turn_id: Option<String>,
    /// For replies: queued, sending, sent, cancelled, dead or unknown.
    pub(super) state: Option<&'static str>,
    /// Why a reply isn't there, or never will be, by language.
    #[schema(value_type = Object)]
    pub(super) why_not: Option<Value>,
    /// For replies: the key they are undone and recalled by.
    pub(super) reply_id: Option<String>,
    /// Until when its writer can undo it.
    pub(super) undo_until: Option<i64>,
    /// Until when its writer can ask the platform to take it back.
    pub(super) recall_until: Option<i64>,
    /// The platform was asked to take it back.
    pub(super) recalled: bool,
    /// What came with it.
    #[schema(value_type = Vec<Object>)]
    pub(super) attachments: Vec<crate::domain::Attachment>,
}

/// What decides whether words can be taken back, and what people are called.
pub(super) struct Taking<'a> {
    /// How long the channel can, in milliseconds; 0: it can't.
    pub(super) recall_ms: i64,
    pub(super) now: At,
    /// The replies that the platform was asked to take back.
    pub(super) recalled: BTreeSet<String>,
    pub(super) names: &'a BTreeMap<String, String>,
}

impl Line {
    /// A reply of the outbox; news for other desks is no line.
    pub(super) fn reply(row: &ReplyRow, taking: &Taking<'_>) -> Option<Self> {
        if row.reply.kind != ReplyKind::Reply {
            return None;
        }
        let data = row.reply.body.get("data")?;
        let text = data.get("text")?.as_str()?.to_owned();
        let from = row.reply.author.key();
        let key = row.reply.key.to_string();
        let recalled = taking.recalled.contains(&key);
        let is_held = row.state == ReplyState::Queued && row.attempts == 0 && row.due_at > taking.now;
        let recall_until = row.sent_at.map(|at| at.plus(taking.recall_ms)).filter(|until| *until > taking.now);
        Some(Self {
            id: key.clone(),
            name: from.strip_prefix("agent:").and_then(|id| taking.names.get(id)).cloned(),
            from,
            text,
            at: row.created_at.0,
            turn_id: data.get("turn_id").and_then(|id| id.as_str()).map(str::to_owned),
            state: Some(row.state.key()),
            why_not: row.last_error.as_deref().map(why_not),
            reply_id: Some(key),
            undo_until: is_held.then_some(row.due_at.0),
            recall_until: recall_until.filter(|_| !recalled).map(|at| at.0),
            recalled,
            attachments: data
                .get("attachments")
                .cloned()
                .and_then(|a| serde_json::from_value(a).ok())
                .unwrap_or_default(),
        })
    }
}

/// In both languages; what a platform said is told as it said it.
fn why_not(said: &str) -> Value {
    let zh = match said {
        "its writer took it back" => "已被撤销",
        "a person took the chat" => "人工接待了会话，机器人的话没有发出",
        "a person's word came first" => "人工先回复了，机器人的话没有发出",
        "it waited over 60 s" => "等了超过 60 秒，没有再发",
        "its sending was cut short; it may have arrived" => "发送中断，顾客可能收到了，也可能没有",
        "the channel is gone" => "渠道已不在店铺设置里",
        other => other,
    };
    json!({ "zh": zh, "en": said })
}

/// What somebody has to know of a request that nobody answered.
#[derive(Serialize, ToSchema)]
pub(super) struct OpenRequest {
    pub(super) intent: String,
    /// What it is called, by language.
    #[schema(value_type = Object)]
    title: BTreeMap<&'static str, String>,
}

impl OpenRequest {
    pub(super) fn of(playbook: &Playbook, intent: &IntentId) -> Self {
        let title = playbook.replies.get(intent).and_then(|replies| replies.title.as_ref());
        let said = |language: &Language| {
            let means = || playbook.intents.get(intent).map(|intent| intent.means.clone());
            Some((language.key(), title.map(|title| title.of(*language).to_owned()).or_else(means)?))
        };
        Self { intent: intent.to_string(), title: playbook.settings.languages.iter().filter_map(said).collect() }
    }
}

/// A word for colleagues.
#[derive(Serialize, ToSchema)]
pub(super) struct NoteView {
    by: String,
    name: Option<String>,
    text: String,
    at: i64,
}

impl NoteView {
    pub(super) fn of(row: &EventRow, names: &BTreeMap<String, String>) -> Option<Self> {
        let Happening::Noted { by, text } = &row.event.what else { return None };
        let name = names.get(by.as_str()).cloned();
        Some(Self { by: by.to_string(), name, text: text.clone(), at: row.event.at.0 })
    }
}

/// How it was passed on.
#[derive(Serialize, ToSchema)]
pub(super) struct TransferView {
    by: String,
    name: Option<String>,
    /// A person or a queue.
    to: String,
    note: String,
    at: i64,
}

impl TransferView {
    pub(super) fn of(row: &EventRow, names: &BTreeMap<String, String>) -> Option<Self> {
        let Happening::Transferred { by, to, note } = &row.event.what else { return None };
        let name = names.get(by.as_str()).cloned();
        let to = names.get(to).unwrap_or(to).clone();
        Some(Self { by: by.to_string(), name, to, note: note.clone(), at: row.event.at.0 })
    }
}

/// An earlier episode.
#[derive(Serialize, ToSchema)]
pub(super) struct EpisodeView {
    id: String,
    started_at: i64,
    closed_at: Option<i64>,
    closed_by: Option<String>,
    /// In the words of whoever closed it.
    reason: Option<String>,
}

impl EpisodeView {
    /// `events` are the conversation's.
    pub(super) fn of(row: EpisodeRow, events: &[EventRow]) -> Self {
        let reason = events.iter().rev().find_map(|event| match &event.event.what {
            Happening::Closed { reason, .. } if event.episode.as_ref() == Some(&row.id) => reason.clone(),
            _ => None,
        });
        Self {
            reason,
            id: row.id.to_string(),
            started_at: row.started_at.0,
            closed_at: row.closed_at.map(|at| at.0),
            closed_by: row.closed_by,
        }
    }
}

/// A turn in short: what was understood, what was done and why.
#[derive(Serialize, ToSchema)]
pub(super) struct TurnView {
    /// Ours.
    pub(super) id: String,
    /// When it was decided.
    pub(super) at: i64,
    /// answer, ask, hand_off or silent.
    pub(super) decision: &'static str,
    /// Where on the ladder.
    pub(super) rung: &'static str,
    /// The intents and how sure they are.
    pub(super) reason: String,
    /// In the reader's words, by language: why a person is needed.
    #[schema(value_type = Object)]
    pub(super) why: BTreeMap<&'static str, String>,
    /// What the intents are called, by intent and language.
    #[schema(value_type = Object)]
    pub(super) titles: BTreeMap<String, BTreeMap<&'static str, String>>,
    /// What the intents mean, in one sentence of their writer, by intent.
    pub(super) means: BTreeMap<String, String>,
    /// With evidence.
    #[schema(value_type = Object)]
    pub(super) understood: Classification,
}

impl TurnView {
    pub(super) fn of(playbook: &Playbook, turn: &Turn) -> Self {
        let decision = &turn.outcome.decision;
        let why = |language| {
            let key = format!("reason.{}", decision.rung.key());
            playbook.words.get(language, &key).map(str::to_owned)
        };
        let languages = playbook.settings.languages.iter();
        Self {
            id: turn.input.id.to_string(),
            at: turn.input.now.0,
            decision: decision.act.key(),
            rung: decision.rung.key(),
            reason: decision.reason.clone(),
            titles: titles(playbook, &turn.outcome.classification),
            means: means(playbook, &turn.outcome.classification),
            why: languages.filter_map(|language| Some((language.key(), why(*language)?))).collect(),
            understood: turn.outcome.classification.clone(),
        }
    }
}

/// Everything that was understood or considered.
fn considered(understood: &Classification) -> impl Iterator<Item = &IntentId> {
    let stood = understood.intents.iter().map(|candidate| &candidate.intent);
    stood.chain(understood.lost.iter().map(|lost| &lost.intent))
}

/// As the scripts' titles tell it.
pub(super) fn titles(
    playbook: &Playbook,
    understood: &Classification,
) -> BTreeMap<String, BTreeMap<&'static str, String>> {
    let title = |intent: &IntentId| {
        let title = playbook.replies.get(intent)?.title.as_ref()?;
        let languages = playbook.settings.languages.iter();
        let said = languages.map(|language| (language.key(), title.of(*language).to_owned()));
        Some((intent.to_string(), said.collect()))
    };
    considered(understood).filter_map(title).collect()
}

pub(super) fn means(playbook: &Playbook, understood: &Classification) -> BTreeMap<String, String> {
    let means = |intent: &IntentId| Some((intent.to_string(), playbook.intents.get(intent)?.means.clone()));
    considered(understood).filter_map(means).collect()
}

/// A conversation with all that a person needs to take it over.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConversationView {
    #[serde(flatten)]
    pub(super) item: Item,
    /// Who holds it.
    pub(super) agent: Option<String>,
    /// The platform's id.
    pub(super) customer_id: String,
    /// As the platform shows it.
    pub(super) customer_name: Option<String>,
    /// The chat, oldest first.
    pub(super) lines: Vec<Line>,
    /// Every turn, oldest first.
    pub(super) turns: Vec<TurnView>,
    /// For the last turn, the best first.
    #[schema(value_type = Vec<Object>)]
    pub(super) suggestions: Vec<Suggestion>,
    /// The order in question.
    pub(super) order: Option<OrderView>,
    /// What was asked and nobody answered.
    pub(super) open_requests: Vec<OpenRequest>,
    /// What colleagues left.
    pub(super) notes: Vec<NoteView>,
    /// How it was passed on.
    pub(super) transfers: Vec<TransferView>,
    /// Earlier ones, the newest first.
    pub(super) episodes: Vec<EpisodeView>,
    /// What was promised.
    pub(super) promises: Vec<PromiseView>,
    /// The shop's words that it is still being worked on, by language.
    #[schema(value_type = Object)]
    pub(super) interim: BTreeMap<&'static str, String>,
}

impl ConversationView {
    /// Takes what only the writer can do away from everybody else's words.
    pub(super) fn add_undo(&mut self, reader: &PrincipalId) {
        let own = format!("agent:{reader}");
        for line in self.lines.iter_mut().filter(|line| line.from != own) {
            line.undo_until = None;
            line.recall_until = None;
        }
    }

    /// For somebody who is to see no phones.
    pub(super) fn masked(mut self) -> Self {
        self.item = self.item.masked();
        self.customer_id = mask_phones(&self.customer_id);
        self.customer_name = self.customer_name.map(|name| mask_phones(&name));
        for line in &mut self.lines {
            line.text = mask_phones(&line.text);
            for attached in &mut line.attachments {
                attached.title = attached.title.take().map(|title| mask_phones(&title));
            }
        }
        self.promises = self.promises.into_iter().map(PromiseView::masked).collect();
        self.notes.iter_mut().for_each(|note| note.text = mask_phones(&note.text));
        self.transfers.iter_mut().for_each(|transfer| transfer.note = mask_phones(&transfer.note));
        self.suggestions.iter_mut().for_each(|suggestion| suggestion.text = mask_phones(&suggestion.text));
        for turn in &mut self.turns {
            turn.understood.slots.iter_mut().for_each(|slot| slot.value = mask_phones(&slot.value));
        }
        self
    }
}
