//! Orders from a shop's own HTTP interface. It may be slow, down or wrong: a look-up ends in time, reads no more than a
//! bounded answer, and leaves a source alone that fails again and again.

mod answer;
mod cache;
mod path;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode, Url};
use serde_json::Value;

use self::answer::Reader;
use self::cache::{Asked, Cache};
use super::source::{OrderSource, SourceDown};
use super::theirs::same_number;
use super::values::phone_digits;
use crate::breaker::Breaker;
use crate::domain::{At, Customer, ExternalId, Order, OrderNumber};
use crate::playbook::order_settings::HttpOrders;

/// No answer is larger, in bytes.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// Why settings make no source. Never quotes a header's value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpOrdersError {
    /// An address isn't http or https, or misses what has to be filled in.
    #[error("`{0}` is no address of orders: it needs http(s):// and {1}, the latter behind the host")]
    Address(String, &'static str),
    /// A path into the answer can't be read.
    #[error("`{0}` is no path: write data.order_no, lines.0.price or items[].title")]
    Path(String),
    /// A header's name or value isn't one.
    #[error("the header `{0}` has a name or value that cannot be sent")]
    Header(String),
    /// An unknown time zone.
    #[error("`{0}` is no time zone: write one such as Asia/Shanghai")]
    Zone(String),
}

/// A shop's own HTTP interface.
pub struct HttpSource {
    client: Client,
    by_number: String,
    of_customer: Option<String>,
    headers: HeaderMap,
    timeout: Duration,
    reader: Reader,
    cache: Cache,
    breaker: Breaker,
}

impl HttpSource {
    /// A source as the settings say. `headers` are those of the settings with their secrets resolved; `zone` is the
    /// shop's and counts where the settings name none.
    pub fn new(
        settings: &HttpOrders,
        headers: &BTreeMap<String, String>,
        client: Client,
        zone: TimeZone,
    ) -> Result<Self, HttpOrdersError> {
        check_address(&settings.by_number, &["{number}"], "{number}")?;
        if let Some(address) = &settings.of_customer {
            check_address(address, &["{customer_id}", "{phone}", "{email}"], "{customer_id}, {phone} or {email}")?;
        }
        let zone = match &settings.zone {
            Some(name) => TimeZone::get(name).map_err(|_| HttpOrdersError::Zone(name.clone()))?,
            None => zone,
        };
        Ok(Self {
            client,
            by_number: settings.by_number.clone(),
            of_customer: settings.of_customer.clone(),
            headers: read_headers(headers)?,
            timeout: Duration::from_millis(settings.timeout_ms),
            reader: Reader::new(settings, zone)?,
            cache: Cache::new(settings.cache_ms),
            breaker: Breaker::default(),
        })
    }

    /// Asks, unless an answer is at hand or the source rests.
    async fn ask(
        &self,
        asked: Asked,
        address: &str,
        now: At,
        read: impl Fn(&Value) -> Result<Vec<Order>, SourceDown>,
    ) -> Result<Vec<Order>, SourceDown> {
        if let Some(orders) = self.cache.get(&asked, now) {
            return Ok(orders);
        }
        let attempt = self.breaker.attempt(now).ok_or(SourceDown::Resting)?;
        let fetched = tokio::time::timeout(self.timeout, self.fetch(address)).await.unwrap_or(Err(SourceDown::Timeout));
        let orders = fetched.and_then(|answer| answer.map_or(Ok(Vec::new()), |answer| read(&answer)));
        match &orders {
            Ok(orders) => {
                attempt.succeeded();
                self.cache.put(asked, orders.clone(), now);
            }
            // It refused this request; others may well be answered. A customer must not be able to make it rest.
            Err(SourceDown::Status(400 | 402 | 405..=407 | 409 | 411..=428)) => attempt.refused(),
            Err(_) => drop(attempt),
        }
        orders
    }

