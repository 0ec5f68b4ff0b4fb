//! `/try/{shop}`: a customer's chat window with a random customer, and for whoever may, the agents' side beside it.

use axum::Router;
use axum::routing::get;

use super::Service;

pub(super) fn routes() -> Router<Service> {
    Router::new().route("/", get(|| async { "xiaoer" }))
}
