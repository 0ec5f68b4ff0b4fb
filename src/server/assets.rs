//! The pages' files: embedded, from this host alone, and checked again by their hash.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::problem::Problem;

#[derive(RustEmbed)]
#[folder = "assets/"]
#[exclude = "init/*"]
struct Files;

/// Nothing from elsewhere, nothing inline; text reaches the page as text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; \
                      trusted-types 'none'; frame-ancestors ";

/// Who may show a page inside their own.
pub(super) enum Frame {
    /// Nobody.
    Nowhere,
    /// These origins.
    In(Vec<String>),
}

impl Frame {
    fn sources(&self) -> String {
        match self {
            Self::In(origins) if !origins.is_empty() => origins.join(" "),
            _ => "'none'".to_owned(),
        }
    }
}

/// A page: the `index.html` of a folder.
pub(super) fn page(folder: &str, headers: &HeaderMap, frame: &Frame) -> Response {
    match Files::get(&format!("{folder}/index.html")) {
        Some(file) => guarded(served(&file, "text/html; charset=utf-8", headers), frame),
        None => Problem::not_found("the page is missing").into_response(),
    }
}

/// A file of a page.
pub(super) fn file(folder: &str, name: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    let none = || Problem::not_found("there is no such file");
    let kind = kind(name).ok_or_else(none)?;
    let file = Files::get(&format!("{folder}/{name}")).ok_or_else(none)?;
    Ok(guarded(served(&file, kind, headers), &Frame::Nowhere))
}

/// With the headers that keep a page to itself.
pub(super) fn guarded(mut response: Response, frame: &Frame) -> Response {
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&format!("{POLICY}{}", frame.sources())) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let resources = if matches!(frame, Frame::Nowhere) { "same-origin" } else { "cross-origin" };
    for (name, value) in [
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), resources),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn kind(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

/// The file, or 304 if the browser has this very one. It asks each time: after an update the parts must fit together.
fn served(file: &EmbeddedFile, kind: &'static str, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let fresh = known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let caching = [(header::ETAG, tag), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if fresh {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(header::CONTENT_TYPE, kind)], file.data.to_vec()).into_response()
}
