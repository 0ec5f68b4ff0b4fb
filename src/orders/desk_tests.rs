//! Conversations about orders: what a customer may see, and what someone else's order looks like.

use async_trait::async_trait;
use serde_json::json;

use super::*;
use crate::domain::{HOUR, OrderLookup as L, OrderValue, SECOND, SourceKind, Unusual};
use crate::orders::{FileSource, SummaryRules};

const NOW: At = At(1_794_291_600_000);

const ORDERS: &str = r#"
orders:
  - number: "1001"
    buyer: {id: wang, name: 王小明, phone: "13812345678"}
    placed_at: -5h
    paid_at: -5h
  - number: "1002"
    buyer: {id: wang, phone: "13812345678"}
    placed_at: -3d
    parcels: [{carrier: 中通, tracking: "789", shipped_at: -2d, signed_at: -1h}]
  - number: "1003"
    buyer: {id: wang}
    placed_at: -90d
    cancelled_at: -89d
  - number: "2001"
    buyer: {id: li, phone: "139 0000 4321", email: Li@Example.com}
    placed_at: -2d
    paid_at: -2d
  - number: "3001"
    buyer: {id: nobody, phone: "12315"}
    placed_at: -2d
"#;

fn desk() -> OrderDesk {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    OrderDesk::new(Some(Arc::new(FileSource::read(ORDERS, zone.clone()).unwrap())), zone)
}

/// A conversation: what the shop's side remembers from turn to turn.
struct Chat {
    customer: Customer,
    bound: Vec<OrderNumber>,
    failed: u8,
    proof_of: Option<OrderNumber>,
    updates: Vec<(At, Value)>,
}

impl Chat {
    fn of(customer: Customer) -> Self {
        Self { customer, bound: Vec::new(), failed: 0, proof_of: None, updates: Vec::new() }
    }

    fn verified(id: &str) -> Self {
        Self::of(Customer { id: Some(id.into()), verified: true, ..Customer::default() })
    }

    fn stranger() -> Self {
        Self::of(Customer { id: Some("wang".into()), phone: Some("13812345678".into()), ..Customer::default() })
    }

    async fn says(&mut self, numbers: &[&str], last_four: Option<&str>) -> OrdersFound {
        let numbers: Vec<OrderNumber> = numbers.iter().map(|number| (*number).into()).collect();
        let ask = OrderAsk {
            customer: &self.customer,
            bound: &self.bound,
            numbers: &numbers,
            last_four,
            proof_of: self.proof_of.as_ref(),
            current: None,
            failed_proofs: self.failed,
            updates: &self.updates,
            deadline_ms: 3_000,
        };
        let found = desk().look_up(ask, &SummaryRules::default(), NOW).await;
        self.failed += u8::from(found.failed_proof);
        self.bound.extend(found.newly_bound.clone());
        self.proof_of = match &found.lookup {
            L::ProofNeeded(number) => Some(number.clone()),
            _ => None,
        };
        found
    }
}

/// The numbers of the orders shown; `?` and the number where a proof is needed.
fn read(found: &OrdersFound) -> String {
    match &found.lookup {
        L::NotAsked => "not asked".to_owned(),
        L::None => "none".to_owned(),
        L::ProofNeeded(number) => format!("{number}?"),
        L::One(one) => one.number.to_string(),
        L::Several(all) => all.iter().map(|one| one.number.as_str()).collect::<Vec<_>>().join(" "),
        L::SourceDown => "down".to_owned(),
    }
}

#[tokio::test]
async fn a_verified_customer_sees_their_own_the_newest_first() {
    let found = Chat::verified("wang").says(&[], None).await;
    assert_eq!(read(&found), "1001 1002", "the one cancelled three months ago is left out");
    assert_eq!(found.newly_bound, ["1001".into(), "1002".into()]);
    assert_eq!(read(&Chat::verified("li").says(&[], None).await), "2001");
    assert_eq!(read(&Chat::verified("zhao").says(&[], None).await), "none");
    assert_eq!(read(&Chat::verified("wang").says(&["1003"], None).await), "1003", "named, it is shown");
    assert_eq!(read(&Chat::verified("wang").says(&["#1002", "1001", "1002"], None).await), "1001 1002");
}

