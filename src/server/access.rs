//! Who calls: a person with a session, a bearer token, or whoever sits at this machine in front of the demo shop.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use utoipa::Modify;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::Service;
use super::desk::session::{COOKIE, DEMO_PERSON, Person};
use super::problem::Problem;
use crate::domain::{PrincipalId, Role, ShopId};

/// The demo shop's agents' side is open to whoever sits at this machine.
pub(super) const DEMO: &str = "demo";
/// Where a script names the agent.
const OWN_NAME: [&str; 2] = ["{agent.name}", "{客服名}"];
/// A page of another site can't send it without asking first, and nobody here says yes.
const OWN_PAGE: &str = "x-xiaoer";

/// Somebody who may use a shop's API.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) shop: ShopId,
    pub(super) principal: PrincipalId,
    pub(super) role: Role,
    /// Of another firm: sees no phones, exports nothing.
    pub(super) outsourced: bool,
    /// A person at the desk, no program.
    pub(super) by_session: bool,
}

impl Caller {
    /// A text with the caller's own name where it speaks of the agent.
    pub(super) async fn sign(&self, service: &Service, texts: &mut [&mut String]) -> Result<(), Problem> {
        if !texts.iter().any(|text| OWN_NAME.iter().any(|gap| text.contains(gap))) {
            return Ok(());
        }
        let Some(row) = service.store.find_principal(&self.principal).await? else { return Ok(()) };
        for text in texts {
            **text = OWN_NAME.iter().fold(text.to_string(), |text, gap| text.replace(gap, &row.name));
        }
        Ok(())
    }

    /// Refuses who may less.
    pub(super) fn must_be(&self, role: Role) -> Result<(), Problem> {
        if self.role.is_at_least(role) {
            return Ok(());
        }
        Err(Problem::new(StatusCode::FORBIDDEN, format!("this takes the role {}", role.key())))
    }
}

/// A new token, shown once: `xo_` and 32 random bytes.
///
/// # Errors
/// The system gave no random bytes.
pub fn new_token() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(format!("xo_{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// What is stored of a token. A token is random, so a plain hash can't be guessed back.
#[must_use]
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

impl FromRequestParts<Service> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        let path = Path::<std::collections::HashMap<String, String>>::from_request_parts(parts, service).await;
        let shop = path.ok().and_then(|Path(mut path)| path.remove("shop")).map(ShopId::from);
        let shop = shop.ok_or_else(|| Problem::not_found("there is no such shop"))?;
        match bearer(&parts.headers) {
            Some(token) => {
                let found = service.store.find_token(&token_hash(token), service.clockwork.now()).await?;
                // A token of another shop is no token here.
                let found = found.filter(|found| found.shop == shop && service.shops.get(&shop).is_some());
                let found = found.ok_or_else(|| unauthorized("the token is not valid for this shop"))?;
                let places = service.store.memberships(&found.principal).await?;
                let outsourced = places.iter().any(|place| place.shop == shop && place.outsourced);
                Ok(Self { shop, principal: found.principal, role: found.role, outsourced, by_session: false })
            }
            None if session_cookie(&parts.headers).is_some() => {
                let person = Person::from_request_parts(parts, service).await?;
                let place = person.place_in(&shop).filter(|_| service.shops.get(&shop).is_some());
                // A shop of others looks like none.
                let place = place.ok_or_else(|| Problem::not_found("there is no such shop"))?;
                let (role, outsourced) = (place.role, place.outsourced);
                Ok(Self { shop, principal: person.id.clone(), role, outsourced, by_session: true })
            }
            None if is_at_the_demo(parts, service, &shop) => Ok(Self {
                shop,
                principal: PrincipalId::from(DEMO_PERSON),
                role: Role::Agent,
                outsourced: false,
                by_session: false,
            }),
            None => Err(unauthorized("send `Authorization: Bearer TOKEN`; make one with `xiaoer token create`")),
        }
    }
}

/// For 401.
pub(super) fn unauthorized(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, detail)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// The secret of a session.
pub(super) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// Refuses what another site's page could have made a browser send: what changes something must come from a page of
/// ours, which a header of its own proves, and the browser's word of where it comes from must not speak against it.
pub(super) fn must_be_from_our_page(parts: &Parts) -> Result<(), Problem> {
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("host").unwrap_or_default();
    let own_origin = text("origin").is_none_or(|origin| {
        origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).is_some_and(|from| from == host)
    });
    // A proxy may ask for us under another name than the browser does; the browser's own word on the site stays.
    let is_own = match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => own_origin,
    };
    if parts.headers.contains_key(OWN_PAGE) && is_own {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "send this from the desk, with the header `x-xiaoer: 1`"))
}

/// The demo shop, called from this machine under a name of this machine and not by a page from elsewhere: a browser can
/// be made to call 127.0.0.1 by any site, or under any name.
pub(super) fn is_at_the_demo(parts: &Parts, service: &Service, shop: &ShopId) -> bool {
    let has_page = service.shops.get(shop).is_some_and(|shop| shop.try_page.is_some());
    shop.as_str() == DEMO && has_page && is_local(parts)
}

/// Whether the caller sits at this machine.
pub(super) fn is_local(parts: &Parts) -> bool {
    let header = |name: header::HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let from_here = peer.is_some_and(|ConnectInfo(peer)| peer.ip().is_loopback());
    let host = header(header::HOST).unwrap_or_default();
    let name = if host.ends_with(']') { host } else { host.rsplit_once(':').map_or(host, |(name, _)| name) };
    let by_local_name = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    let site = parts.headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    let from_own_page = matches!(site, None | Some("same-origin" | "none"));
    let forwarded = parts.headers.contains_key("x-forwarded-for") || parts.headers.contains_key("forwarded");
    from_here && by_local_name && from_own_page && !forwarded
}

/// Names the ways to prove who calls in the OpenAPI document.
pub(super) struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
        let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE)));
        components.add_security_scheme("session", cookie);
    }
}
