//! The pages and their files.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::super::Service;
use super::super::assets::{self, Frame};
use super::super::problem::Problem;
use crate::domain::ShopId;

pub(super) async fn desk(headers: HeaderMap) -> Response {
    assets::page("desk", &headers, &Frame::Nowhere)
}

pub(super) async fn welcome(headers: HeaderMap) -> Response {
    assets::page("welcome", &headers, &Frame::Nowhere)
}

pub(super) async fn people(headers: HeaderMap) -> Response {
    assets::page("people", &headers, &Frame::Nowhere)
}

pub(super) async fn playbook(headers: HeaderMap) -> Response {
    assets::page("playbook", &headers, &Frame::Nowhere)
}

pub(super) async fn report(headers: HeaderMap) -> Response {
    assets::page("report", &headers, &Frame::Nowhere)
}

pub(super) async fn panel(headers: HeaderMap) -> Response {
    assets::page("panel", &headers, &Frame::Nowhere)
}

/// In the frames of those whom the shop's settings name, and nobody else's.
pub(super) async fn embed(
    State(service): State<Service>,
    Path(shop): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shop = service.shops.get(&ShopId::from(shop)).ok_or_else(|| Problem::not_found("there is no such shop"))?;
    let origins = shop.engine().playbook.settings.embed.clone();
    Ok(assets::page("embed", &headers, &Frame::In(origins)))
}

/// `GET /assets/{folder}/{file}`
pub(super) async fn file(
    Path((folder, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    assets::file(&folder, &name, &headers)
}
