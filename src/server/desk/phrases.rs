//! Quick phrases: an agent's own, those of the team, and the search over the whole library of scripts.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::item::PersonView;
use crate::domain::{Event, Happening, PhraseId, PrincipalId, Role};
use crate::store::{PhraseMove, PhraseRow};

/// In characters.
const LONGEST_TITLE: usize = 60;
const LONGEST_TEXT: usize = 4_000;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(own))
        .routes(routes!(make))
        .routes(routes!(save, remove))
        .routes(routes!(promote))
}

/// A quick phrase.
#[derive(Serialize, ToSchema)]
struct PhraseView {
    id: String,
    title: String,
    text: String,
    /// mine or team.
    of: &'static str,
    author: PersonView,
    updated_at: i64,
    /// The latest first.
    history: Vec<Step>,
}

/// Something that happened to a phrase.
#[derive(Serialize, ToSchema)]
struct Step {
    at: i64,
    by: PersonView,
    /// saved or promoted.
    what: &'static str,
}

#[derive(Serialize, ToSchema)]
struct Phrases {
    scripts: Vec<PhraseView>,
}

/// My quick phrases and the team's.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/scripts/own", tag = "scripts", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), responses((status = 200, body = Phrases)))]
async fn own(State(service): State<Service>, caller: Caller) -> Result<Json<Phrases>, Problem> {
    let rows = service.store.phrases(&caller.shop, &caller.principal).await?;
    let members = service.store.members(&caller.shop).await?;
    let history = service.store.phrase_history(&caller.shop).await?;
    let named = |id: &PrincipalId| {
        let name = members.iter().find(|member| member.person.id == *id).map(|member| member.person.name.clone());
        PersonView { id: id.to_string(), name }
    };
    let step = |event: &Event, of: &PhraseId| match &event.what {
        Happening::PhraseSaved { phrase, by, .. } if phrase == of => {
            Some(Step { at: event.at.0, by: named(by), what: "saved" })
        }
        Happening::PhrasePromoted { phrase, by } if phrase == of => {
            Some(Step { at: event.at.0, by: named(by), what: "promoted" })
        }
        _ => None,
    };
    let view = |row: PhraseRow| PhraseView {
        of: if row.owner.is_none() { "team" } else { "mine" },
        author: named(&row.author),
        history: history.iter().filter_map(|event| step(event, &row.id)).collect(),
        id: row.id.to_string(),
        title: row.title,
        text: row.text,
        updated_at: row.updated_at.0,
    };
    Ok(Json(Phrases { scripts: rows.into_iter().map(view).collect() }))
}

/// What a phrase is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// What it is found by; the beginning of the text without it.
    #[serde(default)]
    title: String,
    text: String,
}

impl Written {
    fn checked(self) -> Result<PhraseMove, Problem> {
        let text = self.text.trim().to_owned();
        let title = self.title.trim();
        let title = if title.is_empty() { text.chars().take(20).collect() } else { title.to_owned() };
        let fits = (1..=LONGEST_TEXT).contains(&text.chars().count()) && title.chars().count() <= LONGEST_TITLE;
        if !fits {
            return Err(Problem::bad_request("a text has 1 to 4,000 characters, a title at most 60"));
        }
        Ok(PhraseMove::Save { title, text })
    }
}

/// Where a new phrase is.
#[derive(Serialize, ToSchema)]
struct Made {
    id: String,
}

/// Keeps a quick phrase of my own.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/scripts", tag = "scripts", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), request_body = Written, responses((status = 200, body = Made), (status = 400, body = Problem)))]
async fn make(
    State(service): State<Service>,
    caller: Caller,
    Json(written): Json<Written>,
) -> Result<Json<Made>, Problem> {
    let id: PhraseId = service.clockwork.id();
    let what = written.checked()?;
    service.store.change_phrase(&caller.shop, &id, &caller.principal, what, service.clockwork.now()).await?;
    Ok(Json(Made { id: id.to_string() }))
}

/// A phrase that the caller may change: their own, or the team's for who leads it.
async fn theirs(service: &Service, caller: &Caller, id: &PhraseId) -> Result<PhraseRow, Problem> {
    let none = || Problem::not_found("there is no such phrase of yours");
    let row = service.store.find_phrase(&caller.shop, id).await?.ok_or_else(none)?;
    match &row.owner {
        Some(owner) if *owner != caller.principal => Err(none()),
        Some(_) => Ok(row),
        None => caller.must_be(Role::Lead).map(|()| row),
    }
}

async fn change(service: &Service, caller: &Caller, id: String, what: PhraseMove) -> Result<StatusCode, Problem> {
    let id = PhraseId::from(id);
    theirs(service, caller, &id).await?;
    service.store.change_phrase(&caller.shop, &id, &caller.principal, what, service.clockwork.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes a phrase anew.
#[utoipa::path(put, path = "/api/v1/shops/{shop}/scripts/{id}", tag = "scripts", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Written,
    responses((status = 204), (status = 404, body = Problem)))]
async fn save(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(written): Json<Written>,
) -> Result<StatusCode, Problem> {
    change(&service, &caller, id, written.checked()?).await
}

/// Throws a phrase away.
#[utoipa::path(delete, path = "/api/v1/shops/{shop}/scripts/{id}", tag = "scripts", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn remove(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    change(&service, &caller, id, PhraseMove::Remove).await
}

/// Makes an agent's phrase the team's. The author stays named.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/scripts/{id}/promote", tag = "scripts", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn promote(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    caller.must_be(Role::Lead)?;
    let (id, now) = (PhraseId::from(id), service.clockwork.now());
    match service.store.change_phrase(&caller.shop, &id, &caller.principal, PhraseMove::Promote, now).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found("there is no such phrase of an agent")),
    }
}
