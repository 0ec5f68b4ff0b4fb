//! Who may see which order. A customer sees an order that the platform's identity or a proof binds to them; any other
//! reads exactly like one that doesn't exist.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::rules::Rules;
use super::source::{OrderSource, SourceDown};
use super::summary::summarise;
use super::theirs::{is_last_four, is_theirs, proves, same_number};
use super::update::overlay;
use crate::domain::{At, Customer, DAY, Order, OrderLookup, OrderNumber, OrderState, OrderSummary, OrdersFound};

/// After so many wrong tries an episode has no more proof.
const MOST_TRIES: u8 = 3;
/// More orders than this are no choice but a list.
const MOST_ORDERS: usize = 5;
/// Finished orders older than this don't stand beside younger ones.
const LONG_FINISHED: i64 = 30 * DAY;
/// No look-up takes longer, whatever its caller allows: the customer waits.
const LONGEST_LOOK_UP: Duration = Duration::from_millis(3_000);

/// Looks orders up for a turn and keeps from a customer what isn't theirs.
#[derive(Clone)]
pub struct OrderDesk {
    source: Option<Arc<dyn OrderSource>>,
    zone: TimeZone,
}

/// What a turn says of orders.
#[derive(Clone, Copy)]
pub struct OrderAsk<'a> {
    /// Who asks.
    pub customer: &'a Customer,
    /// The orders this conversation may see already.
    pub bound: &'a [OrderNumber],
    /// The orders named in the turn or sent as a card, in that order.
    pub numbers: &'a [OrderNumber],
    /// Four digits given as a proof.
    pub last_four: Option<&'a str>,
    /// The order whose proof was asked last.
    pub proof_of: Option<&'a OrderNumber>,
    /// The order in question until now.
    pub current: Option<&'a OrderNumber>,
    /// Wrong tries in this episode so far.
    pub failed_proofs: u8,
    /// When each thing was told of these orders by webhook, and what; see [`overlay`].
    pub updates: &'a [(At, Value)],
    /// For the whole look-up; at most 3,000 count.
    pub deadline_ms: u64,
}

/// What of the orders in question is the customer's.
enum Seen {
    /// These, as they were named or in any order.
    Theirs(Vec<Order>),
    /// The customer named one that isn't theirs, or that doesn't exist; which of both is not told.
    Unproved { number: OrderNumber, tried: bool },
    /// None was named, and none is known to be theirs.
    Nothing,
}

impl OrderDesk {
    /// A desk over a shop's source; `None` for a shop that has none. `zone` is the shop's.
    #[must_use]
    pub fn new(source: Option<Arc<dyn OrderSource>>, zone: TimeZone) -> Self {
        Self { source, zone }
    }

    /// Looks up the orders that a turn is about. Never takes longer than `ask.deadline_ms`.
    pub async fn look_up(&self, ask: OrderAsk<'_>, rules: &dyn Rules, now: At) -> OrdersFound {
        let limit = Duration::from_millis(ask.deadline_ms).min(LONGEST_LOOK_UP);
        let seen = tokio::time::timeout(limit, self.see(&ask, now)).await.unwrap_or(Err(SourceDown::Timeout));
        match seen {
            Ok(Seen::Theirs(orders)) => self.show(&ask, orders, rules, now),
            Ok(Seen::Unproved { number, tried }) => unproved(&ask, number, tried),
            Ok(Seen::Nothing) => OrdersFound { lookup: OrderLookup::None, ..OrdersFound::default() },
            Err(down) => {
                tracing::warn!(reason = %down, "orders could not be looked up");
                OrdersFound { lookup: OrderLookup::SourceDown, ..OrdersFound::default() }
            }
        }
    }

    async fn see(&self, ask: &OrderAsk<'_>, now: At) -> Result<Seen, SourceDown> {
        let named = named(ask);
        let Some(source) = self.source.as_deref() else {
            // Without a source a number can be gathered for a person, but nothing can be said of it.
            return if named.is_empty() { Ok(Seen::Nothing) } else { Err(SourceDown::Unreachable) };
        };
        if let Some(first) = named.first() {
            return see_named(source, ask, first, &named, now).await;
        }
        if let Some(current) = ask.current
            && let Some(order) = source.by_number(current, now).await?.filter(|order| ask.may_see(order))
        {
            return Ok(Seen::Theirs(vec![order]));
        }
        let own = see_own(source, ask, now).await?;
        Ok(match ask.proof_of {
            _ if !own.is_empty() => Seen::Theirs(own),
            Some(number) => Seen::Unproved { number: number.clone(), tried: false },
            None => Seen::Nothing,
        })
    }

