//! `GET /playbook`, `GET /playbook/file`: what the version in force is made of.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::may_read;
use super::mistake::Refused;
use crate::domain::{IntentId, Language, ProductId};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::Bilingual;
use crate::playbook::facts::Local;
use crate::playbook::layer::{Kind, Layer};
use crate::server::Service;
use crate::server::access::Caller;
use crate::server::problem::Problem;
use crate::shops::sources_of;
use crate::store::PlaybookVersion;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(file))
}

/// The version in force.
#[derive(Serialize, ToSchema)]
struct InForce {
    /// Its hash: the parent of what is published over it.
    version: String,
    /// Who put it in force.
    author: String,
    /// When.
    at: i64,
    /// By path.
    files: Vec<FileItem>,
}

/// One file of the playbook, whichever layers have it.
#[derive(Serialize, ToSchema)]
struct FileItem {
    /// Below the shop's folder.
    path: String,
    /// The topmost that has it: base, group or shop.
    layer: &'static str,
    /// intent, reply, campaign, product or shop.
    kind: &'static str,
    /// What people call it, by language.
    #[schema(value_type = Option<Object>)]
    title: Option<Bilingual>,
    /// Whether the shop has one of its own.
    own: bool,
}

/// The files of the version in force, and of the layers below it.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/playbook", tag = "playbook", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)),
    responses((status = 200, body = InForce), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn list(State(service): State<Service>, caller: Caller) -> Result<Json<InForce>, Refused> {
    may_read(&caller)?;
    let current = current(&service, &caller).await?;
    let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
    let last = service.store.playbook_moves(&caller.shop, 1).await?.into_iter().next();
    let last = last.filter(|last| last.to == current.hash);
    let (author, at) = last.map_or((current.author.clone(), current.at), |last| (last.by, last.at));
    let layers = sources_of(&current)?.layers(&caller.shop).stack();
    let files = items(&shop.engine().playbook, &layers);
    Ok(Json(InForce { version: current.hash.to_string(), author, at: at.0, files }))
}

async fn current(service: &Service, caller: &Caller) -> Result<PlaybookVersion, Refused> {
    let current = service.store.latest_playbook(&caller.shop).await?;
    Ok(current.ok_or_else(|| Problem::not_found("nothing of this shop was published yet"))?)
}

fn items(playbook: &Playbook, layers: &[Layer]) -> Vec<FileItem> {
    let mut topmost: BTreeMap<&str, Kind> = BTreeMap::new();
    for layer in layers {
        topmost.extend(layer.files.iter().map(|file| (&*file.path, layer.kind)));
    }
    let item = |(path, layer): (&str, Kind)| {
        let (kind, title) = kind_and_title(playbook, path)?;
        let layer_name = match layer {
            Kind::Base => "base",
            Kind::Group => "group",
            Kind::Shop => "shop",
        };
        let title = title.map(|title| Bilingual::new(title.of(Language::Zh), title.of(Language::En)));
        Some(FileItem { path: path.to_owned(), layer: layer_name, kind, title, own: layer == Kind::Shop })
    };
    topmost.into_iter().filter_map(item).collect()
}

/// What a file is for, and what people call it; the titles are those that are served now. `None`: nothing reads it.
fn kind_and_title<'p>(playbook: &'p Playbook, path: &str) -> Option<(&'static str, Option<&'p Local>)> {
    let path = path.trim_end_matches(".yaml").trim_end_matches(".yml");
    let of_reply = |id: &str| playbook.replies.get(&IntentId::from(id)).and_then(|replies| replies.title.as_ref());
    Some(match path.split_once('/') {
        None if path == "shop" => ("shop", Some(&playbook.settings.name)),
        Some(("intents", id)) => ("intent", of_reply(id)),
        Some(("replies", id)) => ("reply", of_reply(id)),
        Some(("campaigns", name)) => {
            let campaign = playbook.campaigns.iter().find(|campaign| campaign.name == name);
            ("campaign", campaign.and_then(|campaign| campaign.title.as_ref()))
        }
        Some(("products", id)) => ("product", playbook.products.get(&ProductId::from(id)).map(|found| &found.name)),
        _ => return None,
    })
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Below the shop's folder.
    path: String,
}

/// One file.
#[derive(Serialize, ToSchema)]
struct FileText {
    /// Below the shop's folder.
    path: String,
    /// The version in force, whose text it is.
    version: String,
    /// The text of the shop's own file.
    own: Option<String>,
    /// What the layers below say; where several do, one below the other, the lowest first.
    base: Option<String>,
}

/// One file of the version in force, beside what the layers below it say.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/playbook/file", tag = "playbook", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), Wanted),
    responses((status = 200, body = FileText), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn file(
    State(service): State<Service>,
    caller: Caller,
    Query(Wanted { path }): Query<Wanted>,
) -> Result<Json<FileText>, Refused> {
    may_read(&caller)?;
    let current = current(&service, &caller).await?;
    let layers = sources_of(&current)?.layers(&caller.shop);
    let text = |layer: &Layer| layer.files.iter().find(|file| *file.path == *path).map(|file| file.text.clone());
    let own = text(&layers.own);
    let below: Vec<(&str, String)> = [&layers.base]
        .into_iter()
        .chain(&layers.groups)
        .filter_map(|layer| Some((layer.name.as_str(), text(layer)?)))
        .collect();
    let base = joined(below);
    if own.is_none() && base.is_none() {
        return Err(Problem::not_found("there is no such file").into());
    }
    Ok(Json(FileText { path, version: current.hash.to_string(), own, base }))
}

/// Several texts under the names of their layers.
fn joined(mut texts: Vec<(&str, String)>) -> Option<String> {
    if texts.len() < 2 {
        return texts.pop().map(|(_, text)| text);
    }
    Some(texts.iter().map(|(name, text)| format!("# {name}\n{text}")).collect::<Vec<_>>().join("\n"))
}
