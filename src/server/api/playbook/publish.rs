//! `POST /playbook/publish`: a draft comes in force.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::mistake::{Mistaken, Refused};
use super::{Files, draft};
use crate::domain::Role;
use crate::server::Service;
use crate::server::access::Caller;
use crate::server::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(publish))
}

/// What is to come in force.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Publish {
    /// As for `lint`.
    #[schema(value_type = Object)]
    files: Files,
    /// The version that was edited.
    parent: String,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
struct Published {
    /// What is in force now.
    version: String,
}

/// Puts a draft in force on every node, within a second, signed by whoever calls.
#[utoipa::path(post, path = "/api/v1/shops/{shop}/playbook/publish", tag = "playbook", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), request_body = Publish,
    responses((status = 200, body = Published), (status = 403, body = Problem),
        (status = 409, body = Problem, description = "another version came in force meanwhile"), (status = 422, body = Mistaken)))]
async fn publish(
    State(service): State<Service>,
    caller: Caller,
    Json(Publish { files, parent }): Json<Publish>,
) -> Result<Json<Published>, Refused> {
    if caller.role != Role::Manager {
        return Err(Problem::new(StatusCode::FORBIDDEN, "managers may do this").into());
    }
    let draft = draft(&service, &caller.shop, files).await?;
    let (drafts, now) = (service.shops.drafts(), service.clockwork.now());
    let published = drafts.publish(draft, &service.store, &parent.into(), caller.principal.as_str(), now).await;
    let version = published.map_err(|error| Refused::of(&caller.shop, error))?;
    Ok(Json(Published { version: version.to_string() }))
}
