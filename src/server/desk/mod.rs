//! The agents' desk: signing in, the queue over all of a person's shops, the live stream, people, quick phrases,
//! promises and pictures. What is done to one conversation is in `api/`.

mod agents;
mod home;
mod invitations;
mod item;
mod live;
mod pages;
mod password;
mod people;
mod phrases;
mod pictures;
mod promises;
mod scripts;
pub(super) mod session;
mod stream;
mod throttle;

use axum::Router;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;

use super::Service;

pub(super) use item::Item;
pub use live::{Live, follow};
pub use password::{InvitationError, hash_password, invite};
pub(super) use promises::PromiseView;
pub use scripts::Libraries;
pub use throttle::Throttle;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .merge(session::routes())
        .merge(invitations::routes())
        .merge(home::routes())
        .merge(stream::routes())
        .merge(people::routes())
        .merge(phrases::routes())
        .merge(scripts::routes())
        .merge(promises::routes())
        .merge(pictures::routes())
}

/// The pages and their files.
pub(super) fn pages() -> Router<Service> {
    Router::new()
        .route("/desk", get(pages::desk))
        .route("/desk/report", get(pages::report))
        .route("/welcome", get(pages::welcome))
        .route("/people", get(pages::people))
        .route("/playbook", get(pages::playbook))
        .route("/panel", get(pages::panel))
        .route("/embed/{shop}", get(pages::embed))
        .route("/assets/{folder}/{file}", get(pages::file))
        .route("/files/{id}", get(pictures::show))
}
