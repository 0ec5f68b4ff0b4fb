//! Signing in and out, and who somebody with a session is. The browser holds a random secret in a cookie that no script
//! reads; the store holds its hash.

use std::net::{IpAddr, SocketAddr};

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::{
    DEMO, is_at_the_demo, must_be_from_our_page, new_token, session_cookie, token_hash, unauthorized,
};
use super::super::problem::Problem;
use super::home::Me;
use super::password::{hashed, is_right, weakness};
use crate::domain::{DAY, HOUR, MINUTE, PrincipalId, Role, ShopId};
use crate::store::{Membership, Presence, StoreError};

/// The cookie's name.
pub(in super::super) const COOKIE: &str = "xiaoer_session";
/// A session ends after this, whatever is done.
const LIFE: i64 = 30 * DAY;
/// A session that nobody used for so long is over.
const IDLE: i64 = 16 * HOUR;
/// So often it is noted that a session is in use.
const NOTE_EVERY: i64 = 5 * MINUTE;
/// In characters.
pub(super) const LONGEST_ID: usize = 64;
/// Who plays the agent in the demo shop.
pub(in super::super) const DEMO_PERSON: &str = "demo-agent";

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(sign_in, sign_out))
        .routes(routes!(ways))
        .routes(routes!(me))
        .routes(routes!(change_password))
        .routes(routes!(set_state))
}

/// Somebody who has signed in.
#[derive(Clone, Debug)]
pub(in super::super) struct Person {
    pub(in super::super) id: PrincipalId,
    pub(in super::super) name: String,
    pub(in super::super) places: Vec<Membership>,
}

impl Person {
    /// Their place in a shop.
    pub(in super::super) fn place_in(&self, shop: &ShopId) -> Option<&Membership> {
        self.places.iter().find(|place| place.shop == *shop)
    }

    /// Somebody by id, with the shops that are served here.
    pub(super) async fn find(service: &Service, id: &PrincipalId) -> Result<Option<Self>, StoreError> {
        let Some(row) = service.store.find_principal(id).await?.filter(|row| !row.disabled) else { return Ok(None) };
        let mut places = service.store.memberships(id).await?;
        places.retain(|place| service.shops.get(&place.shop).is_some());
        Ok(Some(Self { id: row.id, name: row.name, places }))
    }
}

impl FromRequestParts<Service> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        let none = || unauthorized("sign in at /desk");
        let hash = token_hash(session_cookie(&parts.headers).ok_or_else(none)?);
        let now = service.clockwork.now();
        let session = service.store.find_session(&hash, now).await?.ok_or_else(none)?;
        if now.since(session.seen_at) > IDLE {
            return Err(none());
        }
        must_be_from_our_page(parts)?;
        if now.since(session.seen_at) > NOTE_EVERY {
            service.store.see_session(&hash, now).await?;
        }
        Self::find(service, &session.principal).await?.ok_or_else(none)
    }
}

/// Where a request comes from, for the throttle and the cookie.
pub(super) struct Origin {
    pub(super) parts: Parts,
}

impl FromRequestParts<Service> for Origin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Service) -> Result<Self, Problem> {
        must_be_from_our_page(parts)?;
        Ok(Self { parts: parts.clone() })
    }
}

impl Origin {
    /// Of the browser, or of whoever stands in front of it; a proxy on this machine is believed.
    pub(super) fn address(&self) -> Option<IpAddr> {
        let ConnectInfo(peer) = self.parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
        let told = self.parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
        let behind = told.and_then(|hops| hops.rsplit(',').next()?.trim().parse().ok());
        behind.filter(|_| peer.ip().is_loopback()).or(Some(peer.ip()))
    }
}

/// Who wants in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    /// The name they sign in with.
    #[serde(default)]
    id: String,
    /// Their password.
    #[serde(default)]
    password: String,
    /// To the demo shop's desk, from this machine.
    #[serde(default)]
    demo: bool,
}

/// Signs in. The session comes as a cookie.
#[utoipa::path(post, path = "/api/v1/session", tag = "people", request_body = SignIn,
    responses((status = 200, body = Me), (status = 401, body = Problem), (status = 429, body = Problem)))]
async fn sign_in(
    State(service): State<Service>,
    origin: Origin,
    Json(wish): Json<SignIn>,
) -> Result<Response, Problem> {
    let id = match wish.demo {
        true => demo_person(&service, &origin.parts).await?,
        false => proven(&service, &origin, wish).await?,
    };
    begin(&service, &id, &origin.parts.headers).await
}

async fn proven(service: &Service, origin: &Origin, wish: SignIn) -> Result<PrincipalId, Problem> {
    let id = wish.id.trim();
    if id.chars().count() > LONGEST_ID {
        return Err(wrong());
    }
    service.throttle.attempt(id, origin.address())?;
    let id = PrincipalId::from(id);
    let row = service.store.find_principal(&id).await?.filter(|row| !row.disabled);
    if is_right(wish.password, row.and_then(|row| row.password_hash)).await {
        return Ok(id);
    }
    Err(wrong())
}

/// One answer for all: who guesses learns no names.
fn wrong() -> Problem {
    unauthorized("the name or the password is wrong")
}

