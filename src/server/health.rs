//! `/healthz`, `/readyz`, `/metrics`.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Service;
use crate::domain::Language;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).routes(routes!(metrics_page))
}

/// Whether the process is alive.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, description = "alive")))]
async fn healthz() -> &'static str {
    "ok"
}

/// Whether it can serve: the store answers, every shop's playbook is loaded; broken files are named.
#[utoipa::path(get, path = "/readyz", tag = "health", responses(
    (status = 200, description = "ready"), (status = 503, description = "not ready, and why")))]
async fn readyz(State(service): State<Service>) -> Response {
    let store = service.store.ping().await.is_ok();
    let mut shops = serde_json::Map::new();
    for shop in service.shops.all() {
        shops.insert(shop.id.to_string(), json!({ "playbook": shop.engine().playbook.hash }));
    }
    let problems: Vec<_> = service
        .shops
        .problems()
        .into_iter()
        .flat_map(|problem| {
            let shop = problem.shop;
            problem.mistakes.into_iter().map(move |mistake| {
                json!({ "shop": shop, "file": mistake.place.file, "line": mistake.place.line, "code": mistake.code,
                        "message": mistake.message.of(Language::En) })
            })
        })
        .collect();
    let ready = store && problems.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": ready, "store": store, "shops": shops, "problems": problems }))).into_response()
}

/// Figures in Prometheus' text form.
#[utoipa::path(get, path = "/metrics", tag = "health", responses((status = 200, description = "Prometheus text format")))]
async fn metrics_page(State(service): State<Service>) -> Response {
    if let Ok(counts) = service.store.counts().await {
        #[allow(clippy::cast_precision_loss, reason = "counts of rows")]
        {
            metrics::gauge!("xiaoer_undecided_messages").set(counts.undecided as f64);
            for (state, count) in counts.outbox {
                metrics::gauge!("xiaoer_outbox", "state" => state.key()).set(count as f64);
            }
            for (phase, count) in counts.conversations {
                metrics::gauge!("xiaoer_conversations", "phase" => phase.key()).set(count as f64);
            }
        }
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], service.metrics.render()).into_response()
}
