//! What the API shows. Times are Unix milliseconds; ids are ours unless a name says otherwise.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::super::desk::{Item, PromiseView};
use super::line::Line;
use crate::decide::{OrderCard, order_card};
use crate::domain::{
    Classification, Happening, IntentId, Language, OrderLookup, OrderSummary, PrincipalId, Suggestion, Turn,
};
use crate::orders::mask_phones;
use crate::playbook::Playbook;
use crate::store::{ConversationRow, EpisodeRow, EventRow};

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
