//! `GET /scripts`: the whole library by a few letters, with the facts of the chat filled in.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use crate::decide::Values;
use crate::desk::library::{Found, Hit, Library, Phrase, Phrases};
use crate::domain::{ConversationId, Customer, Language, OrderSummary, PlaybookHash, Situation};
use crate::orders::mask_phones;
use crate::shops::Shop;

/// A person looks at no more.
const MOST: usize = 30;
/// Of these some don't fit the chat.
const MORE: usize = 120;
/// Shops whose libraries are kept ready.
const READY: usize = 64;
/// In characters.
const LONGEST_QUERY: usize = 60;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(search))
}

/// The libraries that were searched last, by their playbooks' hashes.
#[derive(Default)]
pub struct Libraries {
    ready: Mutex<VecDeque<(PlaybookHash, Arc<Library>)>>,
}

impl Libraries {
    /// A shop's scripts, prepared once for each version.
    pub(in super::super) async fn of(&self, shop: &Arc<Shop>) -> Arc<Library> {
        let hash = shop.engine().playbook.hash.clone();
        if let Some(library) = self.known(&hash) {
            return library;
        }
        let engine = shop.engine();
        let preparing = tokio::task::spawn_blocking(move || Library::of(&engine.playbook)).await;
        let library = Arc::new(preparing.unwrap_or_default());
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        ready.push_front((hash, library.clone()));
        ready.truncate(READY);
        library
    }

    fn known(&self, hash: &PlaybookHash) -> Option<Arc<Library>> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        let place = ready.iter().position(|(known, _)| known == hash)?;
        let found = ready.remove(place)?;
        let library = found.1.clone();
        ready.push_front(found);
        Some(library)
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Search {
    /// Words, pinyin or its initials; nothing: quick phrases, then the most general scripts.
    #[serde(default)]
    q: String,
    /// zh or en; the shop's first without it.
    language: Option<String>,
    /// Whose order and name are filled in.
    conversation: Option<String>,
}

/// A script that was found.
#[derive(Serialize, ToSchema)]
struct ScriptView {
    id: String,
    title: String,
    /// With what is known filled in; the rest stays as `{…}`.
    text: String,
    category: String,
    intent: Option<String>,
    /// shop, team or mine.
    of: &'static str,
    /// Stretches of the title that the search found, in UTF-16 units.
    hits: Vec<(usize, usize)>,
}

#[derive(Serialize, ToSchema)]
struct Scripts {
    scripts: Vec<ScriptView>,
    /// How long the search itself took, in microseconds.
    micros: i64,
}

/// Searches every script: the shop's, the team's phrases and mine.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/scripts", tag = "scripts", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), Search), responses((status = 200, body = Scripts), (status = 400, body = Problem)))]
async fn search(
    State(service): State<Service>,
    caller: Caller,
    Query(search): Query<Search>,
) -> Result<Json<Scripts>, Problem> {
    if search.q.chars().count() > LONGEST_QUERY {
        return Err(Problem::bad_request("search for at most 60 characters"));
    }
    let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
    let engine = shop.engine();
    let (playbook, _) = engine.at(service.clockwork.now());
    let asked = search.language.as_deref().and_then(Language::parse);
    let language = asked.or(playbook.settings.languages.first().copied()).unwrap_or(Language::Zh);
    let rows = service.store.phrases(&caller.shop, &caller.principal).await?;
    let team: Vec<String> = rows.iter().filter(|row| row.owner.is_none()).map(|row| row.id.to_string()).collect();
    let own = rows.into_iter().map(|row| Phrase { id: row.id.to_string(), title: row.title, text: row.text });
    let own = Phrases::of(own);
    let (customer, order) = match search.conversation.map(ConversationId::from) {
        Some(id) => in_chat(&service, &caller, &id).await?,
        None => (Customer::default(), None),
    };
    let library = service.libraries.of(&shop).await;
    let begun = tokio::time::Instant::now();
    let mut hits = library.search_among(&own, &search.q, language, MORE);
    let micros = i64::try_from(begun.elapsed().as_micros()).unwrap_or(i64::MAX);
    let situation = order.as_ref().map(|order| order.state.situation());
    hits.retain(|hit| fits(hit, situation));
    hits.truncate(MOST);
    let values = Values::of_order(playbook, language, &customer, order.as_ref());
    let mut scripts: Vec<ScriptView> = hits.into_iter().map(|hit| shown(hit, &values, &team)).collect();
    caller.sign(&service, &mut scripts.iter_mut().map(|script| &mut script.text).collect::<Vec<_>>()).await?;
    Ok(Json(Scripts { scripts, micros }))
}

/// Who the chat is with, and about which order.
async fn in_chat(
    service: &Service,
    caller: &Caller,
    id: &ConversationId,
) -> Result<(Customer, Option<OrderSummary>), Problem> {
    let row = service.store.conversation(&caller.shop, id).await?;
    let order = service.store.last_order(&caller.shop, id).await?;
    let mut customer = row.map(|row| row.customer).unwrap_or_default();
    if caller.outsourced {
        customer.name = customer.name.map(|name| mask_phones(&name));
    }
    Ok((customer, order))
}

/// Whether the bot's words for a situation fit: those for another state of the order don't, and those that say what the
/// bot doesn't know are none of a person's.
fn fits(hit: &Hit<'_>, of_order: Option<Situation>) -> bool {
    use Situation::{Default, FactUnknown, OrderUnknown, ProductUnknown, Several, SourceDown};
    let Found::Script(entry) = hit.found else { return true };
    let place = entry.id.rsplit_once('#').map_or("", |(_, place)| place);
    match Situation::parse(place) {
        None | Some(Default) => true,
        Some(FactUnknown | ProductUnknown | SourceDown | Several) => false,
        Some(OrderUnknown) => of_order.is_none(),
        Some(situation) => of_order.is_none_or(|order| order == situation || order.fallback() == Some(situation)),
    }
}

fn shown(hit: Hit<'_>, values: &Values<'_>, team: &[String]) -> ScriptView {
    let (id, title) = (hit.found.id().to_owned(), hit.found.title().to_owned());
    match hit.found {
        Found::Script(entry) => ScriptView {
            text: entry.text.fill_known(&mut |variable| values.get(variable)),
            category: entry.category.clone(),
            intent: Some(entry.intent.to_string()),
            of: "shop",
            id,
            title,
            hits: hit.hits,
        },
        Found::Own(phrase) => {
            let of = if team.contains(&phrase.id) { "team" } else { "mine" };
            ScriptView {
                text: phrase.text.clone(),
                category: String::new(),
                intent: None,
                of,
                id,
                title,
                hits: hit.hits,
            }
        }
    }
}
