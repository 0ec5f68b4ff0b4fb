//! `GET /report/gaps`: what customers asked in vain, grouped, with what people replied, and a draft of each.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::{Query as UrlQuery, State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::wanted::{Query, beside};
use crate::domain::{At, ConversationId, Language, Rung};
use crate::engine::Engine;
use crate::learn::draft::{Wish, draft};
use crate::learn::form::form;
use crate::learn::group::{Alike, group};
use crate::learn::library::Shop;
use crate::learn::mask::mask;
use crate::report::Wanted;
use crate::store::{AskedRow, RepliedRow};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(gaps))
}

/// On these the bot gave up because it didn't know what to say; that it may not, or that somebody wants a person, is no gap.
const RUNGS: [Rung; 3] = [Rung::Unsure, Rung::NoWords, Rung::FactUnknown];
/// So many chats are looked at, the latest.
const CHATS: usize = 3_000;
/// So many groups are told.
const GROUPS: usize = 20;
/// A group has so many messages.
const LEAST: usize = 2;
const EXAMPLES: usize = 6;
const REPLIES: usize = 4;

/// What customers asked in vain.
#[derive(Serialize, ToSchema)]
struct Gaps {
    /// Messages that the bot had nothing to say to.
    unanswered: usize,
    /// Of these, those that say the same as another.
    grouped: usize,
    /// The largest first.
    groups: Vec<GroupView>,
}

/// Messages that say much the same.
#[derive(Serialize, ToSchema)]
struct GroupView {
    /// The draft's intent.
    id: String,
    count: usize,
    /// Of all unanswered messages, 0 to 1.
    share: f64,
    /// What most of them have in common.
    words: Vec<String>,
    /// The commonest of them, without what is personal.
    examples: Vec<String>,
    /// Chats to look at.
    conversations: Vec<String>,
    /// What people replied, the commonest first.
    replies: Vec<SaidView>,
    draft: DraftView,
}

/// Words and how often they were said.
#[derive(Serialize, ToSchema)]
struct SaidView {
    text: String,
    count: usize,
}

/// An intent and its reply, for a manager to edit. The bot says nothing of it until then.
#[derive(Serialize, ToSchema)]
struct DraftView {
    intent: String,
    title: String,
    /// By path below the shop's folder, as `POST /playbook/amend` takes them.
    #[schema(value_type = Object)]
    files: BTreeMap<String, String>,
}

/// What the bot had nothing to say to, grouped by likeness, with what people replied and a draft of an intent and its
/// script made of both.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/report/gaps", tag = "report", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), Query),
    responses((status = 200, body = Gaps), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn gaps(
    State(service): State<Service>,
    caller: Caller,
    UrlQuery(query): UrlQuery<Query>,
) -> Result<Json<Gaps>, Problem> {
    let asked = query.open(&service, &caller).await?;
    let (wanted, shelf) = (asked.wanted.clone(), asked.shelf);
    let chats = beside(move || chats(&wanted, shelf.episodes())).await?;
    let said = service.store.asked_in(&caller.shop, &chats, &RUNGS).await?;
    let replied = service.store.replied_in(&caller.shop, &chats).await?;
    let (engine, period) = (asked.shop.engine(), (asked.wanted.from, asked.wanted.to));
    beside(move || grouped(&engine, &said, &replied, period)).await.map(Json)
}

/// The latest chats in which something was asked in vain.
fn chats(wanted: &Wanted, episodes: &[crate::report::Facts]) -> Vec<ConversationId> {
    let has_a_gap = |facts: &&crate::report::Facts| {
        facts.excluded().is_none() && facts.turns.iter().any(|turn| RUNGS.contains(&turn.rung))
    };
    let mut found: Vec<_> = episodes.iter().filter(|facts| wanted.takes(facts)).filter(has_a_gap).collect();
    found.sort_by_key(|facts| std::cmp::Reverse(facts.started));
    let chats: BTreeSet<&ConversationId> = found.iter().take(CHATS).map(|facts| &facts.conversation).collect();
    chats.into_iter().cloned().collect()
}

fn grouped(engine: &Engine, said: &[AskedRow], replied: &[RepliedRow], (from, to): (At, At)) -> Gaps {
    let said: Vec<(&AskedRow, String)> = said
        .iter()
        .filter(|row| row.at >= from && row.at < to && !row.text.trim().is_empty())
        .map(|row| (row, mask(&row.text).text))
        .collect();
    let texts: Vec<&str> = said.iter().map(|(_, text)| text.as_str()).collect();
    let all: Vec<Vec<String>> = texts.iter().map(|text| form(text)).collect();
    let language = engine.playbook.settings.languages.first().copied().unwrap_or(Language::Zh);
    let shop = Shop { playbook: &engine.playbook, classifier: &engine.classifier, language };
    let mut ids = BTreeSet::new();
    let groups: Vec<_> =
        group(&texts, Alike::WISHES).into_iter().filter(|group| group.members.len() >= LEAST).collect();
    let grouped = groups.iter().map(|group| group.members.len()).sum();
    let view = |group: crate::learn::group::Group| {
        let members: Vec<&AskedRow> = group.members.iter().map(|member| said[*member].0).collect();
        let own: Vec<&str> = group.members.iter().map(|member| texts[*member]).collect();
        let answers: Vec<String> = members.iter().filter_map(|row| answer(row, replied)).collect();
        let answered = answers.iter().map(String::as_str).collect();
        let wish = Wish { said: own.clone(), answered, words: group.words.clone() };
        let drafted = draft(&wish, &all, &shop, &mut ids);
        let mut files = BTreeMap::from([(format!("intents/{}.yaml", drafted.id), drafted.intent)]);
        files.extend(drafted.reply.map(|reply| (format!("replies/{}.yaml", drafted.id), reply)));
        let conversations: BTreeSet<&ConversationId> = members.iter().map(|row| &row.conversation).collect();
        GroupView {
            id: drafted.id.to_string(),
            count: members.len(),
            share: share(members.len(), said.len()),
            words: group.words,
            examples: commonest(own.into_iter(), EXAMPLES).into_iter().map(|(text, _)| text).collect(),
            conversations: conversations.into_iter().take(EXAMPLES).map(ToString::to_string).collect(),
            replies: commonest(answers.iter().map(String::as_str), REPLIES)
                .into_iter()
                .map(|(text, count)| SaidView { text, count })
                .collect(),
            draft: DraftView { intent: drafted.id.to_string(), title: drafted.title, files },
        }
    };
    Gaps { unanswered: said.len(), grouped, groups: groups.into_iter().take(GROUPS).map(view).collect() }
}

/// What a person said first after a turn, without what is personal.
fn answer(asked: &AskedRow, replied: &[RepliedRow]) -> Option<String> {
    let begin = replied.partition_point(|reply| (&reply.conversation, reply.at) < (&asked.conversation, asked.at));
    let first = replied.get(begin).filter(|reply| reply.conversation == asked.conversation)?;
    Some(mask(&first.text).text)
}

/// Texts with how often they stand there, the commonest first.
fn commonest<'t>(texts: impl Iterator<Item = &'t str>, most: usize) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    texts.for_each(|text| *counts.entry(text).or_default() += 1);
    let mut sorted: Vec<(&str, usize)> = counts.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    sorted.into_iter().take(most).map(|(text, count)| (text.to_owned(), count)).collect()
}

#[allow(clippy::cast_precision_loss, reason = "counts of messages")]
fn share(of: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { of as f64 / all as f64 }
}
