//! `GET /report/episodes`: the episodes behind a number; and which of them don't count.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::wanted::{Query, beside};
use crate::domain::{Event, Exclusion, Happening, Role};
use crate::orders::mask_phones;
use crate::report::{By, Count, Facts};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(exclude))
}

/// At most so many at once.
const MOST: usize = 200;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Of {
    /// The count whose episodes are asked for; `episodes` without it.
    of: Option<String>,
    /// How many of the latest are left out.
    skip: Option<usize>,
    /// How many; 50 without it, 200 at most.
    limit: Option<usize>,
}

/// Episodes behind a number.
#[derive(Serialize, ToSchema)]
struct Page {
    /// How many there are.
    total: usize,
    /// The latest first.
    episodes: Vec<EpisodeView>,
}

/// An episode.
#[derive(Serialize, ToSchema)]
struct EpisodeView {
    id: String,
    conversation: String,
    /// What the customer is called.
    customer: Option<String>,
    channel: String,
    started_at: i64,
    ended_at: Option<i64>,
    /// customer, agent, bot or idle.
    closed_by: Option<&'static str>,
    /// spam, test or agent_began: it counts in no rate.
    excluded: Option<&'static str>,
    intents: Vec<String>,
    /// The rungs of its hand-offs.
    hand_offs: Vec<&'static str>,
    /// The people who replied.
    agents: Vec<String>,
    turns: usize,
    /// What the customer wrote first.
    first_words: Option<String>,
}

/// The episodes that a count of the report holds.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/report/episodes", tag = "report", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), Query, Of),
    responses((status = 200, body = Page), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn list(
    State(service): State<Service>,
    caller: Caller,
    UrlQuery(query): UrlQuery<Query>,
    UrlQuery(Of { of, skip, limit }): UrlQuery<Of>,
) -> Result<Json<Page>, Problem> {
    let of = of.as_deref().unwrap_or(Count::Episodes.key());
    let count = Count::ALL.iter().copied().find(|count| count.key() == of);
    let count = count.ok_or_else(|| Problem::bad_request("`of` is no count of the report"))?;
    let asked = query.open(&service, &caller).await?;
    let (wanted, shelf) = (asked.wanted, asked.shelf);
    let place = (skip.unwrap_or(0), limit.unwrap_or(50).min(MOST));
    let (listed, total) = beside(move || wanted.list(&shelf, count, place)).await?;
    let members = service.store.members(&caller.shop).await?;
    let names = members.into_iter().map(|member| (member.person.id.to_string(), member.person.name)).collect();
    let mut episodes = Vec::with_capacity(listed.len());
    for one in &listed {
        let mut view = EpisodeView::of(one, &names);
        let opening = service.store.opening(&caller.shop, &one.conversation, one.started).await?;
        if let Some((name, words)) = opening {
            (view.customer, view.first_words) = (name, Some(words).filter(|words| !words.is_empty()));
        }
        if caller.outsourced {
            view.customer = view.customer.map(|name| mask_phones(&name));
            view.first_words = view.first_words.map(|words| mask_phones(&words));
        }
        episodes.push(view);
    }
    Ok(Json(Page { total, episodes }))
}

impl EpisodeView {
    fn of(facts: &Facts, names: &HashMap<String, String>) -> Self {
        let name = |id: String| names.get(&id).cloned().unwrap_or(id);
        Self {
            id: facts.id.to_string(),
            conversation: facts.conversation.to_string(),
            customer: None,
            channel: facts.channel.to_string(),
            started_at: facts.started.0,
            ended_at: facts.closed.map(|(at, _)| at.0),
            closed_by: closed_by(facts),
            excluded: facts.excluded().map(Exclusion::key),
            intents: facts.intents().map(ToString::to_string).collect(),
            hand_offs: facts.hand_offs.iter().map(|hand_off| hand_off.rung.key()).collect(),
            agents: facts.agents().map(ToString::to_string).map(name).collect(),
            turns: facts.turns.len(),
            first_words: None,
        }
    }
}

fn closed_by(facts: &Facts) -> Option<&'static str> {
    facts.closed.map(|(_, by)| match by {
        By::Customer => "customer",
        By::Agent => "agent",
        By::Bot => "bot",
        By::Idle => "idle",
    })
}

/// Whether an episode counts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Exclude {
    /// spam, test or agent_began; null: it counts after all.
    #[schema(value_type = Option<String>)]
    why: Option<Exclusion>,
}

/// Takes an episode out of the rates, or back in. It is listed all the same, and noted who did it.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/report/episodes/{id}/exclude", tag = "report", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Exclude,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn exclude(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(Exclude { why }): Json<Exclude>,
) -> Result<StatusCode, Problem> {
    caller.must_be(Role::Lead)?;
    let what = Happening::Excluded { why, by: caller.principal.clone() };
    let event = Event { at: service.clockwork.now(), what };
    match service.store.remark(&caller.shop, &id.into(), vec![event]).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("there is no such episode")),
    }
}
