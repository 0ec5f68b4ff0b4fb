//! Mistakes of a draft as the editing page shows them, and what is answered where they stand in the way.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::ShopId;
use crate::playbook::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::server::problem::Problem;
use crate::shops::{DraftError, VersionError};
use crate::store::StoreError;

/// A file pasted by mistake has one a line.
const SHOWN_AT_MOST: usize = 500;

/// One mistake.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Mistake {
    /// Its name, the same in all languages and for ever.
    code: &'static str,
    /// error or warning.
    #[schema(value_type = String)]
    severity: Severity,
    /// Below the shop's folder; a group's or the base pack's file with its name before it.
    path: String,
    /// From 1; 0 is the file as a whole.
    line: u32,
    /// From 1, in characters; 0 is the line as a whole.
    column: u32,
    /// In characters.
    length: u32,
    /// What is wrong, by language.
    #[schema(value_type = Object)]
    message: Bilingual,
    /// What to write instead, by language.
    #[schema(value_type = Option<Object>)]
    help: Option<Bilingual>,
    /// The line as it stands in the file.
    source: Option<String>,
}

impl Mistake {
    fn of(shop: &ShopId, mistake: Diagnostic) -> Self {
        let shown = &*mistake.place.file;
        let own = shown.strip_prefix(shop.as_str()).and_then(|rest| rest.strip_prefix('/'));
        Self {
            code: mistake.code,
            severity: mistake.severity,
            path: own.unwrap_or(shown).to_owned(),
            line: mistake.place.line,
            column: mistake.place.column,
            length: mistake.place.width,
            message: mistake.message,
            help: mistake.help,
            source: mistake.source,
        }
    }
}

/// Mistakes of a shop's draft: errors are never left out for warnings.
pub(super) fn mistakes(shop: &ShopId, mut told: Vec<Diagnostic>) -> Vec<Mistake> {
    if told.len() > SHOWN_AT_MOST {
        told.sort_by_key(|told| told.severity);
        told.truncate(SHOWN_AT_MOST);
        told.sort_by(|a, b| a.place.cmp(&b.place));
    }
    told.into_iter().map(|told| Mistake::of(shop, told)).collect()
}

/// Why something wasn't done.
pub(super) enum Refused {
    Problem(Problem),
    Mistakes(Vec<Mistake>),
}

impl Refused {
    pub(super) fn of(shop: &ShopId, error: DraftError) -> Self {
        match error {
            DraftError::Mistakes(told) => Self::Mistakes(mistakes(shop, told)),
            DraftError::Unpublished => Problem::not_found("nothing of this shop was published yet").into(),
            DraftError::Behind { .. } => {
                let detail = "another version is in force than the one that was edited; load it and edit that";
                Problem::new(StatusCode::CONFLICT, detail).into()
            }
            DraftError::NobodysName(_) => {
                Problem::new(StatusCode::FORBIDDEN, "services sign with this name; publish under another").into()
            }
            DraftError::Version(error) => error.into(),
            DraftError::Broken(error) => {
                tracing::error!(%shop, %error, "a draft could not be worked on");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "an error on our side; it has been logged").into()
            }
        }
    }
}

impl From<VersionError> for Refused {
    fn from(error: VersionError) -> Self {
        match error {
            VersionError::Store(error) => error.into(),
            VersionError::Unreadable { .. } => {
                tracing::error!(%error, "the store holds something unexpected");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the version in force can't be read here").into()
            }
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// A problem with the mistakes that make it one.
#[derive(Serialize, ToSchema)]
pub(super) struct Mistaken {
    #[serde(flatten)]
    problem: Problem,
    mistakes: Vec<Mistake>,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mistakes = match self {
            Self::Problem(problem) => return problem.into_response(),
            Self::Mistakes(mistakes) => mistakes,
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let problem = Problem::new(status, "these mistakes stand in the way");
        let mut response = (status, Json(Mistaken { problem, mistakes })).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
