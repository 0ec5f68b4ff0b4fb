//! `/healthz`, `/readyz`, `/metrics`.

use std::path::Path;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Service;
use crate::domain::Language;
use crate::shops::Problem;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).routes(routes!(metrics_page))
}

/// Whether the process is alive.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, description = "alive")))]
async fn healthz() -> &'static str {
    "ok"
}

/// Whether it can serve: the store answers, and every shop has a playbook in force. Files that are not in force as they
/// stand are named, also while an older version of them is served.
#[utoipa::path(get, path = "/readyz", tag = "health", responses(
    (status = 200, description = "ready"), (status = 503, description = "not ready, and why")))]
async fn readyz(State(service): State<Service>) -> Response {
    let store = service.store.ping().await.is_ok();
    let mut shops = serde_json::Map::new();
    for shop in service.shops.all() {
        let about = json!({ "playbook": shop.engine().playbook.hash, "version": shop.version });
        shops.insert(shop.id.to_string(), about);
    }
    let problems = service.shops.problems();
    let ready = store && problems.iter().all(|problem| problem.served);
    let told: Vec<Value> = problems.iter().flat_map(|problem| told(service.shops.folder(), problem)).collect();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": ready, "store": store, "shops": shops, "problems": told }))).into_response()
}

/// A shop's mistakes, without the folders of this machine: anybody may read them.
fn told(shops: &Path, problem: &Problem) -> Vec<Value> {
    let below = |text: &str| {
        let folders = [problem.folder.as_path(), shops].map(|folder| format!("{}/", folder.display()));
        folders.iter().fold(text.to_owned(), |text, folder| text.replace(folder, ""))
    };
    let mistakes = problem.mistakes.iter().map(|mistake| {
        json!({
            "shop": problem.shop,
            "file": without_folder(&below(&mistake.place.file)),
            "line": mistake.place.line,
            "code": mistake.code,
            "message": below(mistake.message.of(Language::En)).split(' ').map(without_folder).collect::<Vec<_>>().join(" "),
            "served": problem.served,
        })
    });
    mistakes.collect()
}

/// An absolute path's last part; anything else as it is.
fn without_folder(word: &str) -> &str {
    let path = word.trim_start_matches(['(', '"', '`', '\'']);
    if path.starts_with('/') { path.rsplit('/').find(|part| !part.is_empty()).unwrap_or(word) } else { word }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::diagnostic::{Bilingual, Diagnostic, Place};

    #[test]
    fn nobody_learns_where_the_files_are() {
        let mistake = |file: &str, message: &str| {
            let place = Place { file: file.into(), ..Place::default() };
            Diagnostic::error("shop", place, Bilingual::new("", message))
        };
        let mistakes = vec![
            mistake("/srv/shops/demo/intents/a/b.yaml", "unknown key `x`"),
            mistake(
                "/srv/shops/demo/shop.yaml",
                "channels.web: /srv/shops/demo/secret: not there (/var/lib/x/secrets/y)",
            ),
            mistake("/elsewhere/c.yaml", "answer: a/b"),
        ];
        let problem = Problem { shop: "demo".into(), folder: "/srv/shops/demo".into(), mistakes, served: true };
        let told = told(Path::new("/srv/shops"), &problem);
        let files: Vec<&str> = told.iter().map(|told| told["file"].as_str().unwrap()).collect();
        assert_eq!(files, ["intents/a/b.yaml", "shop.yaml", "c.yaml"]);
        assert_eq!(told[1]["message"], "channels.web: secret: not there y)");
    }
}
