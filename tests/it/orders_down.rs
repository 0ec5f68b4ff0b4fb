//! The order source is down, slow, or answers garbage: every message is answered or handed off within 5 s of its
//! window's end, and those that need no order don't wait for the others.

use std::time::{Duration, Instant};

use axum::Router;
use futures_util::future::join_all;
use tokio::net::TcpListener;

use crate::service::{Customer, Outcome, PATIENCE, Running, ShopFiles};

/// After a whole request.
const WINDOW: Duration = Duration::from_secs(1);
const DECIDED_WITHIN: Duration = Duration::from_secs(5);

/// A shop whose orders are asked for at `base`.
async fn shop_with_orders_at(base: &str) -> Running {
    let orders = format!(
        "orders:\n  kind: http\n  by_number: \"{base}/orders/{{number}}\"\n  of_customer: \"{base}/of/{{customer_id}}\"\n  \
         fields: {{number: no, state: status, tracking: parcel}}\n"
    );
    Running::with(&ShopFiles { settings: &orders, ..ShopFiles::default() }, None).await
}

/// A source whose every answer takes so long and is that.
async fn source(wait: Duration, answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(move || async move {
        tokio::time::sleep(wait).await;
        answer
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// What was done about a question, and how long after the end of its window the platform had it.
async fn asks(shop: &Running, customer: Customer<'_>, question: &str) -> (Outcome, Duration) {
    customer.write(question).await;
    let written = Instant::now();
    let told = format!("c-{}", customer.id);
    let arrived = loop {
        let arrivals = shop.platform.arrivals();
        let found = arrivals.iter().find(|(_, body, _)| body["data"]["conversation_id"] == told.as_str());
        if let Some((_, _, at)) = found {
            break *at;
        }
        assert!(written.elapsed() < PATIENCE, "{told}: neither answered nor handed off");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    (customer.outcome(0).await, arrived.saturating_duration_since(written + WINDOW))
}

/// `number` customers ask for their parcels, and five for something else while they wait.
async fn all_are_served(shop: &Running, number: usize, round: &str) -> Vec<Outcome> {
    let waiting = join_all(
        (0..number)
            .map(|n| async move { asks(shop, shop.customer(&format!("{round}-{n}")), "我的快递到哪了").await }),
    );
    let others = join_all((0..5).map(|n| async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        // Nobody vouches for them, so that there is nothing to ask the source for.
        let mut customer = shop.customer(&format!("{round}-other-{n}"));
        customer.verified = false;
        asks(shop, customer, "你好，请问包邮吗？").await
    }));
    let (waited, others) = tokio::join!(waiting, others);
    let longest = waited.iter().map(|(_, took)| *took).max().unwrap();
    let longest_of_others = others.iter().map(|(_, took)| *took).max().unwrap();
    println!("{round}: {longest:?} after the window, others {longest_of_others:?}");
    assert!(longest < DECIDED_WITHIN, "{round}: somebody waited {longest:?}");
    assert!(longest_of_others < Duration::from_secs(2), "{round}: others waited {longest_of_others:?}");
    for (outcome, _) in &others {
        assert_eq!(outcome.decision(), "answer · sure", "{round}");
    }
    waited.into_iter().map(|(outcome, _)| outcome).collect()
}

fn all_are_handed_off(outcomes: &[Outcome]) {
    for outcome in outcomes {
        assert_eq!(outcome.act, "hand_off", "{outcome:#?}");
        assert_eq!(outcome.view["state"], "waiting");
        assert!(!outcome.words().is_empty(), "a hand-off has words");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_source_is_down() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let shop = shop_with_orders_at(&base).await;
    all_are_handed_off(&all_are_served(&shop, 20, "down").await);
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_source_takes_ten_seconds() {
    let base = source(Duration::from_secs(10), "{}").await;
    let shop = shop_with_orders_at(&base).await;
    all_are_handed_off(&all_are_served(&shop, 20, "slow").await);
    shop.stop().await;
}

/// Slow, but not so slow as to be given up, and for more customers than are decided for at once.
#[tokio::test(flavor = "multi_thread")]
async fn the_source_is_slow_for_a_crowd() {
    let base = source(Duration::from_millis(1_800), "[]").await;
    let shop = shop_with_orders_at(&base).await;
    for outcome in all_are_served(&shop, 250, "crowd").await {
        assert!(["ask", "hand_off"].contains(&outcome.act.as_str()), "{outcome:#?}");
    }
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_source_answers_garbage() {
    for (round, answer) in [("page", "<html>login</html>"), ("list", "[1, null, {\"no\": {}}]"), ("text", "\"ok\"")] {
        let base = source(Duration::ZERO, answer).await;
        let shop = shop_with_orders_at(&base).await;
        for outcome in all_are_served(&shop, 5, round).await {
            assert!(["ask", "hand_off"].contains(&outcome.act.as_str()), "{round}: {outcome:#?}");
            assert!(!outcome.words().contains("html"), "{round}: {outcome:#?}");
        }
        shop.stop().await;
    }
}

/// A source that never ends its answer, or sends too much of it.
#[tokio::test(flavor = "multi_thread")]
async fn the_source_floods() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(|| async {
        let endless = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'['; 8192]));
        axum::body::Body::from_stream(endless)
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let shop = shop_with_orders_at(&base).await;
    all_are_handed_off(&all_are_served(&shop, 5, "flood").await);
    shop.stop().await;
}
