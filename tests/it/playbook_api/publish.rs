//! How a draft comes in force, and what never does.

use serde_json::{Value, json};
use xiaoer::domain::Role;

use super::{Desk, PARKING, codes, file, text};
use crate::reload::{FEE, fee};
use crate::service::token;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_at_the_desk_is_what_customers_are_told() {
    let desk = Desk::saying("满59元包邮。").await;
    let shop = &desk.shop;
    let first = desk.version().await;
    assert!(shop.fee_as_told("u-1").await.contains("满59元包邮。"));
    let (status, told) = desk.publish(&file(FEE, &format!("\u{feff}{}", fee("今天全场包邮。"))), &first).await;
    assert_eq!(status, 200, "{told:#}");
    let second = text(&told, "version").to_owned();
    shop.until("in force", |ready| ready["shops"]["test"]["playbook"] == second.as_str()).await;
    assert!(shop.fee_as_told("u-2").await.contains("今天全场包邮。"));
    assert_eq!(shop.ready().await.1["problems"], json!([]), "files that nobody edited are nobody's fault");
    let stored = shop.store.latest_playbook(&"test".into()).await.unwrap().unwrap();
    assert_eq!((stored.author.as_str(), stored.parent.unwrap().as_str()), ("chen", first.as_str()));

    let (_, told) = desk.get("").await;
    assert_eq!((text(&told, "version"), text(&told, "author")), (second.as_str(), "chen"));
    assert_eq!(desk.get(&format!("/file?path={FEE}")).await.1["own"], fee("今天全场包邮。"), "without the mark");
    let (_, log) = desk.get("/log").await;
    let moves: Vec<_> = log["versions"].as_array().unwrap().iter().collect();
    assert_eq!(
        (text(moves[0], "version"), text(moves[0], "author"), text(moves[0], "what")),
        (&*second, "chen", "pushed")
    );
    assert_eq!(
        (text(moves[1], "version"), text(moves[1], "author"), text(moves[1], "what")),
        (&*first, "files", "published")
    );
    assert_eq!((&moves[0]["current"], &moves[1]["current"], moves.len()), (&json!(true), &json!(false), 2));

    // Somebody who still looks at the first version is told so, and the same words again are no news.
    assert_eq!(desk.publish(&file(FEE, &fee("满9元包邮。")), &first).await.0, 409);
    assert_eq!(desk.publish(&file(FEE, &fee("今天全场包邮。")), &second).await, (200, json!({ "version": second })));
    assert_eq!(desk.get("/log").await.1["versions"].as_array().unwrap().len(), 2);

    // The folder is behind: an edit of it is refused with the words to run.
    shop.save(FEE, &fee("满39元包邮。"));
    let (ready, _) = shop.until("told", |ready| ready["problems"][0].is_object()).await;
    let problem = &ready["problems"][0];
    assert_eq!((&problem["code"], &problem["served"]), (&json!("behind"), &json!(true)), "{ready:#}");
    assert!(
        text(problem, "message").contains("chen pushed") && text(problem, "message").contains(&second[..8]),
        "{ready:#}"
    );
    assert!(shop.fee_as_told("u-3").await.contains("今天全场包邮。"));
    // The desk goes on from what is in force, and can take a file away again.
    let (status, told) = desk.publish(&json!({ FEE: null }), &second).await;
    assert_eq!(status, 200, "{told:#}");
    shop.until("in force", |ready| ready["shops"]["test"]["playbook"] == told["version"]).await;
    assert!(shop.fee_as_told("u-4").await.contains("59元"), "the base pack's words, with the shop's facts");
    assert_eq!(shop.ready().await.1["problems"][0]["code"], "behind");
    desk.shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_with_an_error_does_not_come_in_force() {
    let desk = Desk::saying("满59元包邮。").await;
    let first = desk.version().await;
    let case = format!("{}  should_match: |\n    有充电桩吗\n", PARKING.1);
    for (path, now, code, line) in [
        (FEE, "zh:\n  nonsense: |\n    什么\n", "unknown-situation", 2),
        ("intents/shop/parking.yaml", case.as_str(), "case", 6),
    ] {
        let (status, told) = desk.publish(&file(path, now), &first).await;
        assert_eq!(status, 422, "{told:#}");
        assert_eq!(codes(told["mistakes"].as_array().unwrap()), [(code, path, line)]);
    }
    assert_eq!(desk.version().await, first);
    desk.shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_addresses_and_other_files_are_out_of_reach() {
    let desk = Desk::saying("满59元包邮。").await;
    let first = desk.version().await;
    let (_, told) = desk.get("/file?path=shop.yaml").await;
    let settings = text(&told, "own").to_owned();
    let channel = settings.lines().position(|line| line.trim_start().starts_with("web:")).unwrap() as u64 + 1;
    let orders = settings.lines().position(|line| line.starts_with("orders:")).unwrap() as u64 + 1;
    let last = settings.lines().count() as u64 + 1;
    let product = "products/drill-20v.yaml";
    let (_, told) = desk.get(&format!("/file?path={product}")).await;
    let linked = format!("{}\nlink: https://elsewhere.example/drill\n", text(&told, "own").trim_end());
    let at = linked.lines().count() as u64;
    for (path, now, line) in [
        ("shop.yaml", settings.replace("http://", "http://elsewhere."), channel),
        ("shop.yaml", settings.replace("secret: \"file:../../secret\"", "secret: env:HOME"), channel),
        ("shop.yaml", settings.replace("path: orders.yaml", "path: ../other/orders.yaml"), orders),
        ("shop.yaml", format!("{settings}embeddings: {{url: \"https://elsewhere.example/v1\", model: m}}\n"), last),
        ("shop.yaml", format!("{settings}extends: brand\n"), last),
        ("shop.yaml", format!("{settings}group: true\n"), last),
        (product, linked, at),
        ("shop.yml", "channels: {}\n".to_owned(), 0),
        ("orders.yaml", "orders: []\n".to_owned(), 0),
        ("../other/shop.yaml", "name: B\n".to_owned(), 0),
        ("replies/../../other/shop.yaml", "name: B\n".to_owned(), 0),
        ("/etc/x.yaml", String::new(), 0),
        ("replies\\a\\b.yaml", String::new(), 0),
        ("replies/a/b.sh", String::new(), 0),
        (".xiaoer-version", String::new(), 0),
    ] {
        let files = file(path, &now);
        let expected = ("not-from-the-desk", path, line);
        let told = desk.lint(&files).await;
        assert!(codes(&told).contains(&expected), "{path}: {told:#?}");
        for key in ["message", "help"] {
            let of = told.iter().find(|told| told["code"] == "not-from-the-desk").unwrap();
            assert!(!text(&of[key], "zh").is_empty() && !text(&of[key], "en").is_empty(), "{of:#}");
        }
        let (status, told) = desk.publish(&files, &first).await;
        assert_eq!(status, 422, "{path}: {told:#}");
        assert!(codes(told["mistakes"].as_array().unwrap()).contains(&expected), "{path}: {told:#}");
    }
    let elsewhere = file("shop.yaml", &settings.replace("http://", "http://elsewhere."));
    assert_eq!(desk.post("/try", &json!({"files": elsewhere, "messages": ["在吗"]})).await.0, 422);
    assert_eq!(desk.post("/replay", &json!({"files": elsewhere})).await.0, 422);
    assert_eq!(desk.publish(&json!({ "shop.yaml": null }), &first).await.0, 422);
    assert_eq!(desk.version().await, first);
    let too_many: serde_json::Map<String, Value> =
        (0..2_001).map(|n| (format!("replies/a/{n}.yaml"), json!("zh:\n"))).collect();
    assert_eq!(desk.post("/lint", &json!({ "files": too_many })).await.0, 400);

    // What else stands in these files may be changed, and written in another order.
    let renamed = settings.replace("测试店", "新名字").replace("  web: {kind: standard, ", "  web: {");
    let renamed = renamed.replace("/replies\"}\n", "/replies\", kind: standard}\n");
    assert!(renamed.contains("  web: {secret: ") && renamed.contains(", kind: standard}"), "{renamed}");
    let (status, told) = desk.publish(&file("shop.yaml", &renamed), &first).await;
    assert_eq!(status, 200, "{told:#}");
    desk.shop.until("in force", |ready| ready["shops"]["test"]["playbook"] == told["version"]).await;
    assert!(desk.shop.fee_as_told("u-1").await.contains("满59元包邮。"), "the channel works as before");
    desk.shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_do_not_read_and_leads_do_not_publish() {
    let desk = Desk::saying("满59元包邮。").await;
    let service = token(&desk.shop.store, "test", "erp", Role::Service).await;
    let files = token(&desk.shop.store, "test", "files", Role::Manager).await;
    let version = desk.version().await;
    let draft = json!({ FEE: fee("满9元包邮。") });
    let bodies = [
        ("/lint", json!({ "files": draft })),
        ("/try", json!({ "files": draft, "messages": ["在吗"] })),
        ("/replay", json!({ "files": draft, "days": 1 })),
        ("/publish", json!({ "files": draft, "parent": version })),
        (
            "/amend",
            json!({ "amendments": [{"do": "phrase", "intent": "logistics/shipping_fee", "line": "邮钱"}], "files": draft }),
        ),
    ];
    for (path, body) in &bodies {
        for token in [&desk.shop.token, &service] {
            assert_eq!(desk.post_as(token, path, body).await.0, 403, "{path}");
        }
        let as_lead = if ["/publish", "/amend"].contains(path) { 403 } else { 200 };
        assert_eq!(desk.post_as(&desk.lead, path, body).await.0, as_lead, "{path}");
    }
    for path in ["", "/file?path=shop.yaml", "/log"] {
        let url = format!("{}/api/v1/shops/test/playbook{path}", desk.shop.base);
        let answer = desk.shop.http.get(url).bearer_auth(&desk.shop.token).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 403, "{path}");
    }
    // Nobody signs as the service does.
    assert_eq!(desk.post_as(&files, "/publish", &bodies[3].1).await.0, 403);
    assert_eq!(desk.version().await, version);
    desk.shop.stop().await;
}
