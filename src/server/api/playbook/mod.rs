//! The editing pages: the version in force, drafts over it, and putting one in force. Leads read and try, managers
//! publish.

mod amend;
mod files;
mod lint;
mod log;
mod mistake;
mod publish;
mod replay;
mod tries;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use crate::domain::{Role, ShopId};
use crate::shops::Draft;

use mistake::Refused;

/// So many files are edited at once.
const FILES_AT_MOST: usize = 2_000;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .merge(files::routes())
        .merge(lint::routes())
        .merge(amend::routes())
        .merge(tries::routes())
        .merge(replay::routes())
        .merge(publish::routes())
        .merge(log::routes())
}

/// What is edited.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Edited {
    /// By path below the shop's folder: the new text, or null for a file that is taken away. 2,000 at most.
    #[schema(value_type = Object)]
    files: Files,
}

type Files = BTreeMap<String, Option<String>>;

/// Leads and managers may look at everything and try it out.
fn may_read(caller: &Caller) -> Result<(), Problem> {
    match caller.role {
        // What customers wrote is in the replay of the last days.
        Role::Lead | Role::Manager if !caller.outsourced => Ok(()),
        _ => Err(Problem::new(StatusCode::FORBIDDEN, "leads and managers may do this")),
    }
}

/// What is edited, over the version in force.
async fn draft(service: &Service, shop: &ShopId, files: Files) -> Result<Draft, Refused> {
    if files.len() > FILES_AT_MOST {
        return Err(Problem::bad_request(format!("{FILES_AT_MOST} files at most are edited at once")).into());
    }
    Draft::over_current(&service.store, shop, files).await.map_err(|error| Refused::of(shop, error))
}