#[tokio::test]
async fn a_verified_phone_or_e_mail_is_enough() {
    let with = |phone: Option<&str>, email: Option<&str>, verified| {
        let (phone, email) = (phone.map(str::to_owned), email.map(str::to_owned));
        Chat::of(Customer { phone, email, verified, ..Customer::default() })
    };
    assert_eq!(read(&with(Some("+86 139-0000-4321"), None, true).says(&[], None).await), "2001");
    assert_eq!(read(&with(None, Some("li@example.COM"), true).says(&["2001"], None).await), "2001");
    assert_eq!(read(&with(Some("+86 139-0000-4321"), None, false).says(&[], None).await), "none");
    assert_eq!(read(&with(Some("139****4321"), None, true).says(&["2001"], None).await), "2001?");
    assert_eq!(read(&with(Some("12315"), None, true).says(&["3001"], None).await), "3001?");
    assert_eq!(read(&with(Some(""), Some(""), true).says(&["3001"], None).await), "3001?");
}

#[tokio::test]
async fn someone_elses_order_reads_exactly_like_none() {
    let conversation = [
        (["2001"].as_slice(), None),
        (&[], Some("1234")),
        (&["2001"], Some("0000")),
        (&[], None),
        (&["2001"], Some("abcd")),
        (&["2001"], Some("9999")),
        (&["2001"], None),
        (&["2001"], Some("4321")),
        (&[], Some("4321")),
    ];
    for customer in [Chat::stranger, || Chat::verified("zhao")] {
        let (mut theirs, mut missing) = (customer(), customer());
        for (numbers, last_four) in conversation {
            let other = if numbers.is_empty() { &[][..] } else { &["2009"][..] };
            let found = theirs.says(numbers, last_four).await;
            let none = missing.says(other, last_four).await;
            let renamed = match none.lookup {
                L::ProofNeeded(_) => L::ProofNeeded("2001".into()),
                lookup => lookup,
            };
            assert_eq!(found, OrdersFound { lookup: renamed, ..none }, "{numbers:?} {last_four:?}");
        }
        assert_eq!((theirs.failed, theirs.bound.len()), (3, 0));
    }
}

#[tokio::test]
async fn number_and_last_four_digits_are_a_proof() {
    let mut chat = Chat::stranger();
    assert_eq!(read(&chat.says(&[], None).await), "none", "an id that nobody vouches for shows nothing");
    assert_eq!(read(&chat.says(&["2001"], None).await), "2001?");
    assert_eq!(read(&chat.says(&[], Some("4320")).await), "2001?");
    let found = chat.says(&[], Some("4321")).await;
    assert_eq!((read(&found).as_str(), found.failed_proof), ("2001", false));
    assert_eq!(found.newly_bound, ["2001".into()]);
    assert_eq!(read(&chat.says(&["2001"], None).await), "2001", "proved once, it stays shown");
    assert_eq!(read(&chat.says(&[], None).await), "2001");
    assert_eq!(read(&Chat::stranger().says(&["2001"], Some("4321")).await), "2001", "both at once");
}

#[tokio::test]
async fn three_wrong_tries_end_it_for_the_episode() {
    let mut chat = Chat::stranger();
    for (digits, read_as) in [("0001", "2001?"), ("0002", "2001?"), ("0003", "none")] {
        let found = chat.says(&["2001"], Some(digits)).await;
        assert_eq!((read(&found).as_str(), found.failed_proof), (read_as, true));
    }
    let found = chat.says(&["2001"], Some("4321")).await;
    assert_eq!((read(&found).as_str(), found.failed_proof), ("none", false), "right, but too late");
}

#[tokio::test]
async fn four_digits_are_held_against_one_order_alone() {
    let mut chat = Chat::stranger();
    assert_eq!(read(&chat.says(&["1001", "2001"], Some("4321")).await), "1001?");
    assert_eq!(chat.failed, 1);
    let found = Chat::stranger().says(&["3001"], Some("2315")).await;
    assert_eq!(read(&found), "3001?", "a service number proves nothing");
}

#[tokio::test]
async fn the_order_in_question_stays_in_question() {
    let ask = |customer, bound, current| OrderAsk {
        customer,
        bound,
        numbers: &[],
        last_four: None,
        proof_of: None,
        current,
        failed_proofs: 0,
        updates: &[],
        deadline_ms: 3_000,
    };
    let look = async |ask| read(&desk().look_up(ask, &SummaryRules::default(), NOW).await);
    let (wang, stranger) = (Chat::verified("wang").customer, Chat::stranger().customer);
    let (own, other) = (OrderNumber::from("1002"), OrderNumber::from("2001"));
    assert_eq!(look(ask(&wang, &[], Some(&own))).await, "1002");
    assert_eq!(look(ask(&stranger, std::slice::from_ref(&other), Some(&other))).await, "2001");
    assert_eq!(look(ask(&stranger, &[], Some(&other))).await, "none");
    assert_eq!(look(ask(&wang, &[], Some(&other))).await, "1001 1002");
}

