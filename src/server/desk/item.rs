//! A chat as the desk's queue shows it.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::session::Person;
use crate::domain::{BuyerStage, Phase, PrincipalId, Role, Urgency};
use crate::orders::mask_phones;
use crate::playbook::Playbook;
use crate::store::QueueRow;

/// The queue of chats about money that goes back.
const AFTER_SALES: &str = "after_sales";
/// So much of the last line is shown, in characters.
const SHOWN: usize = 120;

/// Somebody by id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(in super::super) struct PersonView {
    pub(in super::super) id: String,
    pub(in super::super) name: Option<String>,
}

impl PersonView {
    /// For somebody who is to see no phones.
    pub(super) fn masked(self) -> Self {
        Self { id: mask_phones(&self.id), name: self.name.map(|name| mask_phones(&name)) }
    }
}

/// What was said last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Last {
    /// customer, bot or agent.
    from: &'static str,
    text: String,
    at: i64,
}

/// A chat in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(in super::super) struct Item {
    /// Ours.
    id: String,
    shop: String,
    channel: String,
    /// The platform's.
    conversation_id: String,
    customer: PersonView,
    /// bot, waiting, agent or closed.
    state: &'static str,
    holder: Option<PersonView>,
    waiting_since: Option<i64>,
    /// Since when the customer waits for an answer.
    since: Option<i64>,
    #[schema(value_type = String)]
    urgency: Urgency,
    queue: Option<String>,
    /// no_order, unpaid, paid, after_sales or other.
    tab: &'static str,
    flag: Option<String>,
    last: Option<Last>,
    /// The customer's messages that wait for an answer.
    unread: i64,
    /// Why it was handed off, by language.
    #[schema(value_type = Object)]
    why: BTreeMap<&'static str, String>,
    /// The same as a rung of the ladder.
    rung: Option<&'static str>,
    /// When the first open promise in it is due.
    promise_due: Option<i64>,
    updated_at: i64,
}

impl Item {
    pub(in super::super) fn of(playbook: &Playbook, queued: &QueueRow) -> Self {
        let row = &queued.row;
        let state = &row.state;
        let rung = queued.rung.map(crate::domain::Rung::key);
        let why = |language| {
            let text = playbook.words.get(language, &format!("reason.{}", rung?))?;
            Some((language.key(), text.to_owned()))
        };
        let holder = state.holder.as_ref();
        Self {
            id: row.id.to_string(),
            shop: row.shop.to_string(),
            channel: row.address.channel.to_string(),
            conversation_id: row.address.conversation.to_string(),
            customer: PersonView { id: row.address.customer.to_string(), name: row.customer.name.clone() },
            state: state.phase.key(),
            holder: holder.map(|id| PersonView { id: id.to_string(), name: queued.holder_name.clone() }),
            waiting_since: state.waiting_since.map(|at| at.0),
            since: state.waiting_since.or(state.unanswered_since).map(|at| at.0),
            urgency: row.urgency,
            queue: row.queue.as_ref().map(ToString::to_string),
            tab: tab(state.stage, row.queue.as_ref().map(crate::domain::QueueName::as_str)),
            flag: row.flag.clone(),
            last: last(queued),
            unread: queued.unread,
            why: playbook.settings.languages.iter().filter_map(|language| why(*language)).collect(),
            rung,
            promise_due: queued.promise_due.map(|at| at.0),
            updated_at: row.updated_at.0,
        }
    }

    /// For somebody who is to see no phones.
    pub(in super::super) fn masked(mut self) -> Self {
        if let Some(last) = &mut self.last {
            last.text = mask_phones(&last.text);
        }
        self.customer = self.customer.masked();
        self.conversation_id = mask_phones(&self.conversation_id);
        self
    }
}

/// Whether a chat is on somebody's desk: it waits, they hold it, or they look after those who do.
pub(super) fn is_on_desk(queued: &QueueRow, person: &Person) -> bool {
    let row = &queued.row;
    let Some(place) = person.place_in(&row.shop) else { return false };
    match row.state.phase {
        Phase::Waiting => true,
        Phase::Agent => is_held_by(queued, &person.id) || place.role.is_at_least(Role::Lead),
        Phase::Bot | Phase::Closed => false,
    }
}

fn is_held_by(queued: &QueueRow, person: &PrincipalId) -> bool {
    queued.row.state.holder.as_ref() == Some(person)
}

fn tab(stage: Option<BuyerStage>, queue: Option<&str>) -> &'static str {
    match stage {
        _ if queue == Some(AFTER_SALES) => BuyerStage::AfterSales.key(),
        Some(stage) => stage.key(),
        None => "other",
    }
}

/// What the customer wrote last, if they wait; else the later of that and of what was sent to them.
fn last(queued: &QueueRow) -> Option<Last> {
    let said = queued.last_said.as_ref().map(|(message, at)| {
        let mut text = message.text.clone();
        if text.is_empty() {
            text = message.order_numbers.first().map(ToString::to_string).unwrap_or_default();
        }
        Last { from: "customer", text: cut(&text), at: at.0 }
    });
    let sent = queued.last_reply.as_ref().and_then(|(body, at)| {
        let data = body.get("data")?;
        let from = if data.get("author")?.as_str()? == "bot" { "bot" } else { "agent" };
        Some(Last { from, text: cut(data.get("text")?.as_str()?), at: at.0 })
    });
    match (said, sent) {
        // Who waits for a person is known by their own words, not by the bot's that a person comes.
        (Some(said), _) if queued.row.state.unanswered_since.is_some() => Some(said),
        (Some(said), Some(sent)) => Some(if sent.at > said.at { sent } else { said }),
        (said, sent) => said.or(sent),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(SHOWN).map(|c| if c == '\n' { ' ' } else { c }).collect()
}
