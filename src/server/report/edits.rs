//! `GET /report/scripts/edits`: how people change a script before they send it.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Query as UrlQuery, State};
use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::figures::names;
use super::wanted::{Query, beside};
use crate::domain::{At, ConversationId, IntentId, PrincipalId, Turn};
use crate::learn::mask::mask;
use crate::orders::mask_phones;
use crate::report::{Facts, Wanted};
use crate::store::RepliedRow;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(edits))
}

/// So many changes are read, the latest.
const MOST: usize = 100;
/// A reply is written to the outbox at the instant at which it is noted, or soon after.
const SOON: i64 = 5_000;

/// How a script is changed.
#[derive(Serialize, ToSchema)]
struct Edits {
    script: String,
    /// How often a person took it from the suggestions.
    used: usize,
    /// How often it was changed before it was sent.
    changed: usize,
    /// The commonest change, without what is personal.
    usual: Option<Usual>,
    /// The latest changes, the latest first.
    edits: Vec<EditView>,
}

/// A change that was made several times, or the latest.
#[derive(Serialize, ToSchema)]
struct Usual {
    count: usize,
    diff: Vec<Piece>,
}

/// One change.
#[derive(Serialize, ToSchema)]
struct EditView {
    conversation: String,
    /// Who, by name.
    by: String,
    at: i64,
    /// 0 nothing, 1 all.
    share: f32,
    diff: Vec<Piece>,
}

/// A stretch of a changed text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
struct Piece {
    /// same, out or in.
    tag: &'static str,
    text: String,
}

/// A reply that began with the script.
struct Used {
    conversation: ConversationId,
    by: PrincipalId,
    at: At,
    set: i64,
    share: f32,
}

/// How people changed a script of the suggestions before they sent it; the filters of the report hold, `script` is needed.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/report/scripts/edits", tag = "report", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), Query),
    responses((status = 200, body = Edits), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn edits(
    State(service): State<Service>,
    caller: Caller,
    UrlQuery(query): UrlQuery<Query>,
) -> Result<Json<Edits>, Problem> {
    let asked = query.open(&service, &caller).await?;
    let script = asked.wanted.filter.script.clone().ok_or_else(|| Problem::bad_request("name a `script`"))?;
    let (wanted, shelf, of) = (asked.wanted, asked.shelf, script.clone());
    let used = beside(move || used(&wanted, shelf.episodes(), &of)).await?;
    let (count, changed): (usize, Vec<Used>) = (used.len(), used.into_iter().filter(|one| one.share > 0.0).collect());
    let chats: Vec<ConversationId> = changed.iter().take(MOST).map(|one| one.conversation.clone()).collect();
    let replied = service.store.replied_in(&caller.shop, &chats).await?;
    let people = names(&service, &caller.shop).await?;
    let (mut edits, mut alike) = (Vec::new(), Alike::default());
    for one in changed.iter().take(MOST) {
        let turn = service.store.turn_at(&caller.shop, &one.conversation, one.set).await?;
        let Some(after) = sent(&replied, one) else { continue };
        let Some(before) = turn.as_ref().and_then(|turn| suggested(turn, &script, after)) else { continue };
        alike.add(diff(&mask(before).text, &mask(after).text));
        let shown = |text: &str| if caller.outsourced { mask_phones(text) } else { text.to_owned() };
        edits.push(EditView {
            conversation: one.conversation.to_string(),
            by: people.get(one.by.as_str()).cloned().unwrap_or_else(|| one.by.to_string()),
            at: one.at.0,
            share: one.share,
            diff: diff(&shown(before), &shown(after)),
        });
    }
    let (script, changed) = (script.to_string(), changed.len());
    Ok(Json(Edits { script, used: count, changed, usual: alike.usual(), edits }))
}

/// The replies that began with a suggestion of the script, the latest first.
fn used(wanted: &Wanted, episodes: &[Facts], script: &IntentId) -> Vec<Used> {
    let counts = |facts: &&Facts| facts.excluded().is_none() && wanted.takes(facts);
    let mut found: Vec<Used> = Vec::new();
    for facts in episodes.iter().filter(counts) {
        let began = facts.replies.iter().filter(|reply| reply.script.as_ref() == Some(script));
        found.extend(began.filter_map(|reply| {
            let (conversation, by) = (facts.conversation.clone(), reply.by.clone());
            Some(Used { conversation, by, at: reply.at, set: reply.set?, share: reply.edit.unwrap_or(0.0) })
        }));
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.at));
    found
}