#[tokio::test]
async fn news_by_webhook_is_laid_over_the_source() {
    let mut chat = Chat::verified("wang");
    let told = |ago: i64, data: Value| (NOW.plus(-ago), data);
    chat.updates = vec![
        told(0, json!({"order_number": "1001", "state": "cancelled"})),
        told(-SECOND, json!({"order_number": "1001", "state": "shipped", "carrier": "顺丰", "tracking": "SF9"})),
        told(
            -2 * SECOND,
            json!({"order_number": "1001", "state": 7, "signed_at": "when it rains", "last_event": "已揽收"}),
        ),
        told(-SECOND, json!({"order_number": "1002", "state": "refunding", "refund_amount": "59.90"})),
    ];
    let found = chat.says(&["1001"], None).await;
    let order = found.lookup.one().unwrap();
    assert_eq!(order.state, OrderState::Shipped, "what happened before the source was read is known to it");
    let parcel = order.parcel.as_ref().unwrap();
    assert_eq!((parcel.tracking.as_deref(), parcel.events[0].text.as_str()), (Some("SF9"), "已揽收"));
    assert_eq!((order.source, order.origin(OrderValue::Paid).source), (SourceKind::File, SourceKind::File));
    assert_eq!(order.origin(OrderValue::State), order.origins[&OrderValue::State]);
    let parcel = order.origin(OrderValue::Parcel);
    assert_eq!((parcel.source, parcel.as_of), (SourceKind::Webhook, NOW.plus(2 * SECOND)));
}

#[test]
fn a_value_is_as_old_as_its_own_origin() {
    let zone = TimeZone::UTC;
    let text = ORDERS.replace("-5h", "2026-11-10T01:20:00Z");
    let source = FileSource::read(&text, zone.clone()).unwrap().as_of(NOW.plus(-10 * HOUR));
    let number = OrderNumber::from("1001");
    let mut order = futures_util::FutureExt::now_or_never(source.by_number(&number, NOW)).unwrap().unwrap().unwrap();
    let update = json!({"order_number": 1001, "ship_by": "2026-11-10T03:20:00Z", "address_changed": true});
    overlay(&mut order, &[(NOW.plus(-HOUR), update)], &zone);
    let summary = summarise(&order, &SummaryRules::default(), NOW);
    assert_eq!(summary.unusual, [Unusual::Overdue(3 * HOUR), Unusual::AddressChanged]);
    assert_eq!((summary.age_of(OrderValue::ShipBy), summary.age_of(OrderValue::Paid)), (HOUR, 10 * HOUR));
}

/// A source that never answers.
struct Silent;

#[async_trait]
impl OrderSource for Silent {
    async fn by_number(&self, _: &OrderNumber, _: At) -> Result<Option<Order>, SourceDown> {
        std::future::pending().await
    }

    async fn of_customer(&self, _: &Customer, _: At) -> Result<Vec<Order>, SourceDown> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_silent_source_is_down_in_time_and_costs_no_try() {
    let desk = OrderDesk::new(Some(Arc::new(Silent)), TimeZone::UTC);
    let (customer, numbers) = (Chat::stranger().customer, ["2001".into()]);
    let ask = OrderAsk {
        customer: &customer,
        bound: &[],
        numbers: &numbers,
        last_four: Some("1234"),
        proof_of: None,
        current: None,
        failed_proofs: 2,
        updates: &[],
        deadline_ms: 30,
    };
    let begin = std::time::Instant::now();
    let found = desk.look_up(ask, &SummaryRules::default(), NOW).await;
    assert!(begin.elapsed() < Duration::from_secs(1));
    assert_eq!(found, OrdersFound { lookup: L::SourceDown, ..OrdersFound::default() });

    let none = OrderDesk::new(None, TimeZone::UTC);
    assert_eq!(read(&none.look_up(ask, &SummaryRules::default(), NOW).await), "down");
    let ask = OrderAsk { numbers: &[], ..ask };
    assert_eq!(read(&none.look_up(ask, &SummaryRules::default(), NOW).await), "none");
}
