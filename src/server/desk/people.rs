//! The people of a shop, for its managers.

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
use super::invitations::new_id;
use super::password::{InvitationError, invite};
use super::session::DEMO_PERSON;
use crate::domain::{PrincipalId, Role};
use crate::store::{MemberRow, Membership, Presence};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(change, leave)).routes(routes!(reset))
}

/// Somebody who works in the shop.
#[derive(Serialize, ToSchema)]
struct Colleague {
    id: String,
    name: String,
    role: &'static str,
    /// Of another firm: sees no phones, exports nothing.
    outsourced: bool,
    /// Locked out, of every shop.
    disabled: bool,
    /// online, busy, away or offline.
    state: &'static str,
    /// Has set a password.
    joined: bool,
}

#[derive(Serialize, ToSchema)]
struct Colleagues {
    people: Vec<Colleague>,
}

fn nobody() -> Problem {
    Problem::not_found("there is nobody of that name in this shop")
}

/// People are the managers' alone: a program's token and the demo's guest make nobody a manager.
fn must_manage(caller: &Caller) -> Result<(), Problem> {
    if caller.role == Role::Manager && caller.principal.as_str() != DEMO_PERSON {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "this is for the shop's managers"))
}

async fn member(service: &Service, caller: &Caller, id: &str) -> Result<MemberRow, Problem> {
    must_manage(caller)?;
    let members = service.store.members(&caller.shop).await?;
    members.into_iter().find(|member| member.person.id.as_str() == id).ok_or_else(nobody)
}

/// The people of the shop.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/people", tag = "people", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), responses((status = 200, body = Colleagues), (status = 403, body = Problem)))]
async fn list(State(service): State<Service>, caller: Caller) -> Result<Json<Colleagues>, Problem> {
    must_manage(&caller)?;
    let presences = service.store.presences(service.clockwork.now()).await?;
    let state = |id: &PrincipalId| {
        presences.iter().find(|row| row.person == *id).map_or(Presence::Offline, |row| row.presence).key()
    };
    let members = service.store.members(&caller.shop).await?;
    let people = members.into_iter().map(|member| Colleague {
        state: state(&member.person.id),
        id: member.person.id.to_string(),
        name: member.person.name,
        role: member.role.key(),
        outsourced: member.outsourced,
        disabled: member.person.disabled,
        joined: member.person.password_hash.is_some(),
    });
    Ok(Json(Colleagues { people: people.collect() }))
}

/// Somebody new.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewColleague {
    /// The name they sign in with.
    id: String,
    /// As colleagues and scripts call them.
    #[serde(default)]
    name: String,
    /// agent, lead or manager.
    role: String,
    #[serde(default)]
    outsourced: bool,
}

/// A one-time link.
#[derive(Serialize, ToSchema)]
struct Link {
    /// Below this service's address; none for somebody who has a password already.
    link: Option<String>,
}

fn role(text: &str) -> Result<Role, Problem> {
    let role = Role::parse(text).filter(|role| *role != Role::Service);
    role.ok_or_else(|| Problem::bad_request("role is agent, lead or manager"))
}

async fn link(service: &Service, id: &PrincipalId) -> Result<Json<Link>, Problem> {
    let made = invite(&service.store, Some(id), service.clockwork.now()).await.map_err(|error| match error {
        InvitationError::Store(error) => Problem::from(error),
        InvitationError::Random(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no link could be made"),
    })?;
    Ok(Json(Link { link: Some(format!("/welcome#{made}")) }))
}

/// Adds somebody. Who is new gets a one-time link; who works in another shop signs in as there.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/people", tag = "people", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), request_body = NewColleague,
    responses((status = 200, body = Link), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn add(
    State(service): State<Service>,
    caller: Caller,
    Json(new): Json<NewColleague>,
) -> Result<Json<Link>, Problem> {
    must_manage(&caller)?;
    let id = new_id(&new.id)?;
    let role = role(&new.role)?;
    if service.store.members(&caller.shop).await?.iter().any(|member| member.person.id == id) {
        return Err(Problem::new(StatusCode::CONFLICT, "somebody of that name works in this shop already"));
    }
    let name = if new.name.trim().is_empty() { id.to_string() } else { new.name.trim().to_owned() };
    let is_new = service.store.add_principal(&id, &name, service.clockwork.now()).await?;
    let place = Membership { shop: caller.shop.clone(), role, outsourced: new.outsourced };
    service.store.set_place(&id, place).await?;
    let has_password = service.store.find_principal(&id).await?.is_some_and(|row| row.password_hash.is_some());
    // Whoever was invited by another shop has its link; a second one would be a key to that shop.
    if !is_new && (has_password || rules_all(&service, &caller, &id).await.is_err()) {
        return Ok(Json(Link { link: None }));
    }
    link(&service, &id).await
}

/// What changes about somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Changed {
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    outsourced: Option<bool>,
    /// Locks out of every shop, or lets in again.
    #[serde(default)]
    disabled: Option<bool>,
}

/// Changes somebody's place in the shop.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/people/{id}", tag = "people", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)), request_body = Changed,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn change(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
    Json(changed): Json<Changed>,
) -> Result<StatusCode, Problem> {
    let member = member(&service, &caller, &id).await?;
    let id = member.person.id;
    let role = changed.role.as_deref().map(role).transpose()?;
    let gives_up =
        id == caller.principal && (changed.disabled == Some(true) || role.is_some_and(|r| r != Role::Manager));
    if gives_up {
        return Err(Problem::new(StatusCode::CONFLICT, "another manager has to take this from you"));
    }
    if changed.disabled.is_some() {
        rules_all(&service, &caller, &id).await?;
    }
    let place = Membership {
        shop: caller.shop.clone(),
        role: role.unwrap_or(member.role),
        outsourced: changed.outsourced.unwrap_or(member.outsourced),
    };
    service.store.set_place(&id, place).await?;
    if let Some(disabled) = changed.disabled {
        match disabled {
            true => service.store.disable_principal(&id).await?,
            false => service.store.enable_principal(&id).await?,
        };
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What holds for every shop of somebody takes a manager of all of them.
async fn rules_all(service: &Service, caller: &Caller, id: &PrincipalId) -> Result<(), Problem> {
    let mine = service.store.memberships(&caller.principal).await?;
    let theirs = service.store.memberships(id).await?;
    let is_mine = |place: &Membership| {
        place.shop == caller.shop || mine.iter().any(|own| own.shop == place.shop && own.role == Role::Manager)
    };
    if theirs.iter().all(is_mine) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "they also work in a shop that you don't manage: take them out of yours"))
}

/// Takes somebody out of the shop.
#[utoipa::path(delete, path = "/api/v1/shops/{shop}/people/{id}", tag = "people", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn leave(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let member = member(&service, &caller, &id).await?;
    if member.person.id == caller.principal {
        return Err(Problem::new(StatusCode::CONFLICT, "another manager has to take you out"));
    }
    service.store.end_membership(&member.person.id, &caller.shop).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new one-time link for somebody who forgot their password.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/people/{id}/reset", tag = "people", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Link), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn reset(
    State(service): State<Service>,
    caller: Caller,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Link>, Problem> {
    let member = member(&service, &caller, &id).await?;
    rules_all(&service, &caller, &member.person.id).await?;
    link(&service, &member.person.id).await
}
