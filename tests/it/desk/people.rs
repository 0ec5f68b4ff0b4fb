//! Signing in, being somebody, being nobody any more.

use reqwest::StatusCode;
use serde_json::json;
use xiaoer::app;
use xiaoer::domain::{PrincipalId, Role};
use xiaoer::server::invite;
use xiaoer::store::Membership;

use super::{PASSWORD, Seat, cookie, handed_off, hire};
use crate::service::{Running, http};

fn nobody(service: &Running) -> Seat {
    Seat { base: service.base.clone(), http: http(), cookie: String::new() }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_password_gets_in_and_nobody_else() {
    let service = Running::start().await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let nobody = nobody(&service);
    assert_eq!(nobody.get("/me").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(nobody.get("/desk").await.0, StatusCode::UNAUTHORIZED);
    for (id, password) in [("li", "wrong horse battery"), ("wang", PASSWORD), ("", ""), ("li", "")] {
        let answer = nobody.sign_in(id, password).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{id}");
        assert!(!answer.headers().contains_key("set-cookie"));
    }
    let li = Seat::take(&service, "li").await;
    let me = li.read("/me").await;
    assert_eq!((&me["id"], &me["name"], &me["state"]), (&json!("li"), &json!("小李"), &json!("online")));
    assert_eq!((&me["shops"][0]["id"], &me["shops"][0]["role"]), (&json!("test"), &json!("agent")));

    assert_eq!(li.delete("/session").await, StatusCode::NO_CONTENT);
    assert_eq!(li.get("/me").await.0, StatusCode::UNAUTHORIZED, "the old cookie is worth nothing");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_throttled() {
    let service = Running::start().await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let nobody = nobody(&service);
    let mut refused = None;
    for _ in 0..12 {
        let answer = nobody.sign_in("li", "a guess, a guess").await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("twelve guesses went through");
    assert_eq!(refused.headers()["retry-after"], "10");
    // Not even with the right one, for now.
    assert_eq!(nobody.sign_in("li", PASSWORD).await.status(), StatusCode::TOO_MANY_REQUESTS);
    service.stop().await;
}

/// What a page elsewhere could make a browser send with its cookie.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_changes_nothing() {
    let service = Running::start().await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let li = Seat::take(&service, "li").await;
    let id = handed_off(&service, "wang").await;
    let url = format!("{}/api/v1/shops/test/conversations/{id}/take", service.base);
    let forged = |headers: &[(&str, &str)]| {
        let request = li.http.post(&url).header("cookie", &li.cookie).json(&json!({}));
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    };
    for headers in [
        &[][..],
        &[("x-xiaoer", "1"), ("origin", "https://evil.example")],
        &[("x-xiaoer", "1"), ("sec-fetch-site", "cross-site")],
        &[("x-xiaoer", "1"), ("sec-fetch-site", "same-site")],
        &[("x-xiaoer", "1"), ("origin", "null")],
    ] {
        let answer = forged(headers).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{headers:?}");
    }
    assert_eq!(li.item(&id).await.unwrap()["state"], "waiting");
    let origin = service.base.clone();
    let own = forged(&[("x-xiaoer", "1"), ("origin", &origin), ("sec-fetch-site", "same-origin")]);
    assert_eq!(own.send().await.unwrap().status(), StatusCode::OK);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_every_session_and_a_locked_person_is_out_at_once() {
    let service = Running::start().await;
    let id = hire(&service, "li", "小李", "test", Role::Agent).await;
    let (one, other) = (Seat::take(&service, "li").await, Seat::take(&service, "li").await);
    let new = "another good password";
    let wrong = one.post("/me/password", json!({ "old": "not this one", "new": new })).await;
    assert_eq!(wrong.0, StatusCode::FORBIDDEN);
    let weak = one.post("/me/password", json!({ "old": PASSWORD, "new": "short" })).await;
    assert_eq!(weak.0, StatusCode::UNPROCESSABLE_ENTITY, "{}", weak.1);
    assert_eq!(one.post("/me/password", json!({ "old": PASSWORD, "new": new })).await.0, StatusCode::OK);
    for seat in [&one, &other] {
        assert_eq!(seat.get("/me").await.0, StatusCode::UNAUTHORIZED);
    }
    let answer = one.sign_in("li", new).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let again = Seat { cookie: cookie(&answer), ..one };
    assert_eq!(again.get("/me").await.0, StatusCode::OK);
    service.store.disable_principal(&id).await.unwrap();
    assert_eq!(again.get("/me").await.0, StatusCode::UNAUTHORIZED);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_link_makes_the_first_manager_once() {
    let service = Running::start().await;
    let token = invite(&service.store, None, app::now()).await.unwrap();
    let seat = nobody(&service);
    let told = seat.read(&format!("/invitations/{token}")).await;
    assert_eq!((&told["purpose"], &told["shops"][0]["id"]), (&json!("first_manager"), &json!("test")));
    let path = format!("/invitations/{token}");
    let weak = seat.post(&path, json!({ "id": "boss", "name": "老板", "password": "boss" })).await;
    assert_eq!(weak.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, me) = seat.post(&path, json!({ "id": "boss", "name": "老板", "password": PASSWORD })).await;
    assert_eq!((status, &me["shops"][0]["role"]), (StatusCode::OK, &json!("manager")), "{me}");
    assert_eq!(seat.post(&path, json!({ "id": "thief", "password": PASSWORD })).await.0, StatusCode::NOT_FOUND);
    // Once somebody is in, no link makes a second first manager.
    let late = invite(&service.store, None, app::now()).await.unwrap();
    assert_eq!(seat.get(&format!("/invitations/{late}")).await.0, StatusCode::NOT_FOUND);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_brings_people_in_and_an_agent_does_not() {
    let service = Running::start().await;
    hire(&service, "boss", "老板", "test", Role::Manager).await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let (boss, li) = (Seat::take(&service, "boss").await, Seat::take(&service, "li").await);
    let new = json!({ "id": "wang", "name": "小王", "role": "agent", "outsourced": true });
    assert_eq!(li.post("/shops/test/people", new.clone()).await.0, StatusCode::FORBIDDEN);
    assert_eq!(li.get("/shops/test/people").await.0, StatusCode::FORBIDDEN);
    let link = boss.does("/shops/test/people", new).await["link"].as_str().unwrap().to_owned();
    let token = link.strip_prefix("/welcome#").unwrap();
    let seat = nobody(&service);
    assert_eq!(seat.read(&format!("/invitations/{token}")).await["purpose"], "join");
    seat.does(&format!("/invitations/{token}"), json!({ "password": PASSWORD })).await;
    let wang = Seat::take(&service, "wang").await;
    assert_eq!(wang.read("/me").await["shops"][0]["outsourced"], true);

    let people = boss.read("/shops/test/people").await;
    let found = people["people"].as_array().unwrap().iter().find(|one| one["id"] == "wang").unwrap().clone();
    assert_eq!((&found["joined"], &found["state"]), (&json!(true), &json!("online")));
    // A forgotten password: the old one works until the link is used.
    let link = boss.does("/shops/test/people/wang/reset", json!({})).await["link"].as_str().unwrap().to_owned();
    let token = link.strip_prefix("/welcome#").unwrap();
    assert_eq!(seat.read(&format!("/invitations/{token}")).await["purpose"], "reset");
    seat.does(&format!("/invitations/{token}"), json!({ "password": "a brand new secret" })).await;
    assert_eq!(wang.get("/me").await.0, StatusCode::UNAUTHORIZED);

    let gives_up = boss.post("/shops/test/people/boss", json!({ "role": "agent" })).await;
    assert_eq!(gives_up.0, StatusCode::CONFLICT);
    assert_eq!(boss.delete("/shops/test/people/li").await, StatusCode::NO_CONTENT);
    assert_eq!(li.get("/shops/test/conversations").await.0, StatusCode::NOT_FOUND, "the shop is none of theirs");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_of_one_shop_sees_nothing_of_another() {
    let service = Running::start().await;
    let li = hire(&service, "li", "小李", "other", Role::Manager).await;
    let id = handed_off(&service, "wang").await;
    let seat = Seat::take(&service, "li").await;
    assert_eq!(seat.read("/me").await["shops"], json!([]), "that shop isn't served here");
    assert_eq!(seat.read("/desk").await["items"], json!([]));
    for path in [
        "/conversations".to_owned(),
        format!("/conversations/{id}"),
        format!("/conversations/{id}/orders"),
        "/people".to_owned(),
        "/scripts/own".to_owned(),
        "/products".to_owned(),
        "/events".to_owned(),
    ] {
        assert_eq!(seat.get(&format!("/shops/test{path}")).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    for what in ["take", "release", "close", "reply", "note", "flag", "promises", "proofread", "undo"] {
        let path = format!("/shops/test/conversations/{id}/{what}");
        let (status, _) = seat.post(&path, json!({ "text": "a", "what": "a", "due": 1, "reply_id": "1" })).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{what}");
    }
    // Hired here too, it is all there.
    let place = Membership { shop: "test".into(), role: Role::Agent, outsourced: false };
    service.store.set_place(&li, place).await.unwrap();
    assert!(seat.item(&id).await.is_some());
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_another_firm_see_no_phones() {
    let service = Running::start().await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let wang = PrincipalId::from("wang");
    hire(&service, "wang", "小王", "test", Role::Agent).await;
    let place = Membership { shop: "test".into(), role: Role::Agent, outsourced: true };
    service.store.set_place(&wang, place).await.unwrap();
    let customer = service.customer("13987654321");
    customer.says("我要投诉，给我回电话 13812345678").await;
    let id = customer.conversation().await.unwrap();
    let path = format!("/shops/test/conversations/{id}");
    let (own, other) = (Seat::take(&service, "li").await, Seat::take(&service, "wang").await);
    let seen = own.read(&path).await.to_string();
    assert!(seen.contains("13812345678") && seen.contains("13987654321"));
    let view = other.read(&path).await;
    let desk = other.read("/desk").await.to_string();
    for seen in [view.to_string(), desk, other.read("/shops/test/conversations").await.to_string()] {
        assert!(!seen.contains("13812345678"), "{seen}");
        // The platform's id of the chat itself is needed to find it there.
        assert!(!seen.replace("c-13987654321", "").contains("13987654321"), "{seen}");
    }
    assert!(view["lines"][0]["text"].as_str().unwrap().contains("138****5678"));
    let turn = view["turns"][0]["id"].as_str().unwrap();
    assert_eq!(other.get(&format!("/shops/test/turns/{turn}")).await.0, StatusCode::FORBIDDEN);
    service.stop().await;
}
