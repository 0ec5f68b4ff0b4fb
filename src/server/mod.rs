//! HTTP: webhooks in, the API, the agents' desk, the try page, health. Holds no rule of its own: it asks the engine or the store.

mod access;
mod api;
mod assets;
mod desk;
mod health;
mod in_time;
mod listen;
mod page;
mod problem;
mod report;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::report::Cabinet;
use crate::shops::{Clockwork, Shops};
use crate::store::Store;

use access::BearerToken;
pub use access::{new_token, token_hash};
pub use desk::{InvitationError, Libraries, Live, Throttle, follow, hash_password, invite};
pub use listen::{Limits, serve};

/// The largest body that is read, in bytes.
pub const LARGEST_BODY: usize = 1024 * 1024;

/// What every handler works with.
#[derive(Clone)]
pub struct Service {
    /// Where everything is kept.
    pub store: Store,
    /// Who is served.
    pub shops: Arc<Shops>,
    /// The clock and the ids.
    pub clockwork: Clockwork,
    /// Knocked at when a reply was queued.
    pub outbox: Arc<Notify>,
    /// Renders `/metrics`.
    pub metrics: PrometheusHandle,
    /// What the desks of this node follow.
    pub live: Arc<Live>,
    /// Scripts, prepared for searching.
    pub libraries: Arc<Libraries>,
    /// The facts of episodes, for reports.
    pub cabinet: Arc<Cabinet>,
    /// Tries of passwords.
    pub throttle: Arc<Throttle>,
    /// Ends the event streams when the service stops.
    pub stop: CancellationToken,
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Xiaoer", description = "Chatbot middleware and a reply-suggestion engine for online shops"),
    components(schemas(problem::Problem)),
    modifiers(&BearerToken)
)]
struct Document;

/// Every path of the service.
pub fn router(service: Service) -> Router {
    let (routes, document) = OpenApiRouter::with_openapi(Document::openapi())
        .merge(webhooks::routes())
        .merge(api::routes())
        .merge(desk::routes())
        .merge(report::routes())
        .merge(health::routes())
        .split_for_parts();
    let document = document.to_json().unwrap_or_default();
    let openapi = move || async move { ([(header::CONTENT_TYPE, "application/json")], document) };
    routes
        .route("/openapi.json", get(openapi))
        .merge(page::routes())
        .merge(desk::pages())
        .fallback(|| async { problem::Problem::not_found("nothing is served at this path") })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(map_response(problem::in_our_words))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .with_state(service)
}
