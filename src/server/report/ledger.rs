//! `GET /report/ledger`: what went wrong, where it began, and what would mend it.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query as UrlQuery, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::wanted::{Query, beside};
use super::words::{Because, Words};
use crate::domain::{EvidenceKind, IntentId};
use crate::playbook::amend::{Amendment, Line};
use crate::report::{Cause, Entry, Wrong, ledger as wrongs};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(ledger))
}

/// So many groups are told, the largest first.
const GROUPS: usize = 40;
/// So many entries of a group are told where nothing is asked.
const SHOWN: usize = 4;
/// So many at most.
const MOST: usize = 100;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// Only this kind: beside, order or hand_off.
    kind: Option<String>,
    /// Only this cause.
    cause: Option<String>,
    /// Of each group so many entries; 4 without it, 100 at most.
    entries: Option<usize>,
}

/// What went wrong in a period.
#[derive(Serialize, ToSchema)]
struct Ledger {
    /// How many, by kind.
    #[schema(value_type = Object)]
    kinds: BTreeMap<&'static str, usize>,
    /// The largest first.
    groups: Vec<GroupView>,
}

/// The same wrong about the same matter.
#[derive(Serialize, ToSchema)]
struct GroupView {
    /// beside, order or hand_off.
    kind: &'static str,
    cause: &'static str,
    /// What the turn was answered with, or taken for.
    intent: Option<String>,
    count: usize,
    /// The latest first.
    entries: Vec<EntryView>,
}

/// One thing that went wrong.
#[derive(Serialize, ToSchema)]
struct EntryView {
    episode: String,
    conversation: String,
    /// The turn where it began.
    turn: String,
    at: i64,
    said: Vec<String>,
    answer: Option<String>,
    scripts: Vec<String>,
    intents: Vec<String>,
    because: Vec<Because>,
    /// What the customer wrote that showed it.
    next: Vec<String>,
    fixes: Vec<Fix>,
}

/// What would mend it.
#[derive(Serialize, ToSchema)]
struct Fix {
    /// phrase, veto, drop, case, reply or test.
    label: &'static str,
    /// The intent whose files it changes.
    intent: Option<String>,
    /// As `POST /playbook/amend` takes them; none for `reply` and `test`, which open a page.
    #[schema(value_type = Vec<Object>)]
    amendments: Vec<Amendment>,
}

type Groups = BTreeMap<(Cause, Option<IntentId>), Vec<Entry>>;

/// What went wrong: answers beside the question, orders taken wrongly, hand-offs that failed. By cause and intent.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/report/ledger", tag = "report", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), Query, Of),
    responses((status = 200, body = Ledger), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn ledger(
    State(service): State<Service>,
    caller: Caller,
    UrlQuery(query): UrlQuery<Query>,
    UrlQuery(of): UrlQuery<Of>,
) -> Result<Json<Ledger>, Problem> {
    let asked = query.open(&service, &caller).await?;
    let (wanted, shelf) = (asked.wanted, asked.shelf);
    let mut groups: Groups = beside(move || {
        let mut groups = Groups::new();
        for entry in shelf.episodes().iter().filter(|facts| wanted.takes(facts)).flat_map(wrongs) {
            groups.entry((entry.cause, entry.intent.clone())).or_default().push(entry);
        }
        groups
    })
    .await?;
    let count =
        |kind: Wrong| groups.iter().filter(|((cause, _), _)| cause.kind() == kind).map(|(_, all)| all.len()).sum();
    let kinds = Wrong::ALL.iter().map(|kind| (kind.key(), count(*kind))).collect();
    groups.retain(|(cause, _), _| {
        let is = |wanted: Option<&String>, word: &str| wanted.is_none_or(|wanted| wanted == word);
        is(of.kind.as_ref(), cause.kind().key()) && is(of.cause.as_ref(), cause.key())
    });
    let mut sorted: Vec<_> = groups.into_iter().collect();
    sorted.sort_by_key(|(_, entries)| std::cmp::Reverse(entries.len()));
    let most = of.entries.unwrap_or(SHOWN).min(MOST);
    let mut told = Vec::new();
    for ((cause, intent), mut entries) in sorted.into_iter().take(GROUPS) {
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        let count = entries.len();
        let mut views = Vec::new();
        for entry in entries.iter().take(most) {
            views.extend(view(&service, &caller, entry).await?);
        }
        let (kind, intent) = (cause.kind().key(), intent.map(|intent| intent.to_string()));
        told.push(GroupView { kind, cause: cause.key(), intent, count, entries: views });
    }
    Ok(Json(Ledger { kinds, groups: told }))
}

async fn view(service: &Service, caller: &Caller, entry: &Entry) -> Result<Option<EntryView>, Problem> {
    let find =
        async |seq: i64| Words::find(&service.store, &caller.shop, (&entry.conversation, seq), caller.outsourced).await;
    let Some(words) = find(entry.seq).await? else { return Ok(None) };
    let next = match entry.shown_by.filter(|seq| *seq != entry.seq) {
        Some(seq) => find(seq).await?,
        None => None,
    };
    Ok(Some(EntryView {
        episode: entry.episode.to_string(),
        conversation: entry.conversation.to_string(),
        turn: words.turn.input.id.to_string(),
        at: entry.at.0,
        scripts: words.scripts(),
        intents: words.intents(),
        because: words.because(),
        fixes: fixes(entry, &words, next.as_ref()),
        next: next.map(|next| next.said).unwrap_or_default(),
        said: words.said,
        answer: words.answer,
    }))
}

/// What would mend it: by the words themselves, or on the page where they are changed.
fn fixes(entry: &Entry, words: &Words, next: Option<&Words>) -> Vec<Fix> {
    let mut fixes = Vec::new();
    let understood: Vec<IntentId> = words.intents().into_iter().map(IntentId::from).collect();
    let line = words.line();
    let of = |intent: &IntentId, line: &str| Line { intent: intent.clone(), language: None, line: line.to_owned() };
    let fix = |label, intent: &IntentId, amendment| Fix {
        label,
        intent: Some(intent.to_string()),
        amendments: vec![amendment],
    };
    if entry.cause.kind() == Wrong::Beside
        && let Some(line) = &line
    {
        let meant = next.map(Words::intents).unwrap_or_default().into_iter().map(IntentId::from);
        for intent in meant.filter(|intent| !understood.contains(intent)) {
            fixes.push(fix("phrase", &intent, Amendment::Phrase(of(&intent, line))));
        }
        for intent in &understood {
            fixes.push(fix("veto", intent, Amendment::Veto(of(intent, line))));
            fixes.push(fix("case", intent, Amendment::ShouldNotMatch(of(intent, line))));
        }
        let is_phrase = |because: &&Because| matches!(because.kind, EvidenceKind::Phrase | EvidenceKind::Whole);
        for because in words.because().iter().filter(is_phrase) {
            let intent = IntentId::from(because.intent.as_str());
            fixes.push(fix("drop", &intent, Amendment::DropPhrase(of(&intent, &because.line))));
        }
    }
    if let Some(intent) = &entry.intent {
        fixes.push(Fix { label: "reply", intent: Some(intent.to_string()), amendments: Vec::new() });
    }
    fixes.push(Fix { label: "test", intent: None, amendments: Vec::new() });
    fixes
}
