//! Who calls: a bearer token, or whoever sits at this machine in front of the demo shop.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use utoipa::Modify;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::Service;
use super::problem::Problem;
use crate::domain::{PrincipalId, Role, ShopId};

/// The demo shop's agents' side is open to whoever sits at this machine.
const DEMO: &str = "demo";

/// Somebody who may use a shop's API.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) shop: ShopId,
    pub(super) principal: PrincipalId,
    pub(super) role: Role,
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
                found
                    .map(|found| Self { shop, principal: found.principal, role: found.role })
                    .ok_or_else(|| unauthorized("the token is not valid for this shop"))
            }
            None if is_at_the_demo(parts, service, &shop) => {
                Ok(Self { shop, principal: PrincipalId::from("demo-agent"), role: Role::Agent })
            }
            None => Err(unauthorized("send `Authorization: Bearer TOKEN`; make one with `xiaoer token create`")),
        }
    }
}

fn unauthorized(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, detail)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
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
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let by_local_name = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    let site = parts.headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    let from_own_page = matches!(site, None | Some("same-origin" | "none"));
    let forwarded = parts.headers.contains_key("x-forwarded-for") || parts.headers.contains_key("forwarded");
    from_here && by_local_name && from_own_page && !forwarded
}

/// Names the bearer token in the OpenAPI document.
pub(super) struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        document.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}
