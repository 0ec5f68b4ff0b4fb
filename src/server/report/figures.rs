//! `GET /report`: the rates, in all and cut.

use std::collections::{BTreeMap, HashMap};

use axum::Json;
use axum::extract::{Query as UrlQuery, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use super::wanted::{Query, beside};
use crate::domain::{At, DAY, Language, ShopId};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::Bilingual;
use crate::report::{Cut, FiguresView, Group};
use crate::store::StoreError;

pub(super) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(report))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct By {
    /// day, hour, week_hour, channel, intent, product, script, agent, version, rung; several with commas between.
    by: Option<String>,
}

/// A shop's rates.
#[derive(Serialize, ToSchema)]
struct ReportView {
    shop: String,
    /// In which days are told apart.
    zone: Option<String>,
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// When it was made.
    now: i64,
    /// How long an answer had to last.
    hours: i64,
    /// Whether everything is counted; after an upgrade that takes a while.
    complete: bool,
    /// In all.
    figures: FiguresView,
    /// At this moment.
    at_the_desk: AtTheDesk,
    /// By the name of the cut, its groups.
    #[schema(value_type = Object)]
    cuts: BTreeMap<&'static str, Vec<GroupView>>,
}

/// What is at the desk at this moment.
#[derive(Serialize, ToSchema)]
struct AtTheDesk {
    /// Chats that wait for a person.
    waiting: usize,
    /// Chats that people hold.
    held: usize,
    /// Since when the longest has waited.
    oldest_waiting_since: Option<i64>,
    /// Promises whose time ends within a day.
    promises_due_today: usize,
    /// Promises whose time ran out.
    promises_overdue: usize,
}

/// One group of a cut.
#[derive(Serialize, ToSchema)]
struct GroupView {
    /// A day, an intent's id …
    name: String,
    /// What people call it, by language.
    #[schema(value_type = Option<Object>)]
    title: Option<Bilingual>,
    figures: FiguresView,
}

/// The rates of a period, each with its numerator and denominator, in all and cut by day, intent, agent ….
#[utoipa::path(get, path = "/api/v1/shops/{shop}/report", tag = "report", security(("token" = []), ("session" = [])),
    params(("shop" = String, Path), Query, By),
    responses((status = 200, body = ReportView), (status = 400, body = Problem), (status = 403, body = Problem)))]
async fn report(
    State(service): State<Service>,
    caller: Caller,
    UrlQuery(query): UrlQuery<Query>,
    UrlQuery(By { by }): UrlQuery<By>,
) -> Result<Json<ReportView>, Problem> {
    let by = by.unwrap_or_default();
    let cuts = by.split(',').filter(|word| !word.is_empty()).map(cut).collect::<Result<Vec<_>, _>>()?;
    let asked = query.open(&service, &caller).await?;
    let (wanted, shelf) = (asked.wanted.clone(), asked.shelf);
    let made = beside(move || wanted.report(&shelf, &cuts)).await?;
    let wanted = asked.wanted;
    let engine = asked.shop.engine();
    let names = names(&service, &caller.shop).await?;
    let view = |cut: Cut, group: Group| GroupView {
        title: title(cut, &group.name, &engine.playbook, &names),
        figures: FiguresView::brief(&group.figures),
        name: group.name,
    };
    let cuts = made.cuts.into_iter().map(|(cut, groups)| {
        let groups = groups.into_iter().map(|group| view(cut, group)).collect();
        (cut.key(), groups)
    });
    let day = |at: At| at.timestamp().to_zoned(wanted.hours.zone.clone()).date().to_string();
    Ok(Json(ReportView {
        shop: caller.shop.to_string(),
        zone: wanted.hours.zone.iana_name().map(str::to_owned),
        from: day(wanted.from),
        to: day(wanted.to.plus(-1)),
        now: asked.now.0,
        hours: wanted.lasting.window / crate::domain::HOUR,
        complete: service.cabinet.is_complete().await?,
        figures: FiguresView::whole(&made.all),
        at_the_desk: at_the_desk(&service, &caller.shop, asked.now).await?,
        cuts: cuts.collect(),
    }))
}

fn cut(word: &str) -> Result<Cut, Problem> {
    Cut::parse(word.trim()).ok_or_else(|| {
        let words: Vec<&str> = Cut::ALL.iter().map(|cut| cut.key()).collect();
        Problem::bad_request(format!("`by` is one of {}", words.join(", ")))
    })
}

/// People of the shop, by id.
pub(super) async fn names(service: &Service, shop: &ShopId) -> Result<HashMap<String, String>, StoreError> {
    let members = service.store.members(shop).await?;
    Ok(members.into_iter().map(|member| (member.person.id.to_string(), member.person.name)).collect())
}

pub(super) fn title(cut: Cut, name: &str, playbook: &Playbook, people: &HashMap<String, String>) -> Option<Bilingual> {
    if cut == Cut::Agent {
        return people.get(name).map(|name| Bilingual::new(name.as_str(), name.as_str()));
    }
    let local = cut.title(name, playbook)?;
    Some(Bilingual::new(local.of(Language::Zh), local.of(Language::En)))
}

async fn at_the_desk(service: &Service, shop: &ShopId, now: At) -> Result<AtTheDesk, StoreError> {
    let queue = service.store.queue(shop).await?;
    let waiting = || queue.iter().filter_map(|queued| queued.row.state.waiting_since);
    let promises = service.store.open_promises(shop).await?;
    Ok(AtTheDesk {
        waiting: waiting().count(),
        held: queue.iter().filter(|queued| queued.row.state.holder.is_some()).count(),
        oldest_waiting_since: waiting().min().map(|at| at.0),
        promises_due_today: promises.iter().filter(|promise| promise.due > now && promise.due <= now.plus(DAY)).count(),
        promises_overdue: promises.iter().filter(|promise| promise.due <= now).count(),
    })
}