    fn show(&self, ask: &OrderAsk<'_>, mut orders: Vec<Order>, rules: &dyn Rules, now: At) -> OrdersFound {
        for order in &mut orders {
            overlay(order, ask.updates, &self.zone);
        }
        orders.sort_by_key(|order| std::cmp::Reverse(order.placed_at.or(order.paid_at)));
        let mut shown: Vec<(Order, OrderSummary)> =
            orders.into_iter().map(|order| (order.clone(), summarise(&order, &rules.of(&order), now))).collect();
        if ask.numbers.is_empty() {
            drop_long_finished(&mut shown, now);
        }
        shown.truncate(MOST_ORDERS);
        let is_new = |number: &&OrderNumber| !ask.bound.contains(number);
        let newly_bound = shown.iter().map(|(order, _)| &order.number).filter(is_new).cloned().collect();
        let mut summaries: Vec<OrderSummary> = shown.into_iter().map(|(_, summary)| summary).collect();
        let lookup = match (summaries.pop(), summaries.is_empty()) {
            (None, _) => OrderLookup::None,
            (Some(one), true) => OrderLookup::One(Box::new(one)),
            (Some(last), false) => {
                summaries.push(last);
                OrderLookup::Several(summaries)
            }
        };
        OrdersFound { lookup, newly_bound, failed_proof: false }
    }
}

impl OrderAsk<'_> {
    fn may_see(&self, order: &Order) -> bool {
        is_theirs(order, self.customer) || self.bound.iter().any(|bound| same_number(bound, &order.number))
    }
}

/// The orders named in the turn, each once; else the one that four digits alone answer for.
fn named(ask: &OrderAsk<'_>) -> Vec<OrderNumber> {
    let mut named: Vec<OrderNumber> = Vec::new();
    for number in ask.numbers {
        if !named.iter().any(|other| same_number(other, number)) {
            named.push(number.clone());
        }
    }
    named.truncate(MOST_ORDERS);
    if named.is_empty() && ask.last_four.is_some_and(is_last_four) {
        named.extend(ask.proof_of.cloned());
    }
    named
}

/// Of the orders named, those that are the customer's. If none is, the digits are held against the first alone: one
/// try, one order.
async fn see_named(
    source: &dyn OrderSource,
    ask: &OrderAsk<'_>,
    first: &OrderNumber,
    named: &[OrderNumber],
    now: At,
) -> Result<Seen, SourceDown> {
    let found = try_join_all(named.iter().map(|number| source.by_number(number, now))).await?;
    // A source that searches loosely may answer with another order than the one asked for.
    let found: Vec<Option<Order>> = found
        .into_iter()
        .zip(named)
        .map(|(order, number)| order.filter(|order| same_number(&order.number, number)))
        .collect();
    let theirs: Vec<Order> = found.iter().flatten().filter(|order| ask.may_see(order)).cloned().collect();
    if !theirs.is_empty() {
        return Ok(Seen::Theirs(theirs));
    }
    let first_found = found.into_iter().next().flatten();
    let digits = ask.last_four.filter(|digits| is_last_four(digits) && ask.failed_proofs < MOST_TRIES);
    let proved = digits.is_some_and(|digits| proves(first_found.as_ref(), digits));
    Ok(match first_found {
        Some(order) if proved => Seen::Theirs(vec![order]),
        _ => Seen::Unproved { number: first.clone(), tried: digits.is_some() },
    })
}

/// What the platform's identity and this conversation already bind to the customer.
async fn see_own(source: &dyn OrderSource, ask: &OrderAsk<'_>, now: At) -> Result<Vec<Order>, SourceDown> {
    let mut own = Vec::new();
    if ask.customer.verified {
        own = source.of_customer(ask.customer, now).await?;
        own.retain(|order| ask.may_see(order));
    }
    let is_missing = |number: &&OrderNumber| !own.iter().any(|order| same_number(&order.number, number));
    let missing: Vec<&OrderNumber> = ask.bound.iter().rev().take(MOST_ORDERS).filter(is_missing).collect();
    let found = try_join_all(missing.into_iter().map(|number| source.by_number(number, now))).await?;
    own.extend(found.into_iter().flatten().filter(|order| ask.may_see(order)));
    Ok(own)
}

fn unproved(ask: &OrderAsk<'_>, number: OrderNumber, tried: bool) -> OrdersFound {
    let failed = ask.failed_proofs.saturating_add(u8::from(tried));
    let lookup = if failed >= MOST_TRIES { OrderLookup::None } else { OrderLookup::ProofNeeded(number) };
    OrdersFound { lookup, newly_bound: Vec::new(), failed_proof: tried }
}

/// Drops what was finished long ago, unless nothing else is there.
fn drop_long_finished(shown: &mut Vec<(Order, OrderSummary)>, now: At) {
    use OrderState::{Cancelled, Refunded, Signed};
    let is_old = |(order, summary): &(Order, OrderSummary)| {
        let finished = matches!(summary.state, Cancelled | Refunded | Signed);
        finished && last_known(order).is_some_and(|at| now.since(at) > LONG_FINISHED)
    };
    if !shown.iter().all(is_old) {
        shown.retain(|order| !is_old(order));
    }
}

/// The last time at which something is known to have happened to an order.
fn last_known(order: &Order) -> Option<At> {
    let refunded = order.refund.as_ref().and_then(|refund| refund.done_at);
    let signed = order.parcels.iter().filter_map(|parcel| parcel.signed_at).max();
    [order.placed_at, order.paid_at, order.cancelled_at, refunded, signed].into_iter().flatten().max()
}

#[cfg(test)]
#[path = "desk_tests.rs"]
mod tests;
