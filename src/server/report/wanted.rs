//! What a report is asked for: the period, and filters that combine.

use std::sync::Arc;

use serde::Deserialize;
use tokio::sync::OwnedRwLockReadGuard;
use utoipa::IntoParams;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use crate::domain::{At, HOUR, Role, Rung, period};
use crate::report::{Filter, Hours, Lasting, Shelf, USUAL_HOURS, Wanted};
use crate::shops::Shop;

/// More hours than a year has are no window.
const LONGEST_WINDOW: i64 = 24 * 366;

/// The period and the filters.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Query {
    /// The first day, 2026-11-01, of the shop's zone; or -7d. Seven days ago without it.
    from: Option<String>,
    /// The last day, all of it. Now without it.
    to: Option<String>,
    /// How long an answer has to last, in hours.
    hours: Option<i64>,
    channel: Option<String>,
    intent: Option<String>,
    product: Option<String>,
    script: Option<String>,
    agent: Option<String>,
    version: Option<String>,
    /// Of the first hand-off.
    rung: Option<String>,
    /// Of the day, 0 to 23.
    hour: Option<i8>,
    /// 1 Monday to 7 Sunday.
    weekday: Option<i8>,
}

/// A report that is asked for by somebody who may.
pub(super) struct Asked {
    pub(super) shop: Arc<Shop>,
    pub(super) wanted: Wanted,
    pub(super) shelf: OwnedRwLockReadGuard<Shelf>,
    pub(super) now: At,
}

impl Query {
    /// Reads it, and brings the facts up to now.
    pub(super) async fn open(&self, service: &Service, caller: &Caller) -> Result<Asked, Problem> {
        caller.must_be(Role::Lead)?;
        let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
        let now = service.clockwork.now();
        let wanted = self.wanted(&shop, now)?;
        let shelf = service.cabinet.open(&caller.shop, wanted.from, now).await?;
        Ok(Asked { shop, wanted, shelf, now })
    }

    fn wanted(&self, shop: &Shop, now: At) -> Result<Wanted, Problem> {
        let engine = shop.engine();
        let settings = &engine.playbook.settings;
        let zone = settings.time_zone.clone();
        let (from, to) = period(self.from.as_deref(), self.to.as_deref(), now, &zone)
            .map_err(|error| Problem::bad_request(error.to_string()))?;
        let hours = self.hours.unwrap_or(USUAL_HOURS);
        if !(1..=LONGEST_WINDOW).contains(&hours) {
            return Err(Problem::bad_request("`hours` must lie between 1 and 8784"));
        }
        let lasting = Lasting { window: hours * HOUR, now };
        let hours = Hours { hours: settings.human_hours.clone(), zone };
        Ok(Wanted { from, to, filter: self.filter()?, lasting, hours })
    }

    fn filter(&self) -> Result<Filter, Problem> {
        let rung = |word: &String| {
            let found = Rung::ALL.iter().copied().find(|rung| rung.key() == word);
            found.ok_or_else(|| Problem::bad_request("there is no such `rung`"))
        };
        let within = |value: Option<i8>, least: i8, most: i8, name: &str| match value {
            Some(value) if !(least..=most).contains(&value) => {
                Err(Problem::bad_request(format!("`{name}` must lie between {least} and {most}")))
            }
            value => Ok(value),
        };
        fn id<T: From<String>>(text: Option<&String>) -> Option<T> {
            text.filter(|text| !text.is_empty()).cloned().map(T::from)
        }
        Ok(Filter {
            channel: id(self.channel.as_ref()),
            intent: id(self.intent.as_ref()),
            product: id(self.product.as_ref()),
            script: id(self.script.as_ref()),
            agent: id(self.agent.as_ref()),
            version: id(self.version.as_ref()),
            rung: self.rung.as_ref().map(rung).transpose()?,
            hour: within(self.hour, 0, 23, "hour")?,
            weekday: within(self.weekday, 1, 7, "weekday")?,
        })
    }
}

/// Works on a report beside the threads that answer customers.
pub(super) async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "a report broke off");
        Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "the report broke off")
    })
}
