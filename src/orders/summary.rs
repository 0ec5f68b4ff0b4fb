//! The order summary: what it is, where it is, who acts next, until when, what is unusual. One value for replies,
//! hand-offs, `/suggest` and the desk; the words for it stand in the playbook.

use super::mask;
use crate::domain::{At, HOUR, NextStep, Order, OrderState, OrderSummary, Parcel, ParcelEvent, Stage, Unusual};

/// What a shop promises and expects, in milliseconds; its `facts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SummaryRules {
    /// From payment to sending, where the order itself has no date.
    pub ship_within_ms: Option<i64>,
    /// A parcel without movement for so long is stuck.
    pub stuck_after_ms: i64,
    /// From asking for a refund to the money.
    pub refund_within_ms: Option<i64>,
}

impl Default for SummaryRules {
    fn default() -> Self {
        Self { ship_within_ms: None, stuck_after_ms: 72 * HOUR, refund_within_ms: None }
    }
}

/// Sums an order up as it stands at `now`. Names, phones and addresses in it are masked.
#[must_use]
pub fn summarise(order: &Order, rules: &SummaryRules, now: At) -> OrderSummary {
    let facts = Facts::of(order, rules, now);
    let (state, next, until) = facts.standing();
    OrderSummary {
        number: order.number.clone(),
        items: order.items.clone(),
        paid: order.paid,
        placed_at: order.placed_at,
        state,
        next,
        until,
        ship_by: facts.ship_by.filter(|_| is_unsent(state)),
        unusual: facts.unusual(state),
        parcel: facts.parcel.map(|parcel| without_names(parcel, order)),
        refund: order.refund.clone(),
        receiver: mask::receiver(&order.buyer),
        source: order.source,
        as_of: order.as_of,
        age: now.since(order.as_of).max(0),
        origins: order.origins.clone(),
    }
}

/// What the table of states asks of an order.
struct Facts<'a> {
    order: &'a Order,
    /// The one that matters: the latest that has not been received, else the latest.
    parcel: Option<&'a Parcel>,
    ship_by: Option<At>,
    /// By how much sending is late.
    late: Option<i64>,
    /// How long the parcel that matters has not moved, if that is too long.
    still: Option<i64>,
    /// The same for any parcel on its way, the longest.
    longest_still: Option<i64>,
    refund_by: Option<At>,
    /// By how much the refund is late.
    refund_late: Option<i64>,
}

impl<'a> Facts<'a> {
    fn of(order: &'a Order, rules: &SummaryRules, now: At) -> Self {
        let past = |due: At| Some(now.since(due)).filter(|late| *late > 0);
        let still = |parcel: &Parcel| {
            let waits = parcel.signed_at.is_some() || parcel.station.is_some();
            let moved = last_movement(parcel).filter(|_| !waits)?;
            Some(now.since(moved)).filter(|still| *still > rules.stuck_after_ms)
        };
        let parcel = parcel_that_matters(&order.parcels);
        let ship_by = order.ship_by.or_else(|| Some(order.paid_at?.plus(rules.ship_within_ms?)));
        let refund_by = order.refund.as_ref().and_then(|refund| {
            let asked = refund.requested_at.filter(|_| refund.done_at.is_none())?;
            Some(asked.plus(rules.refund_within_ms?))
        });
        Self {
            order,
            parcel,
            ship_by,
            late: ship_by.and_then(past),
            still: parcel.and_then(still),
            longest_still: order.parcels.iter().filter_map(still).max(),
            refund_by,
            refund_late: refund_by.and_then(past),
        }
    }

