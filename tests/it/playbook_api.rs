//! The API of the editing pages: what is shown, what is said of a draft, and how it comes in force.

mod amend;
mod publish;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};
use xiaoer::domain::Role;

use crate::reload::{FEE, fee, with_fee};
use crate::service::{Running, ShopFiles, token, write_shop};

/// A service, and the people who edit its playbook.
struct Desk {
    shop: Running,
    lead: String,
    manager: String,
}

impl Desk {
    /// A shop that says of shipping fees what is told here.
    async fn saying(words: &str) -> Self {
        Self::of(with_fee(words, None).await).await
    }

    async fn of(shop: Running) -> Self {
        let lead = token(&shop.store, "test", "liu", Role::Lead).await;
        let manager = token(&shop.store, "test", "chen", Role::Manager).await;
        Self { shop, lead, manager }
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let url = format!("{}/api/v1/shops/test/playbook{path}", self.shop.base);
        let answer = self.shop.http.get(url).bearer_auth(&self.lead).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn post_as(&self, token: &str, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}/api/v1/shops/test/playbook{path}", self.shop.base);
        let answer = self.shop.http.post(url).bearer_auth(token).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.post_as(&self.manager, path, body).await
    }

    async fn lint(&self, files: &Value) -> Vec<Value> {
        let (status, told) = self.post("/lint", &json!({ "files": files })).await;
        assert_eq!(status, 200, "{told:#}");
        told["mistakes"].as_array().unwrap().clone()
    }

    async fn try_out(&self, files: &Value, text: &str) -> Value {
        let (status, tried) = self.post("/try", &json!({ "files": files, "messages": [text] })).await;
        assert_eq!(status, 200, "{tried:#}");
        tried
    }

    async fn publish(&self, files: &Value, parent: &str) -> (u16, Value) {
        self.post("/publish", &json!({ "files": files, "parent": parent })).await
    }

    /// The version in force, as the editing page is told of it.
    async fn version(&self) -> String {
        self.get("").await.1["version"].as_str().unwrap().to_owned()
    }
}

/// One file with a new text.
fn file(path: &str, text: &str) -> Value {
    json!({ path: text })
}

fn codes(mistakes: &[Value]) -> Vec<(&str, &str, u64)> {
    let shown = |told: &Value| told["line"].as_u64().unwrap();
    mistakes.iter().map(|told| (text(told, "code"), text(told, "path"), shown(told))).collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value:#}"))
}

const PARKING: (&str, &str) =
    ("intents/shop/parking.yaml", "means: The customer asks for a car park.\nzh:\n  phrases: |\n    能停车吗\n");
const PARKING_WORDS: (&str, &str) =
    ("replies/shop/parking.yaml", "title: 停车\nzh:\n  default: |\n    地下有停车场。\n");

#[tokio::test(flavor = "multi_thread")]
async fn every_file_is_listed_with_the_layer_that_has_it() {
    let (group_words, own_words) = (fee("全品牌满59元包邮。"), fee("本店满39元包邮。"));
    let files = ShopFiles {
        settings: "extends: brand\n",
        files: &[
            ("../brand/shop.yaml", "group: true\n"),
            ("../brand/replies/logistics/shipping_fee.yaml", &group_words),
            ("../brand/replies/talk/greeting.yaml", "zh:\n  default: |\n    您好，欢迎光临。\n"),
            (FEE, &own_words),
        ],
        ..ShopFiles::default()
    };
    let desk = Desk::of(Running::with(&files, None).await).await;
    let (status, told) = desk.get("").await;
    assert_eq!(status, 200, "{told}");
    let in_force = desk.shop.store.latest_playbook(&"test".into()).await.unwrap().unwrap();
    assert_eq!((text(&told, "version"), text(&told, "author")), (in_force.hash.as_str(), "files"));
    let item = |path: &str| {
        let items = told["files"].as_array().unwrap();
        items.iter().find(|item| item["path"] == path).unwrap_or_else(|| panic!("{path} is not listed")).clone()
    };
    for (path, layer, kind, own) in [
        (FEE, "shop", "reply", true),
        ("intents/logistics/shipping_fee.yaml", "base", "intent", false),
        ("replies/talk/greeting.yaml", "group", "reply", false),
        ("products/drill-20v.yaml", "shop", "product", true),
        ("shop.yaml", "shop", "shop", true),
    ] {
        let item = item(path);
        let told = (text(&item, "layer"), text(&item, "kind"), item["own"].as_bool().unwrap());
        assert_eq!(told, (layer, kind, own), "{path}");
    }
    assert_eq!(item("shop.yaml")["title"], json!({"zh": "测试店", "en": "Test Shop"}));
    assert!(item("intents/logistics/shipping_fee.yaml")["title"]["zh"].is_string());

    let (_, told) = desk.get(&format!("/file?path={FEE}")).await;
    assert_eq!(told["own"], own_words);
    let below = text(&told, "base");
    assert!(below.find("# base\n").unwrap() < below.find("# brand\n").unwrap(), "{below}");
    assert!(below.contains("全品牌满59元包邮。") && below.contains("en:"), "{below}");
    let (_, told) = desk.get("/file?path=intents/logistics/shipping_fee.yaml").await;
    assert!(
        told["own"].is_null() && text(&told, "base").starts_with("means:") && told["version"].is_string(),
        "{told}"
    );
    let outside = ["orders.yaml", "../secret", "../../secret", "/etc/hostname", "replies/../shop.yaml", "base", ""];
    for path in outside {
        assert_eq!(desk.get(&format!("/file?path={path}")).await.0, 404, "{path}");
    }
    desk.shop.stop().await;
}

