//! `GET /report/charts/{name}.svg`: the report's charts.

use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::figures::{names, title};
use super::wanted::{Query, beside};
use crate::domain::{At, Language};
use crate::report::chart::{Chart, Picture, Shape};

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(chart))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Drawn {
    /// zh or en; zh without it.
    lang: Option<String>,
    /// wide, half or narrow; wide without it.
    shape: Option<String>,
}

impl Drawn {
    fn language(&self) -> Result<Language, Problem> {
        match self.lang.as_deref() {
            None => Ok(Language::Zh),
            Some(word) => Language::parse(word).ok_or_else(|| Problem::bad_request("`lang` must be zh or en")),
        }
    }

    fn shape(&self) -> Result<Shape, Problem> {
        match self.shape.as_deref() {
            None | Some("wide") => Ok(Shape::Wide),
            Some("half") => Ok(Shape::Half),
            Some("narrow") => Ok(Shape::Narrow),
            Some(_) => Err(Problem::bad_request("`shape` must be wide, half or narrow")),
        }
    }
}

/// A chart of the report, for the same period and filters, as an SVG document: trend, volume, response, heat, heat_waits,
/// intents or agents.
#[utoipa::path(get, path = "/api/v1/shops/{shop}/report/charts/{file}", tag = "report", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), ("file" = String, Path, description = "the chart's name and .svg"), Query, Drawn),
    responses((status = 200, content_type = "image/svg+xml", body = String), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn chart(
    State(service): State<Service>,
    caller: Caller,
    Path((_, file)): Path<(String, String)>,
    UrlQuery(query): UrlQuery<Query>,
    UrlQuery(drawn): UrlQuery<Drawn>,
) -> Result<Response, Problem> {
    let (language, shape) = (drawn.language()?, drawn.shape()?);
    let asked = query.open(&service, &caller).await?;
    let chart = file.strip_suffix(".svg").and_then(Chart::parse);
    let chart = chart.ok_or_else(|| Problem::not_found("there is no such chart"))?;
    let people = names(&service, &caller.shop).await?;
    let (wanted, shelf, engine) = (asked.wanted, asked.shelf, asked.shop.engine());
    let svg = beside(move || {
        let report = wanted.report(&shelf, &[chart.cut()]);
        let day = |at: At| at.timestamp().to_zoned(wanted.hours.zone.clone()).date();
        let title = |name: &str| {
            let titles = title(chart.cut(), name, &engine.playbook, &people);
            titles.map_or_else(|| name.to_owned(), |titles| titles.of(language).to_owned())
        };
        let (from, to) = (day(wanted.from), day(wanted.to.plus(-1)));
        chart.draw(&Picture { report: &report, from, to, language, shape, title: &title })
    })
    .await?;
    let svg = svg.map_err(|error| {
        tracing::error!(%error, "a chart could not be drawn");
        Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "the chart could not be drawn")
    })?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, svg).into_response())
}
