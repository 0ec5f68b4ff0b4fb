//! The source against a real server on this machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::HeaderMap as Headers;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;

use super::*;
use crate::domain::{Money, SECOND, Stage};
use crate::orders::{OrderAsk, OrderDesk, SummaryRules};

const NOW: At = At(1_794_291_600_000);

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn source_with(settings: &str) -> Result<HttpSource, HttpOrdersError> {
    _ = rustls::crypto::ring::default_provider().install_default();
    let settings: HttpOrders = serde_saphyr::from_str(settings).unwrap();
    let client = Client::builder().no_proxy().build().unwrap();
    HttpSource::new(&settings, &settings.headers, client, TimeZone::get("Asia/Shanghai").unwrap())
}

/// A source that keeps numbers in `no`, with 300 ms for an answer.
fn source(base: &str) -> HttpSource {
    source_with(&format!("by_number: '{base}/orders/{{number}}'\nfields: {{number: no}}\ntimeout_ms: 300\n")).unwrap()
}

/// A source whose every answer is that, and how often it was asked.
async fn answering<A>(answer: A) -> (HttpSource, Arc<AtomicUsize>)
where
    A: IntoResponse + Clone + Send + Sync + 'static,
{
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let router = Router::new().fallback(move || {
        counter.fetch_add(1, Ordering::SeqCst);
        std::future::ready(answer.clone())
    });
    (source(&serve(router).await), asked)
}

async fn failure<A>(answer: A) -> Option<SourceDown>
where
    A: IntoResponse + Clone + Send + Sync + 'static,
{
    answering(answer).await.0.by_number(&"1".into(), NOW).await.err()
}

const SHOP: &str = r"
by_number: 'BASE/orders?no={number}'
of_customer: 'BASE/customers/{customer_id}/orders'
headers: {x-app-secret: s3cret}
order_at: data
orders_at: data.list
fields:
  number: order_no
  state: status
  buyer_phone: receiver.mobile
  buyer_name: receiver.name
  buyer_address: receiver.address
  item_name: items[].title
  item_product: items[].sku
  item_quantity: items[].num
  item_price: items[].price
  paid: payment
  placed_at: created
  paid_at: pay_time
  carrier: logistics[].company
  tracking: logistics[].mail_no
  shipped_at: logistics[].sent
  event_at: logistics[].traces[].time
  event_text: logistics[].traces[].desc
  refund_amount: refund_fee
states: {WAIT_BUYER_CONFIRM: shipped, WAIT_SEND: paid}
";

fn shop_order() -> serde_json::Value {
    json!({
        "order_no": 202_611_100_000_000_001_u64, "status": "WAIT_BUYER_CONFIRM", "payment": 118.0, "refund_fee": "0.00",
        "created": "2026-11-10 14:20:00", "pay_time": 1_794_291_660,
        "receiver": {"name": "王小明", "mobile": "138 1234 5678", "address": "浙江省杭州市西湖区文三路1号"},
        "items": [{"title": "电钻", "sku": 77, "num": "2", "price": "59.00"}, {"title": "钻头", "price": null}],
        "logistics": [
            {"company": "中通", "mail_no": 7_890, "sent": 1_794_295_260_000_i64, "traces": [
                {"time": "2026-11-11T08:00:00+08:00", "desc": "到达"}, {"time": "2026-11-10 20:00:00", "desc": "揽收"}]},
            {"company": "顺丰", "mail_no": "SF1", "sent": "0000-00-00 00:00:00", "traces": []},
            {"company": "顺丰", "mail_no": ""},
        ],
    })
}

async fn shop() -> HttpSource {
    let one = |headers: Headers, uri: axum::http::Uri| async move {
        assert_eq!(headers["x-app-secret"], "s3cret");
        let known = uri.query() == Some("no=202611100000000001");
        axum::Json(if known { json!({"code": 0, "data": shop_order()}) } else { json!({"code": 404, "data": null}) })
    };
    let of_customer = |Path(id): Path<String>| async move {
        let list = if id == "u-1" { json!([shop_order()]) } else { json!([]) };
        axum::Json(json!({"data": {"list": list}}))
    };
    let router = Router::new().route("/orders", get(one)).route("/customers/{id}/orders", get(of_customer));
    source_with(&SHOP.replace("BASE", &serve(router).await)).unwrap()
}

