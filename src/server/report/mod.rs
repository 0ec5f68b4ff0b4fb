//! The report of a shop: its rates, and the episodes behind each of them. For leads and managers.

mod charts;
mod edits;
mod episodes;
mod figures;
mod gaps;
mod ledger;
mod sample;
mod wanted;
mod words;

use utoipa_axum::router::OpenApiRouter;

use super::Service;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .merge(figures::routes())
        .merge(episodes::routes())
        .merge(charts::routes())
        .merge(edits::routes())
        .merge(sample::routes())
        .merge(ledger::routes())
        .merge(gaps::routes())
}
