//! Pictures that agents paste: taken in by whoever works in the shop, given out to whoever has the address.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::{Caller, new_token};
use super::super::problem::Problem;
use crate::store::PictureRow;

/// What is taken, and the bytes that such a file begins with.
const KINDS: [(&str, &[u8]); 4] = [
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/jpeg", b"\xff\xd8\xff"),
    ("image/gif", b"GIF8"),
    ("image/webp", b"RIFF"),
];

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(keep))
}

/// Where a picture is.
#[derive(Serialize, ToSchema)]
struct Kept {
    /// Below this service's address.
    url: String,
    kind: &'static str,
}

/// Takes a picture in: PNG, JPEG, GIF or WebP, 1 MiB at most.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/files", tag = "desk", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), request_body(content = Vec<u8>, content_type = "image/*"),
    responses((status = 200, body = Kept), (status = 413, body = Problem), (status = 415, body = Problem)))]
async fn keep(
    State(service): State<Service>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Kept>, Problem> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = KINDS.iter().find(|(kind, begin)| *kind == said && body.starts_with(begin));
    let refused = || Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send a PNG, JPEG, GIF or WebP picture");
    let (media_type, _) = kind.ok_or_else(refused)?;
    let id = new_token().map_err(|_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no address could be made"))?;
    let picture = PictureRow { media_type: (*media_type).to_owned(), body: STANDARD.encode(&body) };
    service.store.keep_picture(&id, &caller.shop, picture, &caller.principal, service.clockwork.now()).await?;
    Ok(Json(Kept { url: format!("/files/{id}"), kind: "image" }))
}

/// `GET /files/{id}`: the address is the key; platforms have no session.
pub(super) async fn show(State(service): State<Service>, Path(id): Path<String>) -> Result<Response, Problem> {
    let none = || Problem::not_found("there is no such picture");
    let picture = service.store.picture(&id).await?.ok_or_else(none)?;
    let bytes = STANDARD.decode(&picture.body).map_err(|_| none())?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(&picture.media_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    // Whatever the bytes are, no browser takes them for a page.
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    Ok(response)
}
