//! Promises: made, seen, passed on, kept, overdue.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;
use xiaoer::app;
use xiaoer::domain::{MINUTE, Role, SECOND};

use super::{Seat, handed_off, hire};
use crate::service::{PATIENCE, Running, ShopFiles};

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_is_on_its_owners_list_until_it_is_settled() {
    let service = Running::start().await;
    for (id, name, role) in [("li", "小李", Role::Agent), ("wang", "小王", Role::Agent), ("chen", "陈姐", Role::Lead)]
    {
        hire(&service, id, name, "test", role).await;
    }
    let (li, wang, chen) =
        (Seat::take(&service, "li").await, Seat::take(&service, "wang").await, Seat::take(&service, "chen").await);
    let id = handed_off(&service, "zhang").await;
    let path = format!("/shops/test/conversations/{id}/promises");
    let past = li.post(&path, json!({ "what": "回复", "due": app::now().0 - 1 })).await;
    assert_eq!(past.0, StatusCode::BAD_REQUEST);
    let due = app::now().plus(60 * MINUTE).0;
    let made = li.does(&path, json!({ "what": "今天18点前回复", "due": due })).await;
    let list = async |seat: &Seat| seat.read("/desk").await["promises"].as_array().unwrap().clone();
    assert_eq!((list(&li).await.len(), list(&wang).await.len(), list(&chen).await.len()), (1, 0, 1));
    assert_eq!(li.item(&id).await.unwrap()["promise_due"], due);

    let one = format!("/shops/test/promises/{}", made["id"].as_str().unwrap());
    assert_eq!(wang.post(&format!("{one}/kept"), json!({})).await.0, StatusCode::FORBIDDEN, "it is not theirs");
    let stranger = li.post(&format!("{one}/pass"), json!({ "to": "nobody" })).await;
    assert_eq!(stranger.0, StatusCode::BAD_REQUEST);
    // The end of a shift.
    li.does(&format!("{one}/pass"), json!({ "to": "wang" })).await;
    assert_eq!((list(&li).await.len(), &list(&wang).await[0]["owner"]["name"]), (0, &json!("小王")));
    wang.does(&format!("{one}/kept"), json!({})).await;
    assert!(list(&wang).await.is_empty());
    assert_eq!(wang.post(&format!("{one}/kept"), json!({})).await.0, StatusCode::NOT_FOUND, "once");
    let kinds: Vec<String> = service
        .store
        .events(&"test".into(), &id.as_str().into())
        .await
        .unwrap()
        .iter()
        .map(|row| serde_json::to_value(&row.event).unwrap()["type"].as_str().unwrap().to_owned())
        .filter(|kind| kind.starts_with("promise"))
        .collect();
    assert_eq!(kinds, ["promise_made", "promise_passed", "promise_kept"]);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_whose_time_runs_out_makes_its_chat_urgent() {
    let service = Running::start().await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let li = Seat::take(&service, "li").await;
    let customer = service.customer("zhang");
    customer.says("转人工").await;
    let id = customer.conversation().await.unwrap();
    li.does(&format!("/shops/test/conversations/{id}/take"), json!({})).await;
    let due = app::now().plus(2 * SECOND).0;
    li.does(&format!("/shops/test/conversations/{id}/promises"), json!({ "what": "马上回复", "due": due })).await;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let events = service.store.events(&"test".into(), &id.as_str().into()).await.unwrap();
        let told = |kind: &str| events.iter().any(|row| serde_json::to_value(&row.event).unwrap()["type"] == kind);
        if told("promise_overdue") && told("promise_reminded") {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "nobody was reminded");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let desk = li.read("/desk").await;
    assert_eq!(desk["promises"][0]["overdue"], true);
    assert_eq!(li.item(&id).await.unwrap()["urgency"], "high");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_off_out_of_hours_opens_a_promise_that_is_nobodys_yet() {
    let files = ShopFiles { settings: "human_hours: \"00:00-00:01\"\n", ..ShopFiles::default() };
    let service = Running::with(&files, None).await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let li = Seat::take(&service, "li").await;
    let customer = service.customer("zhang");
    customer.says("转人工").await;
    customer.says("我要投诉你们").await;
    let desk = li.read("/desk").await;
    let promises = desk["promises"].as_array().unwrap();
    assert_eq!(promises.len(), 1, "one for the chat: {promises:#?}");
    assert!(promises[0]["owner"].is_null() && promises[0]["due"].as_i64().unwrap() > app::now().0);
    service.stop().await;
}