/// The words that were suggested; of several of the script those that are nearest to what was sent.
fn suggested<'t>(turn: &'t Turn, script: &IntentId, after: &str) -> Option<&'t str> {
    let of = turn.outcome.suggestions.iter().filter(|suggestion| suggestion.intent == *script);
    of.map(|suggestion| suggestion.text.as_str()).min_by_key(|text| strsim::levenshtein(text, after))
}

/// The words that were sent.
fn sent<'r>(replied: &'r [RepliedRow], one: &Used) -> Option<&'r str> {
    let here = replied.iter().filter(|row| row.conversation == one.conversation);
    let near = here.filter(|row| (row.at.0 - one.at.0).abs() <= SOON);
    near.min_by_key(|row| (row.at.0 - one.at.0).abs()).map(|row| row.text.as_str())
}

/// Changes that take out and put in the same.
#[derive(Default)]
struct Alike(HashMap<Vec<Piece>, (usize, usize, Vec<Piece>)>);

impl Alike {
    fn add(&mut self, diff: Vec<Piece>) {
        let change = diff.iter().filter(|piece| piece.tag != "same").cloned().collect();
        let place = self.0.len();
        self.0.entry(change).or_insert_with(|| (0, place, diff)).0 += 1;
    }

    /// The commonest; of equally common ones the latest.
    fn usual(self) -> Option<Usual> {
        let most = self.0.into_values().max_by_key(|(count, place, _)| (*count, std::cmp::Reverse(*place)));
        most.map(|(count, _, diff)| Usual { count, diff })
    }
}

/// What was taken out and put in: by the word where words have blanks between them, else by the character.
fn diff(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (words(before), words(after));
    let mut pieces: Vec<Piece> = Vec::new();
    let mut put = |tag: &'static str, words: &[&str]| match pieces.last_mut() {
        _ if words.is_empty() => {}
        Some(last) if last.tag == tag => last.text.push_str(&words.concat()),
        _ => pieces.push(Piece { tag, text: words.concat() }),
    };
    for operation in capture_diff_slices(Algorithm::Patience, &old, &new) {
        let (tag, old_at, new_at) = operation.as_tag_tuple();
        if tag == DiffTag::Equal {
            put("same", &old[old_at]);
        } else {
            put("out", &old[old_at]);
            put("in", &new[new_at]);
        }
    }
    pieces
}

/// Runs of ASCII letters and digits, and every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, left) = rest.split_at(if run == 0 { first.len_utf8() } else { run });
        words.push(word);
        rest = left;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{Alike, diff};

    fn told(before: &str, after: &str) -> String {
        let sign = |tag| match tag {
            "out" => "−",
            "in" => "+",
            _ => "",
        };
        let pieces = diff(before, after);
        pieces.iter().map(|piece| format!("[{}{}]", sign(piece.tag), piece.text)).collect()
    }

    #[test]
    fn a_change_is_told_by_the_word_and_in_chinese_by_the_character() {
        assert_eq!(told("满59元包邮。", "满59元包邮哦。"), "[满59元包邮][+哦][。]");
        assert_eq!(told("it ships today", "it shipped today"), "[it ][−ships][+shipped][ today]");
        assert_eq!(told("", "亲"), "[+亲]");
        assert_eq!(told("亲", "亲"), "[亲]");
    }

    #[test]
    fn the_usual_change_is_that_of_most_whatever_stands_around_it() {
        let mut alike = Alike::default();
        for (before, after) in
            [("一号包邮。", "一号不包邮。"), ("二号包邮。", "二号包邮哦。"), ("三号包邮。", "三号包邮哦。")]
        {
            alike.add(diff(before, after));
        }
        let usual = alike.usual().unwrap();
        assert_eq!((usual.count, usual.diff[1].text.as_str()), (2, "哦"));
        assert!(Alike::default().usual().is_none());
    }
}
