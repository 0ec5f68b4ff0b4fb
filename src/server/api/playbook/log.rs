//! `GET /playbook/log`: what was in force when, and who put it there.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::may_read;
use super::mistake::Refused;
use crate::domain::PlaybookHash;
use crate::server::Service;
use crate::server::access::Caller;
use crate::server::problem::Problem;
use crate::store::{Move, PlaybookMove, PlaybookVersion};

/// So many moves are told.
const MOVES: i64 = 100;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(log))
}

/// What was in force when.
#[derive(Serialize, ToSchema)]
struct Log {
    /// The last move first; 100 at most.
    versions: Vec<Moved>,
}

/// A version came in force.
#[derive(Serialize, ToSchema)]
struct Moved {
    /// Its hash.
    version: String,
    /// What was in force before.
    before: Option<String>,
    /// Who put it in force; `files` for a service that read them.
    author: String,
    /// When.
    at: i64,
    /// published (read from files), pushed (from the desk or the command line) or rolled_back.
    what: &'static str,
    /// Whether it is in force.
    current: bool,
}

/// The history of the playbook.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/playbook/log", tag = "playbook", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), responses((status = 200, body = Log), (status = 403, body = Problem)))]
async fn log(State(service): State<Service>, caller: Caller) -> Result<Json<Log>, Refused> {
    may_read(&caller)?;
    let current = service.store.latest_playbook(&caller.shop).await?;
    let moves = service.store.playbook_moves(&caller.shop, MOVES).await?;
    let hash = current.as_ref().map(|current| &current.hash);
    let mut versions: Vec<Moved> =
        moves.into_iter().enumerate().map(|(place, step)| Moved::of(step, place, hash)).collect();
    if versions.is_empty() {
        // A store from before moves were noted.
        versions.extend(current.map(Moved::noted_nowhere));
    }
    Ok(Json(Log { versions }))
}

impl Moved {
    fn of(step: PlaybookMove, place: usize, current: Option<&PlaybookHash>) -> Self {
        Self {
            current: place == 0 && current == Some(&step.to),
            version: step.to.to_string(),
            before: step.from.map(|from| from.to_string()),
            author: step.by,
            at: step.at.0,
            what: match step.how {
                Move::Published => "published",
                Move::Pushed => "pushed",
                Move::RolledBack => "rolled_back",
            },
        }
    }

    fn noted_nowhere(version: PlaybookVersion) -> Self {
        Self {
            version: version.hash.to_string(),
            before: version.parent.map(|parent| parent.to_string()),
            author: version.author,
            at: version.at.0,
            what: "published",
            current: true,
        }
    }
}