async fn demo_person(service: &Service, parts: &Parts) -> Result<PrincipalId, Problem> {
    let demo = ShopId::from(DEMO);
    // Behind a proxy that tells nothing everybody seems to sit here: once people have passwords, they use these.
    if !is_at_the_demo(parts, service, &demo) || service.store.has_people().await? {
        return Err(Problem::new(StatusCode::FORBIDDEN, "the demo's desk is open on this machine alone"));
    }
    let id = PrincipalId::from(DEMO_PERSON);
    service.store.add_principal(&id, "小二", service.clockwork.now()).await?;
    service.store.set_membership(&id, &demo, Role::Manager).await?;
    Ok(id)
}

/// Begins a session, and answers with who it is and the cookie.
pub(super) async fn begin(service: &Service, id: &PrincipalId, headers: &HeaderMap) -> Result<Response, Problem> {
    let broken = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no session could be made");
    let secret = new_token().map_err(broken)?;
    let now = service.clockwork.now();
    service.store.create_session(&token_hash(&secret), id, now, now.plus(LIFE)).await?;
    service.store.set_presence(id, Presence::Online, now).await?;
    let person = Person::find(service, id).await?.ok_or_else(|| unauthorized("you are locked out"))?;
    let me = Me::of(service, &person, Presence::Online);
    let mut response = Json(me).into_response();
    set_cookie(&mut response, &secret, LIFE / 1000, headers);
    Ok(response)
}

/// `Secure` wherever the browser came by TLS, as a proxy in front says.
fn set_cookie(response: &mut Response, secret: &str, seconds: i64, headers: &HeaderMap) {
    let by_tls = headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https")
        || headers.get(header::ORIGIN).and_then(|o| o.to_str().ok()).is_some_and(|o| o.starts_with("https://"));
    let secure = if by_tls { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Signs out: the session is worth nothing any more.
#[utoipa::path(delete, path = "/api/v1/session", tag = "people", security(("session" = [])), responses((status = 204)))]
async fn sign_out(State(service): State<Service>, origin: Origin, person: Person) -> Result<Response, Problem> {
    let headers = &origin.parts.headers;
    let now = service.clockwork.now();
    if let Some(secret) = session_cookie(headers) {
        service.store.end_session(&token_hash(secret), now).await?;
    }
    // Who still sits at a second desk isn't gone.
    if service.live.desks_of(&person.id) <= 1 {
        service.store.set_presence(&person.id, Presence::Offline, now).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&mut response, "", 0, headers);
    Ok(response)
}

/// How one can get in here.
#[derive(Serialize, ToSchema)]
struct Ways {
    /// The demo's desk is open to whoever asks.
    demo: bool,
}

/// Whether the demo's desk is open to whoever asks.
#[utoipa::path(get, path = "/api/v1/session/ways", tag = "people", responses((status = 200, body = Ways)))]
async fn ways(State(service): State<Service>, origin: Origin) -> Result<Json<Ways>, Problem> {
    let is_here = is_at_the_demo(&origin.parts, &service, &ShopId::from(DEMO));
    Ok(Json(Ways { demo: is_here && !service.store.has_people().await? }))
}

/// Who I am and where I work.
#[utoipa::path(get, path = "/api/v1/me", tag = "people", security(("session" = [])),
    responses((status = 200, body = Me), (status = 401, body = Problem)))]
async fn me(State(service): State<Service>, person: Person) -> Result<Json<Me>, Problem> {
    Ok(Json(Me::now(&service, &person).await?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    /// The one that holds now.
    old: String,
    /// The one that shall hold.
    new: String,
}

/// Changes the password. Every other session ends.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "people", security(("session" = [])), request_body = NewPassword,
    responses((status = 200, body = Me), (status = 401, body = Problem), (status = 422, body = Problem)))]
async fn change_password(
    State(service): State<Service>,
    origin: Origin,
    person: Person,
    Json(wish): Json<NewPassword>,
) -> Result<Response, Problem> {
    service.throttle.attempt(person.id.as_str(), origin.address())?;
    let row = service.store.find_principal(&person.id).await?;
    if !is_right(wish.old, row.and_then(|row| row.password_hash)).await {
        return Err(Problem::new(StatusCode::FORBIDDEN, "the old password is wrong"));
    }
    set_password(&service, &person.id, wish.new).await?;
    begin(&service, &person.id, &origin.parts.headers).await
}

/// Sets a password that is good enough; every session ends.
pub(super) async fn set_password(service: &Service, id: &PrincipalId, password: String) -> Result<(), Problem> {
    if let Some(weakness) = weakness(&password, id.as_str()) {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, weakness));
    }
    let hash = hashed(password).await.map_err(|error| {
        tracing::error!(%error, "a password could not be hashed");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the password could not be kept; try again")
    })?;
    service.store.set_password_hash(id, Some(hash)).await?;
    Ok(())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MyState {
    /// online, busy or away.
    state: String,
}

/// Says whether I take chats.
#[utoipa::path(post, path = "/api/v1/me/state", tag = "people", security(("session" = [])), request_body = MyState,
    responses((status = 204), (status = 400, body = Problem)))]
async fn set_state(
    State(service): State<Service>,
    person: Person,
    Json(wish): Json<MyState>,
) -> Result<StatusCode, Problem> {
    let presence = Presence::parse(&wish.state).filter(|presence| *presence != Presence::Offline);
    let presence = presence.ok_or_else(|| Problem::bad_request("state is online, busy or away"))?;
    service.store.set_presence(&person.id, presence, service.clockwork.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
