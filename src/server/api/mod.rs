//! The API below `/api/v1/shops/{shop}`: for desks that aren't ours, and for ours.

mod conversations;
mod events;
mod funnel;
mod guarded;
mod holding;
mod line;
mod opened;
mod playbook;
mod reply;
mod shop;
mod suggest;
mod take_back;
mod view;

use utoipa_axum::router::OpenApiRouter;

use super::Service;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .merge(suggest::routes())
        .merge(conversations::routes())
        .merge(holding::routes())
        .merge(reply::routes())
        .merge(take_back::routes())
        .merge(shop::routes())
        .merge(funnel::routes())
        .merge(events::routes())
        .merge(playbook::routes())
}
