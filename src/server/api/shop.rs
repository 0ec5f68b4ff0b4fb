//! What a desk needs to know of a shop: its products' pages, and who may show the suggestions in a frame.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use crate::domain::{Language, ShopId};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(products)).routes(routes!(embed))
}

/// A product's name and page.
#[derive(Serialize, ToSchema)]
struct ProductView {
    id: String,
    /// By language.
    #[schema(value_type = Object)]
    name: Value,
    url: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Products {
    products: Vec<ProductView>,
}

/// The shop's products, to send their links.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/products", tag = "desk", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path)), responses((status = 200, body = Products)))]
async fn products(State(service): State<Service>, caller: Caller) -> Result<Json<Products>, Problem> {
    let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
    let engine = shop.engine();
    let view = |product: &std::sync::Arc<crate::playbook::product::Product>| ProductView {
        id: product.id.to_string(),
        name: json!({ "zh": product.name.of(Language::Zh), "en": product.name.of(Language::En) }),
        url: product.link.clone(),
    };
    Ok(Json(Products { products: engine.playbook.products.values().map(view).collect() }))
}

/// Who may show the suggestions inside their pages.
#[derive(Serialize, ToSchema)]
struct Embed {
    /// As browsers write origins: https://desk.example.com
    origins: Vec<String>,
}

/// Whose pages may show `/embed/{shop}` in a frame. Told to everybody: browsers are told by a header too.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/embed", tag = "desk", params(("shop" = String, Path)),
    responses((status = 200, body = Embed), (status = 404, body = Problem)))]
async fn embed(State(service): State<Service>, Path(shop): Path<String>) -> Result<Json<Embed>, Problem> {
    let shop = service.shops.get(&ShopId::from(shop)).ok_or_else(|| Problem::not_found("there is no such shop"))?;
    Ok(Json(Embed { origins: shop.engine().playbook.settings.embed.clone() }))
}