    /// The first line that is true says where the order stands, who acts next and until when. A time that is known
    /// counts as much as the source's own word.
    fn standing(&self) -> (OrderState, NextStep, Option<At>) {
        use {NextStep as N, OrderState as S};
        let order = self.order;
        let paid = order.paid_at.is_some() || self.is_called(Stage::Paid);
        let presale = order.balance_due.is_some() || self.is_called(Stage::Presale);
        let refunded = order.refund.as_ref().is_some_and(|refund| refund.done_at.is_some());
        let sent = !order.parcels.is_empty() || self.is_called(Stage::Shipped);
        #[rustfmt::skip]
        let table = [
            (refunded || self.is_called(Stage::Refunded),                       S::Refunded,    N::Nobody,              None),
            (order.refund.is_some() || self.is_called(Stage::Refunding),        S::Refunding,   N::ShopRefunds,         self.refund_by),
            (order.cancelled_at.is_some() || self.is_called(Stage::Cancelled),  S::Cancelled,   N::Nobody,              None),
            (self.all_received() || self.is_called(Stage::Signed),              S::Signed,      N::CustomerConfirms,    None),
            (self.at_station() || self.is_called(Stage::AtStation),             S::AtStation,   N::CustomerCollects,    None),
            (self.still.is_some(),                                              S::Stuck,       N::CarrierChecks,       None),
            (self.part_sent(),                                                  S::PartShipped, N::ShopShipsRest,       self.ship_by),
            (sent,                                                              S::Shipped,     N::CarrierDelivers,     None),
            (paid && self.late.is_some(),                                       S::Overdue,     N::ShopShips,           self.ship_by),
            (paid,                                                              S::Paid,        N::ShopShips,           self.ship_by),
            (presale,                                                           S::Presale,     N::CustomerPaysBalance, order.balance_due),
        ];
        let found = table.into_iter().find(|(applies, ..)| *applies);
        found.map_or((S::Unpaid, N::CustomerPays, None), |(_, state, next, until)| (state, next, until))
    }