    /// The answer's JSON. `None`: there is no such thing.
    async fn fetch(&self, address: &str) -> Result<Option<Value>, SourceDown> {
        let request = self.client.get(address).headers(self.headers.clone());
        let mut response = request.send().await.map_err(|error| down(&error))?;
        match response.status() {
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::NO_CONTENT => return Ok(None),
            status if !status.is_success() => return Err(SourceDown::Status(status.as_u16())),
            _ => {}
        }
        if response.content_length().is_some_and(|length| length > LARGEST_ANSWER as u64) {
            return Err(SourceDown::TooLarge);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| down(&error))? {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(SourceDown::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&body).map(Some).map_err(|_| SourceDown::Garbage("it is no JSON".to_owned()))
    }
}

#[async_trait]
impl OrderSource for HttpSource {
    async fn by_number(&self, number: &OrderNumber, now: At) -> Result<Option<Order>, SourceDown> {
        let Some(address) = fill(&self.by_number, &[("{number}", Some(number.as_str()))]) else { return Ok(None) };
        let read = |answer: &Value| Ok(self.reader.one(answer, number, now)?.into_iter().collect());
        let found = self.ask(Asked::Number(number.clone()), &address, now, read).await?;
        // A source that searches loosely may answer with another order.
        Ok(found.into_iter().find(|order| same_number(&order.number, number)))
    }

    async fn of_customer(&self, customer: &Customer, now: At) -> Result<Vec<Order>, SourceDown> {
        let Some(template) = &self.of_customer else { return Ok(Vec::new()) };
        let id = customer.id.as_ref().map(ExternalId::as_str);
        let phone = customer.phone.as_deref().map(phone_digits);
        let values = [("{customer_id}", id), ("{phone}", phone.as_deref()), ("{email}", customer.email.as_deref())];
        let Some(address) = fill(template, &values) else { return Ok(Vec::new()) };
        let read = |answer: &Value| self.reader.many(answer, now);
        let mut orders = self.ask(Asked::Customer(address.clone()), &address, now, read).await?;
        for order in &mut orders {
            // The source was asked for the orders of this customer, so it says whose they are even where the answer
            // doesn't repeat it.
            let buyer = &mut order.buyer;
            if template.contains("{customer_id}") && buyer.id.is_none() {
                buyer.id.clone_from(&customer.id);
            }
            if template.contains("{phone}") && buyer.phone.is_none() {
                buyer.phone.clone_from(&customer.phone);
            }
            if template.contains("{email}") && buyer.email.is_none() {
                buyer.email.clone_from(&customer.email);
            }
        }
        Ok(orders)
    }
}

fn down(error: &reqwest::Error) -> SourceDown {
    if error.is_timeout() { SourceDown::Timeout } else { SourceDown::Unreachable }
}

/// An address has to be fixed up to its host, so that nothing a customer writes chooses whom we ask.
fn check_address(address: &str, wanted: &[&str], words: &'static str) -> Result<(), HttpOrdersError> {
    let wrong = || HttpOrdersError::Address(address.to_owned(), words);
    let filled = wanted.iter().fold(address.to_owned(), |filled, name| filled.replace(name, "0"));
    let url = Url::parse(&filled).map_err(|_| wrong())?;
    let behind_scheme = address.split_once("://").map(|(_, rest)| rest).ok_or_else(wrong)?;
    let host = behind_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    let is_fixed = matches!(url.scheme(), "http" | "https") && !host.contains('{') && !filled.contains(['{', '}']);
    let is_filled = wanted.iter().any(|name| address.contains(name));
    if is_fixed && is_filled { Ok(()) } else { Err(wrong()) }
}

fn read_headers(headers: &BTreeMap<String, String>) -> Result<HeaderMap, HttpOrdersError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let wrong = || HttpOrdersError::Header(name.clone());
        let read_name: HeaderName = name.parse().map_err(|_| wrong())?;
        let mut read_value: HeaderValue = value.parse().map_err(|_| wrong())?;
        read_value.set_sensitive(true);
        map.insert(read_name, read_value);
    }
    Ok(map)
}

/// The template with its names replaced. `None`: a value it needs is unknown, or would climb out of its place.
fn fill(template: &str, values: &[(&str, Option<&str>)]) -> Option<String> {
    let mut address = template.to_owned();
    for (name, value) in values.iter().filter(|(name, _)| template.contains(name)) {
        let value = value.map(str::trim).filter(|value| !matches!(*value, "" | "." | ".."))?;
        address = address.replace(name, &url_encoded(value));
    }
    Some(address)
}

fn url_encoded(value: &str) -> String {
    use std::fmt::Write;
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => _ = write!(encoded, "%{byte:02X}"),
        }
    }
    encoded
}
