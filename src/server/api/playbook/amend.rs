//! `POST /playbook/amend`: one-click changes, made in a draft.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::mistake::{Mistake, Refused, mistakes};
use super::{Files, draft, may_read};
use crate::domain::Role;
use crate::playbook::amend::{Amendment, Refusal};
use crate::playbook::diagnostic::Bilingual;
use crate::server::Service;
use crate::server::access::Caller;
use crate::server::problem::Problem;
use crate::shops::ChangedFile;

/// So many are made in one go.
const AMENDMENTS_AT_MOST: usize = 200;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(amend))
}

/// What is to be changed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Amend {
    /// Made one after the other, 200 at most. Each names under `do` what it is: `phrase`, `together`, `example`, `veto`
    /// (a line of `unless`), `drop_phrase` (of `phrases`, `whole` or `together`), `should_match` and `should_not_match` with `{intent, line, language?}`, the
    /// line 200 characters at most, its line breaks read as blanks; `script` with `{intent, text, language?, situation?,
    /// title?}`, one more script for agents, or the words of a situation (`shipped`, or with a tone `shipped.lively`)
    /// replaced; `files` with `{files: {path: text}}` that the shop doesn't have yet. Without a language that of the
    /// words is taken.
    #[schema(value_type = Vec<Object>)]
    amendments: Vec<Amendment>,
    /// The draft so far, as for `lint`.
    #[serde(default)]
    #[schema(value_type = Object)]
    files: Files,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
struct Amended {
    /// The version in force, over which the draft is made: the parent of what is published.
    parent: String,
    /// The draft from now on, as for `lint` and `publish`.
    #[schema(value_type = Object)]
    files: Files,
    /// What the amendments changed in it.
    changed: Vec<FileChange>,
    /// The amendments that were not made; the others were.
    refused: Vec<RefusedAmendment>,
    /// As `lint` says them of the draft from now on.
    mistakes: Vec<Mistake>,
}

/// A file of the shop's own before and after the amendments.
#[derive(Serialize, ToSchema)]
struct FileChange {
    /// Below the shop's folder.
    path: String,
    /// As the draft had it; null: the shop had no such file.
    before: Option<String>,
    /// Null: nothing is left of it, and the layers below say it all.
    after: Option<String>,
}

/// An amendment that was not made.
#[derive(Serialize, ToSchema)]
struct RefusedAmendment {
    /// Its place among those sent, from 0.
    index: usize,
    /// Its reason's name, the same in all languages and for ever: `already-there` where nothing has to be changed.
    code: &'static str,
    /// By language.
    #[schema(value_type = Object)]
    why: Bilingual,
}

impl From<ChangedFile> for FileChange {
    fn from(ChangedFile { path, before, after }: ChangedFile) -> Self {
        Self { path, before, after }
    }
}

impl RefusedAmendment {
    fn of((index, refusal): (usize, Refusal)) -> Self {
        Self { index, code: refusal.code(), why: refusal.why() }
    }
}

/// Makes amendments in a draft: lines added to the shop's own files or taken out of them, comments and order kept. Where
/// the shop has no file of an intent, one is made that holds only what is added. Nothing is stored: the draft comes back,
/// to be linted, tried, replayed and published.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/playbook/amend", tag = "playbook", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), request_body = Amend,
    responses((status = 200, body = Amended), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn amend(
    State(service): State<Service>,
    caller: Caller,
    Json(Amend { amendments, files }): Json<Amend>,
) -> Result<Json<Amended>, Refused> {
    may_read(&caller)?;
    if caller.role != Role::Manager {
        return Err(Problem::new(StatusCode::FORBIDDEN, "managers may do this").into());
    }
    if amendments.is_empty() || amendments.len() > AMENDMENTS_AT_MOST {
        return Err(Problem::bad_request(format!("send one amendment to {AMENDMENTS_AT_MOST}")).into());
    }
    let draft = draft(&service, &caller.shop, files.clone()).await?;
    let made = service.shops.drafts().amend(draft, files, amendments).await;
    let (made, told) = made.map_err(|error| Refused::of(&caller.shop, error))?;
    Ok(Json(Amended {
        parent: made.parent.to_string(),
        files: made.files,
        changed: made.changed.into_iter().map(FileChange::from).collect(),
        refused: made.refused.into_iter().map(RefusedAmendment::of).collect(),
        mistakes: mistakes(&caller.shop, told),
    }))
}
