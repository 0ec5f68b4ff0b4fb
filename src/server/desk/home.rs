//! What the desk loads when it opens: who I am, and all that waits for me over all of my shops.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::problem::Problem;
use super::agents::{AgentView, agents};
use super::item::{Item, is_on_desk};
use super::promises::{PromiseView, open_for};
use super::session::Person;
use crate::domain::Language;
use crate::playbook::facts::Local;
use crate::playbook::flags::Flag;
use crate::store::{Membership, Presence, StoreError};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(desk))
}

/// A shop that somebody works in.
#[derive(Serialize, ToSchema)]
struct MyShop {
    id: String,
    /// By language.
    #[schema(value_type = Object)]
    name: Value,
    /// agent, lead or manager.
    role: &'static str,
    /// Of another firm: sees no phones.
    outsourced: bool,
    languages: Vec<&'static str>,
    time_zone: Option<String>,
    queues: Vec<String>,
    /// What the shop's flags are called, by colour.
    #[schema(value_type = Object)]
    flags: BTreeMap<String, Value>,
    /// What each channel can do.
    #[schema(value_type = Object)]
    channels: BTreeMap<String, Value>,
    /// Whether it has a page to try.
    try_page: bool,
}

/// Who has signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    id: String,
    name: String,
    /// online, busy or away.
    state: &'static str,
    shops: Vec<MyShop>,
}

impl Me {
    /// As it stands.
    pub(super) fn of(service: &Service, person: &Person, presence: Presence) -> Self {
        Self {
            id: person.id.to_string(),
            name: person.name.clone(),
            state: presence.key(),
            shops: person.places.iter().filter_map(|place| MyShop::of(service, place)).collect(),
        }
    }

    /// With what they said of themselves last.
    pub(super) async fn now(service: &Service, person: &Person) -> Result<Self, StoreError> {
        let presences = service.store.presences(service.clockwork.now()).await?;
        let mine = presences.iter().find(|row| row.person == person.id).map(|row| row.presence);
        let mine = match mine {
            Some(presence) if presence != Presence::Offline => presence,
            _ => Presence::Online,
        };
        Ok(Self::of(service, person, mine))
    }
}

impl MyShop {
    fn of(service: &Service, place: &Membership) -> Option<Self> {
        let shop = service.shops.get(&place.shop)?;
        let engine = shop.engine();
        let settings = &engine.playbook.settings;
        let name = json!({ "zh": settings.name.of(Language::Zh), "en": settings.name.of(Language::En) });
        let channel = |(name, channel): (&crate::domain::ChannelName, &crate::playbook::settings::ChannelSettings)| {
            (name.to_string(), json!({ "recall_ms": channel.recall.unwrap_or(0) }))
        };
        let flag = |(colour, name): (&Flag, &Local)| {
            (colour.key().to_owned(), json!({ "zh": name.of(Language::Zh), "en": name.of(Language::En) }))
        };
        Some(Self {
            id: shop.id.to_string(),
            name,
            role: place.role.key(),
            outsourced: place.outsourced,
            languages: settings.languages.iter().map(|language| language.key()).collect(),
            time_zone: settings.time_zone.iana_name().map(str::to_owned),
            queues: settings.queues.iter().map(ToString::to_string).collect(),
            flags: settings.flags.iter().map(flag).collect(),
            channels: settings.channels.iter().map(channel).collect(),
            try_page: shop.try_page.is_some(),
        })
    }
}

/// All that is on somebody's desk.
#[derive(Serialize, ToSchema)]
struct Desk {
    /// Our clock.
    now: i64,
    /// Where the live stream goes on from here.
    cursor: String,
    items: Vec<Item>,
    agents: Vec<AgentView>,
    promises: Vec<PromiseView>,
}

/// The queue over all of my shops: what waits, what I hold, and for leads what others hold.
#[utoipa::path(get, path = "/api/v1/desk", tag = "desk", security(("session" = [])),
    responses((status = 200, body = Desk), (status = 401, body = Problem)))]
async fn desk(State(service): State<Service>, person: Person) -> Result<Json<Desk>, Problem> {
    // The place first: what changes while we read comes again on the stream.
    let cursor = service.store.stream_end().await?.to_string();
    let mut items = Vec::new();
    for place in &person.places {
        let Some(shop) = service.shops.get(&place.shop) else { continue };
        let engine = shop.engine();
        let rows = service.store.queue(&place.shop).await?;
        let mine = rows.iter().filter(|row| is_on_desk(row, &person));
        let shown = mine.map(|row| Item::of(&engine.playbook, row));
        items.extend(shown.map(|item| if place.outsourced { item.masked() } else { item }));
    }
    let agents = agents(&service, &person).await?;
    let promises = open_for(&service, &person).await?;
    Ok(Json(Desk { now: service.clockwork.now().0, cursor, items, agents, promises }))
}