#[tokio::test]
async fn an_order_is_read_as_the_settings_say() {
    let source = shop().await;
    let order = source.by_number(&"202611100000000001".into(), NOW).await.unwrap().unwrap();
    assert_eq!((order.placed_at, order.paid_at), (Some(NOW), Some(NOW.plus(60 * SECOND))));
    assert_eq!((order.paid, order.stage, order.as_of), (Some(Money(11_800)), Some(Stage::Shipped), NOW));
    assert_eq!(order.refund, None, "a refund of 0 is none");
    let items: Vec<_> = order.items.iter().map(|item| (item.name.as_str(), item.quantity, item.price)).collect();
    assert_eq!(items, [("电钻", 2, Some(Money(5_900))), ("钻头", 1, None)]);
    assert_eq!(order.parcels.len(), 2, "a carrier alone is no parcel");
    assert_eq!(order.parcels[0].shipped_at, Some(At(1_794_295_260_000)));
    let events: Vec<_> = order.parcels[0].events.iter().map(|event| event.text.as_str()).collect();
    assert_eq!(events, ["揽收", "到达"]);
    assert_eq!((order.parcels[1].tracking.as_deref(), order.parcels[1].shipped_at), (Some("SF1"), None));

    assert_eq!(source.by_number(&"202611100000000002".into(), NOW).await, Ok(None));
}

#[tokio::test]
async fn a_customer_finds_their_orders_and_those_alone() {
    let desk = OrderDesk::new(Some(Arc::new(shop().await)), TimeZone::UTC);
    let look = async |id: &str, verified| {
        let customer = Customer { id: Some(id.into()), verified, ..Customer::default() };
        let ask = OrderAsk {
            customer: &customer,
            bound: &[],
            numbers: &[],
            last_four: None,
            proof_of: None,
            current: None,
            failed_proofs: 0,
            updates: &[],
            deadline_ms: 3_000,
        };
        desk.look_up(ask, &SummaryRules::default(), NOW).await.lookup
    };
    assert_eq!(look("u-1", true).await.one().unwrap().number.as_str(), "202611100000000001");
    assert_eq!(look("u-1", false).await, crate::domain::OrderLookup::None);
    assert_eq!(look("../u-1", true).await, crate::domain::OrderLookup::None);
}

#[tokio::test]
async fn a_slow_source_is_not_waited_for() {
    let slow = || async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        "{}"
    };
    let dripping = || async {
        let drops = futures_util::stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Some((Ok::<_, std::io::Error>(" "), ()))
        });
        Body::from_stream(drops)
    };
    for router in [Router::new().fallback(slow), Router::new().fallback(dripping)] {
        let source = source(&serve(router).await);
        let begin = Instant::now();
        assert_eq!(source.by_number(&"1".into(), NOW).await, Err(SourceDown::Timeout));
        assert!(begin.elapsed() < Duration::from_millis(1_500), "{:?}", begin.elapsed());
    }
}

