//! A conversation as its customer sees it: their own words and what was sent to them. Nothing of why.

use std::collections::HashMap;

use serde::Serialize;

use crate::channels::Visitor;
use crate::domain::{At, ChannelName, Message, Phase, ShopId, TurnId};
use crate::shops::TRY_CHANNEL;
use crate::store::{Author, ReplyRow, ReplyState, Store, StoreError};

/// What the page shows.
#[derive(Debug, Serialize)]
pub(super) struct Chat {
    /// bot, waiting, agent or closed: who the customer speaks with.
    state: &'static str,
    /// Whether an answer is being made.
    thinking: bool,
    /// Oldest first.
    lines: Vec<Line>,
}

/// One bubble.
#[derive(Debug, Serialize)]
struct Line {
    /// customer, bot or agent.
    from: &'static str,
    text: String,
    /// Unix milliseconds.
    at: i64,
    /// The page's own id of a customer's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// For the bot's answers: milliseconds from the end of the window to the sending.
    #[serde(skip_serializing_if = "Option::is_none")]
    took: Option<i64>,
    /// How long messages were gathered before, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<i64>,
}

/// When a turn's window ended and how long it was.
type Windows = HashMap<TurnId, (At, i64)>;

impl Chat {
    /// The visitor's conversation; empty before their first message.
    pub(super) async fn of(store: &Store, shop: &ShopId, visitor: &Visitor) -> Result<Self, StoreError> {
        let channel = ChannelName::from(TRY_CHANNEL);
        let Some(row) = store.conversation_by_external(shop, &channel, &visitor.conversation).await? else {
            return Ok(Self { state: Phase::Bot.key(), thinking: false, lines: Vec::new() });
        };
        let turns = store.turns(shop, &row.id).await?;
        let windows = turns.into_iter().map(|turn| (turn.input.id, (turn.window_end, turn.window))).collect();
        let messages = store.messages(shop, &row.id).await?;
        let replies = store.replies(shop, &row.id).await?;
        let on_its_way = |reply: &ReplyRow| matches!(reply.state, ReplyState::Queued | ReplyState::Sending);
        let undecided = row.due_at.is_some() && row.state.phase != Phase::Agent;
        let thinking = undecided || replies.iter().any(on_its_way);
        let mut lines: Vec<Line> = messages.into_iter().map(|(message, _)| said(message, visitor)).collect();
        lines.extend(replies.iter().filter_map(|reply| sent(reply, &windows)));
        lines.sort_by_key(|line| line.at);
        Ok(Self { state: row.state.phase.key(), thinking, lines })
    }
}

fn said(message: Message, visitor: &Visitor) -> Line {
    let id = message.external_id.as_ref().and_then(|id| visitor.own_id(id)).map(str::to_owned);
    Line { from: "customer", text: message.text, at: message.sent_at.0, id, took: None, window: None }
}

/// What was sent; the rest has not been said to the customer, and may never be.
fn sent(reply: &ReplyRow, windows: &Windows) -> Option<Line> {
    let at = reply.sent_at.filter(|_| reply.state == ReplyState::Sent)?;
    let data = reply.reply.body.get("data")?;
    let text = data.get("text")?.as_str()?.to_owned();
    let turn = data.get("turn_id").and_then(|id| id.as_str()).map(TurnId::from);
    let window = turn.and_then(|turn| windows.get(&turn));
    let from = if matches!(reply.reply.author, Author::Bot) { "bot" } else { "agent" };
    let took = window.map(|(end, _)| at.since(*end).max(0));
    Some(Line { from, text, at: at.0, id: None, took, window: window.map(|(_, length)| *length) })
}
