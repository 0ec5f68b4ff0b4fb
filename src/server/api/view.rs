//! What the API shows. Times are Unix milliseconds; ids are ours unless a name says otherwise.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::decide::{OrderCard, order_card};
use crate::domain::{Classification, IntentId, OrderLookup, OrderSummary, Suggestion, Turn};
use crate::playbook::Playbook;
use crate::store::{ConversationRow, ReplyRow};

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
        let summary = lookup.one()?;
        let languages = &playbook.settings.languages;
        let cards = languages.iter().map(|language| order_card(playbook, summary, *language)).collect();
        Some(Self { summary: summary.clone(), cards })
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

impl From<&ConversationRow> for ConversationItem {
    fn from(row: &ConversationRow) -> Self {
        Self {
            id: row.id.to_string(),
            state: row.state.phase.key(),
            channel: row.address.channel.to_string(),
            conversation_id: row.address.conversation.to_string(),
            customer_id: row.address.customer.to_string(),
            customer_name: row.customer.name.clone(),
            agent: row.state.holder.as_ref().map(ToString::to_string),
            waiting_since: row.state.waiting_since.map(|at| at.0),
            urgency: row.urgency,
            queue: row.queue.as_ref().map(ToString::to_string),
            updated_at: row.updated_at.0,
        }
    }
}

/// One line of a chat.
#[derive(Serialize, ToSchema)]
pub(super) struct Line {
    /// customer, bot or agent:ID.
    pub(super) from: String,
    /// What was said.
    pub(super) text: String,
    /// When.
    pub(super) at: i64,
    /// The turn that decided it, or that it led to.
    pub(super) turn_id: Option<String>,
    /// For replies: queued, sending, sent, cancelled, dead or unknown.
    pub(super) state: Option<&'static str>,
    /// What came with it.
    #[schema(value_type = Vec<Object>)]
    pub(super) attachments: Vec<crate::domain::Attachment>,
}

impl Line {
    /// A reply of the outbox; news for other desks is no line.
    pub(super) fn reply(row: &ReplyRow) -> Option<Self> {
        let data = row.reply.body.get("data")?;
        let text = data.get("text")?.as_str()?.to_owned();
        Some(Self {
            from: row.reply.author.key(),
            text,
            at: row.created_at.0,
            turn_id: data.get("turn_id").and_then(|id| id.as_str()).map(str::to_owned),
            state: Some(row.state.key()),
            attachments: data
                .get("attachments")
                .cloned()
                .and_then(|a| serde_json::from_value(a).ok())
                .unwrap_or_default(),
        })
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
fn titles(playbook: &Playbook, understood: &Classification) -> BTreeMap<String, BTreeMap<&'static str, String>> {
    let title = |intent: &IntentId| {
        let title = playbook.replies.get(intent)?.title.as_ref()?;
        let languages = playbook.settings.languages.iter();
        let said = languages.map(|language| (language.key(), title.of(*language).to_owned()));
        Some((intent.to_string(), said.collect()))
    };
    considered(understood).filter_map(title).collect()
}

fn means(playbook: &Playbook, understood: &Classification) -> BTreeMap<String, String> {
    let means = |intent: &IntentId| Some((intent.to_string(), playbook.intents.get(intent)?.means.clone()));
    considered(understood).filter_map(means).collect()
}

/// A conversation with all that a person needs to take it over.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConversationView {
    #[serde(flatten)]
    pub(super) item: ConversationItem,
    /// The chat, oldest first.
    pub(super) lines: Vec<Line>,
    /// Every turn, oldest first.
    pub(super) turns: Vec<TurnView>,
    /// For the last turn, the best first.
    #[schema(value_type = Vec<Object>)]
    pub(super) suggestions: Vec<Suggestion>,
    /// The order in question.
    pub(super) order: Option<OrderView>,
}
