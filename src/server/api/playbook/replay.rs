//! `POST /playbook/replay`: what a draft would have changed in the last days.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::mistake::{Mistaken, Refused};
use super::{Files, draft, may_read};
use crate::domain::{DAY, IntentId};
use crate::replay::{Change, Kind, Side};
use crate::server::Service;
use crate::server::access::Caller;
use crate::server::problem::Problem;

/// So many changes are shown.
const SHOWN_AT_MOST: usize = 200;
const DAYS_AT_MOST: u32 = 30;
/// Of what is said, so many characters are shown.
const TEXT_AT_MOST: usize = 2_000;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(replay))
}

fn a_week() -> u32 {
    7
}

/// What is tried, and on which turns.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Replay {
    /// As for `lint`.
    #[serde(default)]
    #[schema(value_type = Object)]
    files: Files,
    /// The last so many days, 1 to 30; 7 without it.
    #[serde(default = "a_week")]
    days: u32,
}

/// What would have changed.
#[derive(Serialize, ToSchema)]
struct Replayed {
    /// Turns that were looked at: the newest 20,000 at most.
    turns: u64,
    /// Of these, those whose texts are gone.
    erased: u64,
    /// In the order of deciding, 200 at most.
    changed: Vec<Changed>,
    /// How many there are.
    changed_total: usize,
    /// How many of each kind there are.
    #[schema(value_type = Object)]
    counts: BTreeMap<&'static str, usize>,
}

/// A turn that would be decided differently.
#[derive(Serialize, ToSchema)]
struct Changed {
    /// Its id.
    turn: String,
    /// Ours.
    conversation: String,
    /// When it was decided.
    at: i64,
    /// What the customer wrote, a message a line.
    said: String,
    /// newly_answered, newly_handed_off, another_answer, newly_asked or other.
    kind: &'static str,
    /// As it was.
    before: Decided,
    /// As it would be.
    after: Decided,
}

/// One side of a change.
#[derive(Serialize, ToSchema)]
struct Decided {
    /// answer, ask, hand_off or silent.
    decision: &'static str,
    /// In shadow and suggest mode: what would have been done in auto.
    held_back: Option<&'static str>,
    /// Where on the ladder.
    rung: &'static str,
    /// What was understood.
    #[schema(value_type = Vec<String>)]
    intents: Vec<IntentId>,
    /// What is said.
    reply: Option<String>,
    /// What a person is offered first.
    suggests: Option<String>,
}

impl From<Side> for Decided {
    fn from(side: Side) -> Self {
        Self {
            decision: side.decision,
            held_back: side.held_back,
            rung: side.rung,
            intents: side.intents,
            reply: side.reply.map(|reply| cut(&reply)),
            suggests: side.suggestions.first().map(|text| cut(text)),
        }
    }
}

impl From<Change> for Changed {
    fn from(change: Change) -> Self {
        Self {
            turn: change.turn_id,
            conversation: change.conversation_id,
            at: change.at,
            said: cut(&change.messages.join("\n")),
            kind: change.kind.key(),
            before: change.before.into(),
            after: change.after.into(),
        }
    }
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT_AT_MOST).collect()
}

/// Decides the turns of the last days again by a draft, each by itself, and compares with what was done. Nothing is
/// stored or sent. Ends when the client leaves.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/playbook/replay", tag = "playbook", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), request_body = Replay,
    responses((status = 200, body = Replayed), (status = 403, body = Problem), (status = 422, body = Mistaken)))]
async fn replay(
    State(service): State<Service>,
    caller: Caller,
    Json(Replay { files, days }): Json<Replay>,
) -> Result<Json<Replayed>, Refused> {
    may_read(&caller)?;
    if !(1..=DAYS_AT_MOST).contains(&days) {
        return Err(Problem::bad_request(format!("days is 1 to {DAYS_AT_MOST}")).into());
    }
    let draft = draft(&service, &caller.shop, files).await?;
    let now = service.clockwork.now();
    let period = (now.plus(-DAY * i64::from(days)), now);
    let stop = service.stop.child_token();
    let _until_nobody_waits = stop.clone().drop_guard();
    let again = service.shops.drafts().replay(&draft, &service.store, period, SHOWN_AT_MOST, stop).await;
    let again = again.map_err(|error| Refused::of(&caller.shop, error))?;
    Ok(Json(Replayed {
        turns: again.turns,
        erased: again.erased,
        changed_total: again.changed(),
        counts: Kind::ALL.iter().map(|kind| (kind.key(), again.count(*kind))).collect(),
        changed: again.changes.into_iter().map(Changed::from).collect(),
    }))
}