#[tokio::test]
async fn nonsense_is_told_from_an_order() {
    assert_eq!(failure("<html>secret").await, Some(SourceDown::Garbage("it is no JSON".to_owned())));
    assert_eq!(failure("[1]").await, Some(SourceDown::Garbage("an order is no object".to_owned())));
    let garbage = failure(r#"{"no": {"a": "secret"}}"#).await.unwrap();
    assert_eq!(garbage.to_string(), "the order source's answer cannot be read: number can't be read");
    assert_eq!(failure(StatusCode::INTERNAL_SERVER_ERROR).await, Some(SourceDown::Status(500)));
    assert_eq!(failure(StatusCode::UNAUTHORIZED).await, Some(SourceDown::Status(401)));
    assert_eq!(failure(StatusCode::NOT_FOUND).await, None);
    assert_eq!(failure(r#"{"message": "no such order"}"#).await, None);
    let nobody = source("http://127.0.0.1:1");
    assert_eq!(nobody.by_number(&"1".into(), NOW).await, Err(SourceDown::Unreachable));
}

#[tokio::test]
async fn a_huge_answer_is_not_read() {
    let huge = " ".repeat(LARGEST_ANSWER + 1);
    assert_eq!(failure(huge.clone()).await, Some(SourceDown::TooLarge));
    let endless = || async {
        Body::from_stream(futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(" ".repeat(65_536))))
    };
    let source = source(&serve(Router::new().fallback(endless)).await);
    assert_eq!(source.by_number(&"1".into(), NOW).await, Err(SourceDown::TooLarge));
}

#[tokio::test]
async fn an_answer_is_used_again_for_a_while() {
    let (source, asked) = answering(r#"{"no": "1"}"#).await;
    let first = source.by_number(&"1".into(), NOW).await.unwrap().unwrap();
    let second = source.by_number(&"1".into(), NOW.plus(29 * SECOND)).await.unwrap().unwrap();
    assert_eq!((first.as_of, second.as_of, asked.load(Ordering::SeqCst)), (NOW, NOW, 1));
    let third = source.by_number(&"1".into(), NOW.plus(30 * SECOND)).await.unwrap().unwrap();
    assert_eq!((third.as_of, asked.load(Ordering::SeqCst)), (NOW.plus(30 * SECOND), 2));
}

#[tokio::test]
async fn a_source_that_keeps_failing_is_left_alone() {
    let (source, asked) = answering(StatusCode::BAD_GATEWAY).await;
    for _ in 0..3 {
        assert_eq!(source.by_number(&"1".into(), NOW).await, Err(SourceDown::Status(502)));
    }
    assert_eq!(source.by_number(&"1".into(), NOW.plus(9 * SECOND)).await, Err(SourceDown::Resting));
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    assert_eq!(source.by_number(&"1".into(), NOW.plus(10 * SECOND)).await, Err(SourceDown::Status(502)));
    assert_eq!(source.by_number(&"1".into(), NOW.plus(11 * SECOND)).await, Err(SourceDown::Resting));
}

#[tokio::test]
async fn a_customer_cannot_make_the_source_rest_with_odd_numbers() {
    let (source, asked) = answering(StatusCode::BAD_REQUEST).await;
    for odd in ["a b", "'", "%", "x/y", "?"] {
        assert_eq!(source.by_number(&odd.into(), NOW).await, Err(SourceDown::Status(400)));
    }
    assert_eq!(source.by_number(&"..".into(), NOW).await, Ok(None));
    assert_eq!(asked.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn a_caller_that_gives_up_counts_as_a_failure() {
    let slow = || async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        "{}"
    };
    let source = source(&serve(Router::new().fallback(slow)).await);
    for _ in 0..3 {
        let given_up = tokio::time::timeout(Duration::from_millis(20), source.by_number(&"1".into(), NOW)).await;
        assert!(given_up.is_err());
    }
    assert_eq!(source.by_number(&"1".into(), NOW).await, Err(SourceDown::Resting));
}

#[tokio::test]
async fn a_number_stays_in_its_place() {
    let echo = |uri: axum::http::Uri| async move { axum::Json(json!({"no": "x", "seen": uri.to_string()})) };
    let base = serve(Router::new().fallback(echo)).await;
    let seen = format!("by_number: '{base}/orders/{{number}}'\nfields: {{item_name: seen}}\n");
    let order = source_with(&seen).unwrap().by_number(&"a/../b?c=d&e #订".into(), NOW).await.unwrap().unwrap();
    assert_eq!(order.items[0].name, "/orders/a%2F..%2Fb%3Fc%3Dd%26e%20%23%E8%AE%A2");
    assert_eq!(source(&base).by_number(&"1".into(), NOW).await, Ok(None), "another order than the one asked for");
}

#[test]
fn settings_that_make_no_source() {
    let wrong = |settings: &str| source_with(settings).err().map(|error| error.to_string()).unwrap_or_default();
    for address in [
        "https://{number}.example/",
        "https://a.example/orders",
        "ftp://a/{number}",
        "https://a/{number}/{x}",
        "{number}",
    ] {
        let found = wrong(&format!("by_number: '{address}'\nfields: {{}}\n"));
        assert!(found.contains("no address"), "{address}: {found}");
    }
    let good = "by_number: 'https://a/{number}'\n";
    assert!(wrong(&format!("{good}fields: {{number: 'a..b'}}\n")).contains("a..b"));
    assert!(wrong(&format!("{good}fields: {{}}\nzone: Mars\n")).contains("Mars"));
    let header = wrong(&format!("{good}fields: {{}}\nheaders: {{authorization: \"se\\ncret\"}}\n"));
    assert!(header.contains("authorization") && !header.contains("cret\n"), "{header}");
}