    /// What an agent should notice, the worst first.
    fn unusual(&self, state: OrderState) -> Vec<Unusual> {
        use OrderState as S;
        let on_its_way = matches!(state, S::PartShipped | S::Shipped | S::Stuck | S::AtStation);
        let over = matches!(state, S::Signed | S::Cancelled | S::Refunded);
        let part_sent = self.part_sent() && (on_its_way || state == S::Signed);
        let no_tracking = self.parcel.is_none_or(|parcel| parcel.tracking.is_none());
        [
            self.late.filter(|_| state == S::Overdue || part_sent).map(Unusual::Overdue),
            self.longest_still.filter(|_| on_its_way).map(Unusual::Stuck),
            self.refund_late.filter(|_| state == S::Refunding).map(Unusual::RefundLate),
            part_sent.then_some(Unusual::PartShipped),
            (self.order.address_changed && !over).then_some(Unusual::AddressChanged),
            (on_its_way && no_tracking).then_some(Unusual::NoTracking),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn is_called(&self, stage: Stage) -> bool {
        self.order.stage == Some(stage)
    }

    fn part_sent(&self) -> bool {
        let by_parcels = !self.order.parcels.is_empty() && self.order.all_shipped == Some(false);
        by_parcels || self.is_called(Stage::PartShipped)
    }

    fn all_received(&self) -> bool {
        let parcels = &self.order.parcels;
        !parcels.is_empty() && parcels.iter().all(|parcel| parcel.signed_at.is_some()) && !self.part_sent()
    }

    fn at_station(&self) -> bool {
        self.parcel.is_some_and(|parcel| parcel.station.is_some() && parcel.signed_at.is_none())
    }
}

fn is_unsent(state: OrderState) -> bool {
    use OrderState::{Overdue, Paid, PartShipped, Presale, Unpaid};
    matches!(state, Unpaid | Presale | Paid | Overdue | PartShipped)
}

fn parcel_that_matters(parcels: &[Parcel]) -> Option<&Parcel> {
    parcels.iter().max_by_key(|parcel| (parcel.signed_at.is_none(), parcel.shipped_at))
}

/// The last event of its track, else when it left.
fn last_movement(parcel: &Parcel) -> Option<At> {
    parcel.events.iter().map(|event| event.at).max().or(parcel.shipped_at)
}

/// Carriers repeat who receives; that is masked here as everywhere.
fn without_names(parcel: &Parcel, order: &Order) -> Parcel {
    let event =
        |event: &ParcelEvent| ParcelEvent { at: event.at, text: mask::carrier_words(&event.text, &order.buyer) };
    Parcel { events: parcel.events.iter().map(event).collect(), ..parcel.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Buyer, DAY, Item, MINUTE, Money, OrderNumber, ProductId, Refund, SourceKind, Stage as G, Unusual as U,
    };

    const NOW: At = At(1_794_291_600_000);
    const RULES: SummaryRules =
        SummaryRules { ship_within_ms: Some(48 * HOUR), stuck_after_ms: 72 * HOUR, refund_within_ms: Some(48 * HOUR) };

    fn ago(millis: i64) -> Option<At> {
        Some(NOW.plus(-millis))
    }

    fn placed() -> Order {
        Order {
            number: OrderNumber::from("202611080000000001"),
            buyer: Buyer {
                name: Some("王小明".to_owned()),
                phone: Some("13812345678".to_owned()),
                email: Some("wang@example.com".to_owned()),
                address: Some("浙江省杭州市西湖区文三路100号".to_owned()),
                ..Buyer::default()
            },
            items: vec![Item {
                name: "20V 无绳电钻".to_owned(),
                product: Some(ProductId::from("drill-20v")),
                quantity: 1,
                price: Some(Money(29_900)),
            }],
            paid: None,
            placed_at: ago(5 * HOUR),
            paid_at: None,
            ship_by: None,
            balance_due: None,
            cancelled_at: None,
            parcels: Vec::new(),
            all_shipped: None,
            refund: None,
            address_changed: false,
            stage: None,
            source: SourceKind::Http,
            as_of: NOW.plus(-MINUTE),
            origins: std::collections::BTreeMap::new(),
        }
    }

    fn paid() -> Order {
        Order { paid: Some(Money(29_900)), paid_at: ago(5 * HOUR), ..placed() }
    }

    fn parcel() -> Parcel {
        let event = ParcelEvent { at: NOW.plus(-3 * HOUR), text: "已到达杭州转运中心".to_owned() };
        Parcel {
            carrier: Some("中通快递".to_owned()),
            tracking: Some("78901234567890".to_owned()),
            shipped_at: ago(DAY),
            events: vec![event],
            ..Parcel::default()
        }
    }

    fn sent(parcels: Vec<Parcel>) -> Order {
        Order { placed_at: ago(3 * DAY), paid_at: ago(3 * DAY), parcels, ..paid() }
    }

    fn still(millis: i64) -> Parcel {
        Parcel { shipped_at: ago(millis), events: Vec::new(), ..parcel() }
    }

    fn signed() -> Parcel {
        let event = ParcelEvent { at: NOW.plus(-HOUR), text: "已签收，签收人：王小明".to_owned() };
        Parcel { signed_at: ago(HOUR), events: vec![event], ..parcel() }
    }

    fn refund(requested: i64, done_at: Option<At>) -> Option<Refund> {
        Some(Refund { amount: Some(Money(29_900)), requested_at: ago(requested), done_at })
    }

    /// One order for each of the twelve states.
    fn twelve() -> Vec<(OrderState, Order)> {
        use OrderState as S;
        let station = Parcel { station: Some("菜鸟驿站文三路店".to_owned()), ..still(5 * DAY) };
        vec![
            (S::Unpaid, placed()),
            (S::Presale, Order { paid: Some(Money(5_000)), balance_due: Some(NOW.plus(DAY)), ..placed() }),
            (S::Paid, Order { address_changed: true, ..paid() }),
            (S::Overdue, Order { paid_at: ago(60 * HOUR), ..paid() }),
            (S::PartShipped, Order { all_shipped: Some(false), ..sent(vec![parcel()]) }),
            (S::Shipped, sent(vec![parcel()])),
            (S::Stuck, sent(vec![still(4 * DAY)])),
            (S::AtStation, sent(vec![station])),
            (S::Signed, sent(vec![signed()])),
            (S::Cancelled, Order { cancelled_at: ago(HOUR), ..placed() }),
            (S::Refunding, Order { refund: refund(3 * DAY, None), ..paid() }),
            (S::Refunded, Order { refund: refund(3 * DAY, ago(HOUR)), ..paid() }),
        ]
    }

    #[test]
    fn every_state_has_its_summary() {
        for (state, order) in twelve() {
            let summary = summarise(&order, &RULES, NOW);
            assert_eq!(summary.state, state);
            insta::assert_json_snapshot!(state.key(), summary);
        }
    }

    #[test]
    fn where_the_times_do_not_tell_the_sources_word_counts() {
        use OrderState as S;
        for (stage, state) in [
            (G::Unpaid, S::Unpaid),
            (G::Presale, S::Presale),
            (G::Paid, S::Paid),
            (G::PartShipped, S::PartShipped),
            (G::Shipped, S::Shipped),
            (G::AtStation, S::AtStation),
            (G::Signed, S::Signed),
            (G::Cancelled, S::Cancelled),
            (G::Refunding, S::Refunding),
            (G::Refunded, S::Refunded),
        ] {
            let summary = summarise(&Order { stage: Some(stage), ..placed() }, &RULES, NOW);
            assert_eq!((summary.state, summary.ship_by), (state, None), "{stage:?}");
        }
        let late = Order { stage: Some(G::Paid), ship_by: ago(HOUR), ..placed() };
        assert_eq!(summarise(&late, &RULES, NOW).state, S::Overdue);
        let sent_since = Order { stage: Some(G::Shipped), ..paid() };
        assert_eq!(summarise(&sent_since, &RULES, NOW).unusual, [U::NoTracking]);
    }

    #[test]
    fn the_first_that_applies_is_the_state() {
        use OrderState as S;
        let rest = |parcels| Order { all_shipped: Some(false), ..sent(parcels) };
        for (order, state) in [
            (Order { cancelled_at: ago(HOUR), refund: refund(HOUR, None), ..paid() }, S::Refunding),
            (Order { cancelled_at: ago(HOUR), ..sent(vec![parcel()]) }, S::Cancelled),
            (sent(vec![signed(), parcel()]), S::Shipped),
            (sent(vec![signed(), still(4 * DAY)]), S::Stuck),
            (sent(vec![still(4 * DAY), parcel()]), S::Shipped),
            (rest(vec![signed()]), S::PartShipped),
            (rest(vec![still(4 * DAY)]), S::Stuck),
            (Order { balance_due: Some(NOW.plus(DAY)), ..paid() }, S::Paid),
            (Order { ship_by: Some(NOW.plus(DAY)), paid_at: ago(10 * DAY), ..paid() }, S::Paid),
            (sent(vec![Parcel::default()]), S::Shipped),
        ] {
            assert_eq!(summarise(&order, &RULES, NOW).state, state, "{order:?}");
        }
    }

    #[test]
    fn what_is_unusual_the_worst_first() {
        let rest =
            Order { all_shipped: Some(false), ..sent(vec![still(5 * DAY), Parcel { tracking: None, ..parcel() }]) };
        let unusual = summarise(&rest, &RULES, NOW).unusual;
        assert_eq!(unusual, [U::Overdue(DAY), U::Stuck(5 * DAY), U::PartShipped, U::NoTracking]);
        let late_refund = Order { refund: refund(3 * DAY, None), address_changed: true, ..sent(vec![still(5 * DAY)]) };
        assert_eq!(summarise(&late_refund, &RULES, NOW).unusual, [U::RefundLate(DAY), U::AddressChanged]);
        assert_eq!(summarise(&sent(vec![signed()]), &RULES, NOW).unusual, []);
    }

    #[test]
    fn without_the_shops_promises_nothing_is_late() {
        let rules = SummaryRules::default();
        let old = Order { paid_at: ago(30 * DAY), ..paid() };
        let summary = summarise(&old, &rules, NOW);
        assert_eq!((summary.state, summary.until, summary.ship_by), (OrderState::Paid, None, None));
        let refund = Order { refund: refund(30 * DAY, None), ..paid() };
        assert_eq!(summarise(&refund, &rules, NOW).unusual, []);
    }

    #[test]
    fn nothing_of_the_receiver_is_left_unmasked() {
        for (state, order) in twelve() {
            let text = serde_json::to_string(&summarise(&order, &RULES, NOW)).unwrap();
            for secret in ["王小明", "13812345678", "wang@example.com", "文三路100号", "西湖区"] {
                assert!(!text.contains(secret), "{state:?} shows {secret}: {text}");
            }
        }
    }
}
