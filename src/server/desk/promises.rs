//! What was promised: by whom, until when, kept or not.

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
use super::session::Person;
use crate::domain::{At, ConversationId, PrincipalId, PromiseId, Role};
use crate::orders::mask_phones;
use crate::store::{NewPromise, PromiseMove, PromiseRow, StoreError};

/// Longer promises are letters.
const LONGEST: usize = 2_000;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(make)).routes(routes!(kept)).routes(routes!(dropped)).routes(routes!(pass))
}

/// Something that was promised to a customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in super::super) struct PromiseView {
    id: String,
    shop: String,
    conversation: String,
    customer: PersonView,
    /// In the words said.
    what: String,
    /// By when.
    due: i64,
    owner: Option<PersonView>,
    /// open, kept or dropped.
    state: String,
    made_at: i64,
    /// Its time ran out.
    overdue: bool,
}

impl PromiseView {
    pub(in super::super) fn of(row: &PromiseRow, now: At) -> Self {
        let id = row.customer.id.as_ref().map(ToString::to_string).unwrap_or_default();
        Self {
            id: row.id.to_string(),
            shop: row.shop.to_string(),
            conversation: row.conversation.to_string(),
            customer: PersonView { id, name: row.customer.name.clone() },
            what: row.what.clone(),
            due: row.due.0,
            owner: row.owner.as_ref().map(|id| PersonView { id: id.to_string(), name: row.owner_name.clone() }),
            state: row.state.clone(),
            made_at: row.made_at.0,
            overdue: row.state == "open" && row.due <= now,
        }
    }
}

impl PromiseView {
    /// For somebody who is to see no phones.
    pub(in super::super) fn masked(mut self) -> Self {
        self.what = mask_phones(&self.what);
        self.customer = self.customer.masked();
        self
    }
}

/// What somebody has to keep in mind: their own, what is nobody's yet, and for leads everybody's.
pub(super) async fn open_for(service: &Service, person: &Person) -> Result<Vec<PromiseView>, StoreError> {
    let mut open = Vec::new();
    let now = service.clockwork.now();
    for place in &person.places {
        let rows = service.store.open_promises(&place.shop).await?;
        let mine = rows.iter().filter(|row| {
            place.role.is_at_least(Role::Lead) || row.owner.as_ref().is_none_or(|owner| *owner == person.id)
        });
        let views = mine.map(|row| PromiseView::of(row, now));
        open.extend(views.map(|view| if place.outsourced { view.masked() } else { view }));
    }
    open.sort_by_key(|promise| promise.due);
    Ok(open)
}

fn none() -> Problem {
    Problem::not_found("there is no such open promise")
}

/// What is promised.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Given {
    /// In the words said.
    what: String,
    /// By when, in Unix milliseconds.
    due: i64,
}

/// Writes a promise down; whoever calls is to keep it.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/conversations/{id}/promises", tag = "promises", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Given,
    responses((status = 200, body = PromiseView), (status = 404, body = Problem)))]
async fn make(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(given): Json<Given>,
) -> Result<Json<PromiseView>, Problem> {
    let now = service.clockwork.now();
    let what = given.what.trim();
    if what.is_empty() || what.chars().count() > LONGEST {
        return Err(Problem::bad_request("`what` is empty or too long"));
    }
    if given.due <= now.0 {
        return Err(Problem::bad_request("`due` is over already"));
    }
    let promise = NewPromise {
        id: service.clockwork.id(),
        what: what.to_owned(),
        due: At(given.due),
        owner: Some(caller.principal.clone()),
        by: caller.principal.to_string(),
    };
    let key = promise.id.clone();
    let made = service.store.promise(&caller.shop, &ConversationId::from(id), promise, now).await?;
    made.ok_or_else(|| Problem::not_found("there is no such conversation"))?;
    let row = service.store.find_promise(&caller.shop, &key).await?.ok_or_else(none)?;
    let view = PromiseView::of(&row, now);
    Ok(Json(if caller.outsourced { view.masked() } else { view }))
}

async fn change(service: &Service, caller: &Caller, id: String, what: PromiseMove) -> Result<StatusCode, Problem> {
    let id = PromiseId::from(id);
    let row = service.store.find_promise(&caller.shop, &id).await?.ok_or_else(none)?;
    // Somebody else's promise is theirs, or their lead's, to settle.
    if row.owner.is_some_and(|owner| owner != caller.principal) {
        caller.must_be(Role::Lead)?;
    }
    match service.store.move_promise(&caller.shop, &id, what, service.clockwork.now()).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(none()),
    }
}

/// It was done.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/promises/{id}/kept", tag = "promises", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), responses((status = 204), (status = 404, body = Problem)))]
async fn kept(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let by = caller.principal.clone();
    change(&service, &caller, id, PromiseMove::Kept { by }).await
}

/// Why it won't be done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Why {
    why: String,
}

/// It won't be done.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/promises/{id}/drop", tag = "promises", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Why,
    responses((status = 204), (status = 404, body = Problem)))]
async fn dropped(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(Why { why }): Json<Why>,
) -> Result<StatusCode, Problem> {
    if why.trim().is_empty() {
        return Err(Problem::bad_request("say why it won't be done"));
    }
    let by = caller.principal.clone();
    change(&service, &caller, id, PromiseMove::Dropped { by, why }).await
}

/// Who is to keep it now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct To {
    /// A person of the shop.
    to: String,
}

/// Somebody else is to keep it.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/promises/{id}/pass", tag = "promises", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = To,
    responses((status = 204), (status = 404, body = Problem)))]
async fn pass(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(To { to }): Json<To>,
) -> Result<StatusCode, Problem> {
    let to = PrincipalId::from(to);
    let places = service.store.memberships(&to).await?;
    if !places.iter().any(|place| place.shop == caller.shop) {
        return Err(Problem::bad_request("there is nobody of that name in this shop"));
    }
    let by = caller.principal.clone();
    change(&service, &caller, id, PromiseMove::Passed { by, to }).await
}
