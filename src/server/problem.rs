//! Errors as `application/problem+json` (RFC 9457). One match from error to status; the inner message never reaches a
//! client, and nothing quotes a body or a secret.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::channels::Refusal;
use crate::store::StoreError;

/// Seconds after which a client may well try again.
const RETRY_AFTER: &str = "1";

/// What a client is told of a failure.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The HTTP status.
    #[serde(serialize_with = "as_number")]
    #[schema(value_type = u16)]
    status: StatusCode,
    /// The status in words.
    title: &'static str,
    /// What can be done about it.
    detail: String,
    /// What a program can make of it: who holds a chat, what the guard found.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    more: Option<Box<serde_json::Map<String, serde_json::Value>>>,
    /// When it may be tried again, if later than usual.
    #[serde(skip)]
    after: Option<Duration>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn as_number<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("error");
        Self { status, title, detail: detail.into(), more: None, after: None }
    }

    /// To be tried again after so long.
    pub(super) fn after(self, wait: Duration) -> Self {
        Self { after: Some(wait), ..self }
    }

    /// With something that a program can read.
    pub(super) fn with(mut self, name: &str, value: serde_json::Value) -> Self {
        self.more.get_or_insert_default().insert(name.to_owned(), value);
        self
    }

    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    pub(super) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }
}

/// What axum refuses by itself (a body that does not fit, a wrong method), as a problem: its own words quote what was
/// sent.
pub(super) async fn in_our_words(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_plain = kind.is_none_or(|kind| kind.starts_with("text/plain"));
    if !is_plain || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let detail = match status {
        StatusCode::METHOD_NOT_ALLOWED => "this path has other methods; see /openapi.json",
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "the content type must be application/json",
        _ => "the request is not as /openapi.json describes it",
    };
    let mut problem = Problem::new(status, detail).into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        problem.headers_mut().insert(header::ALLOW, allow.clone());
    }
    problem
}

/// For 413.
pub(super) const TOO_LARGE: &str = "a body has at most 1 MiB";

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, after) = (self.status, self.after);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            let seconds = after.map(|after| HeaderValue::from(after.as_secs()));
            headers.insert(header::RETRY_AFTER, seconds.unwrap_or(HeaderValue::from_static(RETRY_AFTER)));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::Signature(_) => StatusCode::UNAUTHORIZED,
            Refusal::MediaType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::Malformed(_) => StatusCode::BAD_REQUEST,
        };
        Self::new(status, refusal.to_string())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::IllegalMove { .. } => Self::new(StatusCode::CONFLICT, error.to_string()),
            StoreError::Held(holder) => {
                let problem = Self::new(StatusCode::CONFLICT, error.to_string());
                problem.with("holder", serde_json::json!({ "id": holder, "name": null }))
            }
            StoreError::Busy | StoreError::Closed | StoreError::Database(_) => {
                tracing::error!(%error, "the store did not answer");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "nothing was stored; try again")
            }
            StoreError::Refused(_) | StoreError::Unreadable { .. } | StoreError::Json(_) => {
                tracing::error!(%error, "the store holds something unexpected");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "an error on our side; it has been logged")
            }
        }
    }
}
