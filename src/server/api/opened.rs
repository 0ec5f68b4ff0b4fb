//! A conversation with all that a person needs to take it over.

use std::collections::{BTreeMap, BTreeSet};

use super::super::desk::{Item, PromiseView};
use super::line::{Line, Taking};
use super::view::{ConversationView, EpisodeView, NoteView, OpenRequest, OrderView, TransferView, TurnView};
use crate::domain::{Act, At, Happening, Language, Message, Phase, Situation, Turn, TurnId};
use crate::playbook::Playbook;
use crate::store::{EventRow, QueueRow, SignalKind, SignalRow, Store, StoreError};

/// Earlier episodes that are told of.
const EPISODES: i64 = 10;

/// A conversation as a person sees it. `recall_ms` says how long its channel can take words back.
pub(super) async fn opened(
    store: &Store,
    playbook: &Playbook,
    queued: &QueueRow,
    recall_ms: i64,
    now: At,
) -> Result<ConversationView, StoreError> {
    let row = &queued.row;
    let turns = store.turns(&row.shop, &row.id).await?;
    let events = store.events(&row.shop, &row.id).await?;
    let members = store.members(&row.shop).await?;
    let names: BTreeMap<String, String> =
        members.into_iter().map(|member| (member.person.id.to_string(), member.person.name)).collect();
    let taking = Taking { recall_ms, now, recalled: recalled(&events), names: &names };
    let last = turns.last().map(|turn| &turn.outcome);
    let promises = store.promises_in(&row.shop, &row.id).await?;
    let episodes = store.episodes(&row.shop, &row.id, EPISODES).await?;
    Ok(ConversationView {
        item: Item::of(playbook, queued),
        agent: row.state.holder.as_ref().map(ToString::to_string),
        customer_id: row.address.customer.to_string(),
        customer_name: row.customer.name.clone(),
        lines: lines(store, queued, &taking).await?,
        suggestions: last.map(|outcome| outcome.suggestions.clone()).unwrap_or_default(),
        order: turns.iter().rev().find_map(|turn| OrderView::of(playbook, &turn.outcome.orders.lookup)),
        open_requests: open_requests(playbook, queued, &turns),
        notes: events.iter().filter_map(|event| NoteView::of(event, &names)).collect(),
        transfers: events.iter().filter_map(|event| TransferView::of(event, &names)).collect(),
        episodes: episodes
            .into_iter()
            .filter(|episode| episode.id != row.episode)
            .map(|episode| EpisodeView::of(episode, &events))
            .collect(),
        interim: interim(playbook),
        promises: promises.iter().map(|promise| PromiseView::of(promise, now)).collect(),
        turns: turns.iter().map(|turn| TurnView::of(playbook, turn)).collect(),
    })
}

/// 您的问题我依然在跟进
fn interim(playbook: &Playbook) -> BTreeMap<&'static str, String> {
    let words = playbook.replies.get(&Playbook::system("follow_up"));
    let said = |language: &Language| {
        let found = words?.find(*language, Situation::Default, &playbook.settings.tone)?;
        Some((language.key(), found.template.fill(&mut |_| None).ok()?))
    };
    playbook.settings.languages.iter().filter_map(said).collect()
}

fn recalled(events: &[EventRow]) -> BTreeSet<String> {
    let recalled = |row: &EventRow| match &row.event.what {
        Happening::ReplyRecalled { reply, .. } => Some(reply.to_string()),
        _ => None,
    };
    events.iter().filter_map(recalled).collect()
}

/// What was asked since a person last spoke and no answer of the bot's followed, each once.
fn open_requests(playbook: &Playbook, queued: &QueueRow, turns: &[Turn]) -> Vec<OpenRequest> {
    let state = &queued.row.state;
    let Some(since) = state.unanswered_since.filter(|_| matches!(state.phase, Phase::Waiting | Phase::Agent)) else {
        return Vec::new();
    };
    let is_open = |turn: &&Turn| {
        let is_answered = matches!(turn.outcome.decision.act, Act::Answer | Act::Ask);
        !is_answered && turn.window_end >= since && turn.episode == queued.row.episode
    };
    let asked = turns.iter().filter(is_open).flat_map(|turn| turn.outcome.classification.requests());
    let mut open: Vec<OpenRequest> = Vec::new();
    for candidate in asked {
        if !open.iter().any(|known| known.intent == candidate.intent.as_str()) {
            open.push(OpenRequest::of(playbook, &candidate.intent));
        }
    }
    open
}

async fn lines(store: &Store, queued: &QueueRow, taking: &Taking<'_>) -> Result<Vec<Line>, StoreError> {
    let (shop, id) = (&queued.row.shop, &queued.row.id);
    let said = store.messages(shop, id).await?;
    let mut lines: Vec<Line> = said.into_iter().map(|(message, turn)| customer_line(message, turn)).collect();
    lines.extend(store.replies(shop, id).await?.iter().filter_map(|reply| Line::reply(reply, taking)));
    lines.extend(store.signals(shop, id).await?.into_iter().filter_map(|signal| person_line(signal, taking)));
    lines.sort_by_key(|line| line.at);
    Ok(lines)
}

fn customer_line(message: Message, turn: Option<TurnId>) -> Line {
    let mut text = message.text;
    for number in &message.order_numbers {
        text.push_str(&format!("[{number}]"));
    }
    Line {
        id: message.id.to_string(),
        from: "customer".to_owned(),
        text,
        at: message.sent_at.0,
        turn_id: turn.map(|id| id.to_string()),
        attachments: message.attachments,
        ..Line::default()
    }
}

/// What a person wrote on the platform itself.
fn person_line(signal: SignalRow, taking: &Taking<'_>) -> Option<Line> {
    match signal.what {
        SignalKind::AgentSent { agent, text, reply_key: None, .. } => Some(Line {
            id: signal.id.to_string(),
            from: format!("agent:{agent}"),
            name: taking.names.get(agent.as_str()).cloned(),
            text,
            at: signal.occurred_at.0,
            ..Line::default()
        }),
        _ => None,
    }
}