/// What `xiaoer check` says of a shop's folder with these files besides, about one of them.
fn checked(folder: &Path, path: &str, now: &str) -> Vec<(String, String, u64, u64, String)> {
    let file = folder.join("shops/test").join(path);
    let before = std::fs::read_to_string(&file).ok();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, now).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiaoer"));
    command.args(["check", "--json", "--shops"]).arg(folder.join("shops")).env_remove("XIAOER_SHOPS");
    let told: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    match before {
        Some(before) => std::fs::write(&file, before).unwrap(),
        None => std::fs::remove_file(&file).unwrap(),
    }
    let of_file = |told: &&Value| text(&told["place"], "file").ends_with(path);
    let told = told.as_array().unwrap().iter().filter(of_file).map(|told| {
        let place = &told["place"];
        let (line, column) = (place["line"].as_u64().unwrap(), place["column"].as_u64().unwrap());
        (text(told, "code").to_owned(), text(told, "severity").to_owned(), line, column, told["message"].to_string())
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_told_the_mistakes_that_check_finds() {
    let desk = Desk::saying("满59元包邮。").await;
    let folder = tempfile::tempdir().unwrap();
    let words = fee("满59元包邮。");
    let files = ShopFiles { files: &[(FEE, &words)], ..ShopFiles::default() };
    write_shop(folder.path(), &desk.shop.platform.url, &files);
    let shop_yaml = std::fs::read_to_string(folder.path().join("shops/test/shop.yaml")).unwrap();
    let drafts = [
        (FEE, "zh:\n  default: |\n    满{facts.free_shiping_from}元包邮。\n  nonsense: |\n    什么\n".to_owned(), 2),
        (FEE, "zh：\n  default：｜\n    满59元包邮，写好评返现。\n".to_owned(), 3),
        (FEE, "zh:\n  shipped: |\n    已经发货。\n".to_owned(), 2),
        (PARKING.0, format!("{}en:\n  phrases: |\n    , . !\n", PARKING.1), 2),
        ("shop.yaml", format!("{shop_yaml}tonne: plain\n"), 1),
        ("campaigns/double.yaml", "title: 双11\nfrom: 2026-11-01\nfacts: {ship_within: soon}\n".to_owned(), 1),
        ("products/drill-20v.yaml", "nam: 电钻\n".to_owned(), 1),
    ];
    for (path, now, at_least) in drafts {
        let began = Instant::now();
        let told = desk.lint(&file(path, &now)).await;
        let took = began.elapsed();
        let told: Vec<_> = told.iter().filter(|told| told["path"] == path).collect();
        let told: Vec<_> = told
            .into_iter()
            .map(|told| {
                let (line, column) = (told["line"].as_u64().unwrap(), told["column"].as_u64().unwrap());
                let (code, severity) = (text(told, "code").to_owned(), text(told, "severity").to_owned());
                (code, severity, line, column, told["message"].to_string())
            })
            .collect();
        println!("{path}: {} told in {took:?}", told.len());
        assert!(told.len() >= at_least, "{path}: {told:#?}");
        assert_eq!(told, checked(folder.path(), path, &now), "{path}");
    }
    assert_eq!(
        desk.lint(&file(FEE, &fee("满39元包邮。"))).await,
        Vec::<Value>::new(),
        "nothing is told of other files"
    );
    // What an edit breaks elsewhere is told there, and so is what is new.
    let gone = json!({ "intents/shop/parking.yaml": PARKING.1, "replies/shop/parking.yaml": null });
    assert_eq!(codes(&desk.lint(&gone).await), [("no-words", "intents/shop/parking.yaml", 0)]);
    let told = desk.lint(&file("replies/shop/parking.yaml", PARKING_WORDS.1)).await;
    assert_eq!(codes(&told), [("unknown-intent", "replies/shop/parking.yaml", 0)]);
    desk.shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_bot_would_say_is_said_by_the_draft_and_nothing_is_kept() {
    let desk = Desk::saying("满59元包邮。").await;
    let before = desk.version().await;
    let tried = desk.try_out(&json!({}), "请问包邮吗？").await;
    assert!(text(&tried, "reply").contains("满59元包邮。"), "{tried:#}");
    let draft = json!({ FEE: fee("今天全场包邮。"), PARKING.0: PARKING.1, PARKING_WORDS.0: PARKING_WORDS.1 });
    let tried = desk.try_out(&draft, "请问包邮吗？").await;
    assert!(text(&tried, "reply").contains("今天全场包邮。"), "{tried:#}");
    assert_eq!((text(&tried, "decision"), text(&tried, "rung")), ("answer", "sure"));
    assert_eq!(tried["understood"]["intents"][0]["intent"], "logistics/shipping_fee");
    assert!(tried["titles"]["logistics/shipping_fee"]["zh"].is_string() && tried["suggestions"].is_array());
    let began = Instant::now();
    let tried = desk.try_out(&draft, "你们门店能停车吗").await;
    println!("the same draft again: {:?}", began.elapsed());
    assert_eq!((text(&tried, "reply"), &tried["titles"]["shop/parking"]["zh"]), ("地下有停车场。", &json!("停车")));
    assert_eq!(text(&desk.try_out(&json!({}), "你们门店能停车吗").await, "decision"), "hand_off");

    let began = Instant::now();
    let learnt = format!("{}  examples: |\n    门口让停车吗\n    你们那有车位没\n", PARKING.1);
    let tried = desk.try_out(&json!({ PARKING.0: learnt, PARKING_WORDS.0: PARKING_WORDS.1 }), "你们那有车位没").await;
    println!("with new examples: {:?}", began.elapsed());
    assert_eq!(tried["understood"]["intents"][0]["intent"], "shop/parking", "{tried:#}");

    // Whose orders: nobody's, or the customer's.
    let ask = |customer: Value| json!({"files": {}, "messages": ["在吗", "我的快递到哪了"], "customer_id": customer});
    let (_, tried) = desk.post("/try", &ask(json!("demo-wang"))).await;
    assert!(tried["reply"].to_string().contains("自动变光电焊面罩"), "{tried:#}");
    let (_, tried) = desk.post("/try", &ask(Value::Null)).await;
    assert!(!tried.to_string().contains("自动变光电焊面罩"), "{tried:#}");

    let broken = json!({"files": {FEE: "zh:\n  nonsense: |\n    什么\n"}, "messages": ["在吗"]});
    let (status, told) = desk.post("/try", &broken).await;
    assert_eq!((status, &told["status"]), (422, &json!(422)), "{told:#}");
    assert_eq!(codes(told["mistakes"].as_array().unwrap()), [("unknown-situation", FEE, 2)]);
    for body in [json!({"files": {}, "messages": []}), json!({"messages": [" "]}), json!({"messages": vec!["a"; 21]})] {
        assert_eq!(desk.post("/try", &body).await.0, 400, "{body}");
    }
    // Customers noticed nothing.
    assert!(desk.shop.fee_as_told("u-1").await.contains("满59元包邮。"));
    assert_eq!(desk.version().await, before);
    let to = xiaoer::app::now().plus(1_000);
    let turns = desk.shop.store.turns_between(&"test".into(), (xiaoer::domain::At(0), None), to).await.unwrap();
    assert_eq!(turns.len(), 1, "what was tried is not kept");
    desk.shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_days_are_decided_again_by_a_draft() {
    let desk = Desk::saying("满59元包邮。").await;
    for (customer, said) in [("u-1", "请问包邮吗？"), ("u-2", "你们门店能停车吗"), ("u-3", "我要投诉你们")]
    {
        desk.shop.customer(customer).says(said).await;
    }
    let replay = async |files: Value, days: u32| desk.post("/replay", &json!({"files": files, "days": days})).await;
    let (status, told) = replay(json!({}), 1).await;
    assert_eq!((status, &told["turns"], &told["changed_total"]), (200, &json!(3), &json!(0)), "{told:#}");
    let draft = json!({ FEE: fee("今天全场包邮。"), PARKING.0: PARKING.1, PARKING_WORDS.0: PARKING_WORDS.1 });
    let (_, told) = replay(draft, 7).await;
    assert_eq!((&told["turns"], &told["changed_total"]), (&json!(3), &json!(2)), "{told:#}");
    assert_eq!((&told["counts"]["newly_answered"], &told["counts"]["another_answer"]), (&json!(1), &json!(1)));
    let changed = told["changed"].as_array().unwrap();
    let of = |said: &str| changed.iter().find(|changed| changed["said"] == said).unwrap();
    let fee = of("请问包邮吗？");
    assert!(
        text(&fee["before"], "reply").contains("满59元包邮。")
            && text(&fee["after"], "reply").contains("今天全场包邮。")
    );
    assert_eq!((text(fee, "kind"), text(&fee["after"], "rung")), ("another_answer", "sure"));
    let parking = of("你们门店能停车吗");
    assert_eq!((text(&parking["before"], "decision"), text(&parking["after"], "decision")), ("hand_off", "answer"));
    let turn = desk.shop.get(&format!("/turns/{}", text(parking, "turn"))).await;
    assert_eq!(turn["input"]["conversation"], parking["conversation"]);
    for days in [0, 31] {
        assert_eq!(replay(json!({}), days).await.0, 400, "{days}");
    }
    assert_eq!(replay(file(FEE, "zh:\n  nonsense: |\n    什么\n"), 7).await.0, 422);
    desk.shop.stop().await;
}
