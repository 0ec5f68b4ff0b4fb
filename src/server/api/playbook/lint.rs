//! `POST /playbook/lint`: what is wrong with a draft, while somebody types.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::mistake::{Mistake, Refused, mistakes};
use super::{Edited, draft, may_read};
use crate::server::Service;
use crate::server::access::Caller;
use crate::server::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(lint))
}

/// What was found.
#[derive(Serialize, ToSchema)]
struct Linted {
    /// In the order of files and lines; 500 at most.
    mistakes: Vec<Mistake>,
}

/// The errors of a draft, and the warnings that are new or stand in the edited files. Cases are run when it is published.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/playbook/lint", tag = "playbook", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), request_body = Edited,
    responses((status = 200, body = Linted), (status = 403, body = Problem)))]
async fn lint(
    State(service): State<Service>,
    caller: Caller,
    Json(Edited { files }): Json<Edited>,
) -> Result<Json<Linted>, Refused> {
    may_read(&caller)?;
    let draft = draft(&service, &caller.shop, files).await?;
    let told = service.shops.drafts().lint(draft).await.map_err(|error| Refused::of(&caller.shop, error))?;
    Ok(Json(Linted { mistakes: mistakes(&caller.shop, told) }))
}
