//! One-click changes: made in a draft, published, and what customers are told then.

use serde_json::{Value, json};

use super::{Desk, codes, text};
use crate::reload::{FEE, fee};

const INTENT: &str = "intents/logistics/shipping_fee.yaml";
/// What nobody understands yet.
const ODD: &str = "乌拉邮钱";

fn phrase(line: &str) -> Value {
    json!({"do": "phrase", "intent": "logistics/shipping_fee", "line": line})
}

impl Desk {
    async fn amend(&self, amendments: Value, files: Value) -> Value {
        let (status, told) = self.post("/amend", &json!({"amendments": amendments, "files": files})).await;
        assert_eq!(status, 200, "{told:#}");
        told
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phrase_that_was_missing_is_added_by_a_click_published_and_understood() {
    let desk = Desk::saying("满59元包邮。").await;
    let before = desk.shop.customer("u-1").says(ODD).await;
    assert_eq!(before.act, "hand_off", "{before:#?}");
    let told = desk.amend(json!([phrase(ODD)]), json!({})).await;
    let made = format!("zh:\n  phrases: |\n    {ODD}\n");
    assert_eq!(told["files"], json!({ INTENT: made }), "only what is added");
    assert_eq!(told["changed"], json!([{"path": INTENT, "before": null, "after": made}]));
    assert_eq!((&told["refused"], &told["mistakes"]), (&json!([]), &json!([])));
    assert_eq!(told["parent"], desk.version().await);
    assert!(text(&desk.try_out(&told["files"], ODD).await, "reply").contains("满59元包邮。"));
    assert_eq!(desk.lint(&told["files"]).await, Vec::<Value>::new());
    let (status, published) = desk.publish(&told["files"], text(&told, "parent")).await;
    assert_eq!(status, 200, "{published:#}");
    desk.shop.until("in force", |ready| ready["shops"]["test"]["playbook"] == published["version"]).await;
    assert!(desk.shop.customer("u-2").says(ODD).await.words().contains("满59元包邮。"));
    // Once more is once too often.
    let again = desk.amend(json!([phrase(ODD)]), json!({})).await;
    assert_eq!((&again["files"], &again["changed"]), (&json!({}), &json!([])));
    assert_eq!(again["refused"][0]["code"], "already-there");
    desk.shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_answer_is_mended_by_dropping_the_phrase_and_keeping_it_as_a_case() {
    let desk = Desk::saying("满59元包邮。").await;
    let said = "包邮吗";
    let line = |what: &str| json!({"do": what, "intent": "logistics/shipping_fee", "line": said});
    let told = desk.amend(json!([line("drop_phrase"), line("should_not_match"), line("drop_phrase")]), json!({})).await;
    assert_eq!(
        told["files"][INTENT],
        format!("zh:\n  should_not_match: |\n    {said}\n  remove: |\n    {said}\n"),
        "{told:#}"
    );
    assert_eq!(
        (&told["refused"][0]["index"], &told["refused"][0]["code"], told["refused"].as_array().unwrap().len()),
        (&json!(2), &json!("not-there"), 1)
    );
    assert!(told["refused"][0]["why"]["zh"].is_string() && told["refused"][0]["why"]["en"].is_string());
    assert_eq!(told["mistakes"], json!([]), "what is kept as a case is not taken away again");
    desk.shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clicks_go_on_from_the_draft_and_one_that_fails_spoils_no_other() {
    let desk = Desk::saying("满59元包邮。").await;
    let draft = json!({ FEE: fee("今天全场包邮。"), INTENT: "# 本店\r\nzh:\r\n  关键词: |\r\n    要邮钱不\r\n" });
    let reply =
        json!({"do": "script", "intent": "logistics/shipping_fee", "title": "报运费", "text": "您好，我查一下运费。"});
    let words =
        json!({"do": "script", "intent": "logistics/shipping_fee", "situation": "default", "text": "全场满9元包邮。"});
    let new = json!({"do": "files", "files": {"intents/shop/parking.yaml": super::PARKING.1, "replies/shop/parking.yaml": super::PARKING_WORDS.1}});
    let outside = json!({"do": "files", "files": {"../x.yaml": "a: b\n"}});
    let unknown = json!({"do": "veto", "intent": "no/such", "line": "退"});
    let veto = json!({"do": "veto", "intent": "logistics/shipping_fee", "line": "乌拉"});
    let told = desk.amend(json!([outside, reply, words, new, unknown, veto, phrase("你好，邮钱多少")]), draft).await;
    assert_eq!(
        told["files"][FEE],
        "zh:\n  default: |\n    全场满9元包邮。\n  suggest: |\n    title: 报运费\n    您好，我查一下运费。\n"
    );
    assert_eq!(told["files"][INTENT], "# 本店\r\nzh:\r\n  关键词: |\r\n    要邮钱不\r\n  排除: |\r\n    乌拉\r\n");
    let refused = told["refused"].as_array().unwrap();
    let refused: Vec<_> = refused.iter().map(|one| (one["index"].as_u64().unwrap(), text(one, "code"))).collect();
    assert_eq!(refused, [(0, "not-from-the-desk"), (4, "unknown-intent"), (6, "parted")]);
    let changed: Vec<&str> = told["changed"].as_array().unwrap().iter().map(|one| text(one, "path")).collect();
    assert_eq!(changed, [INTENT, "intents/shop/parking.yaml", FEE, "replies/shop/parking.yaml"]);
    let mistakes = told["mistakes"].as_array().unwrap();
    assert_eq!(codes(mistakes), [("missing-twin", "replies/shop/parking.yaml", 3)], "as lint says of the new file");
    assert!(text(&desk.try_out(&told["files"], "请问包邮吗").await, "reply").contains("全场满9元包邮。"));
    assert_eq!(text(&desk.try_out(&told["files"], "你们能停车吗").await, "reply"), "地下有停车场。");
    // What the draft does wrong is told as lint tells it, and what is put back as it was is no change.
    let broken = json!({ FEE: "zh:\n  nonsense: |\n    什么\n" });
    let told = desk.amend(json!([phrase(ODD)]), broken).await;
    assert_eq!(codes(told["mistakes"].as_array().unwrap()), [("unknown-situation", FEE, 2)]);
    let drop = json!({"do": "drop_phrase", "intent": "logistics/shipping_fee", "line": ODD});
    assert_eq!(desk.amend(json!([drop]), json!({ INTENT: told["files"][INTENT] })).await["files"], json!({}));
    for body in [json!({"amendments": []}), json!({"amendments": vec![phrase("a b"); 201]})] {
        assert_eq!(desk.post("/amend", &body).await.0, 400);
    }
    let odd = json!({"amendments": [{"do": "erase", "intent": "a/b"}]});
    assert!((400..500).contains(&desk.post_status(&odd).await));
    desk.shop.stop().await;
}

impl Desk {
    /// The status alone: what can't be read is refused before it comes to words of ours.
    async fn post_status(&self, body: &Value) -> u16 {
        let url = format!("{}/api/v1/shops/test/playbook/amend", self.shop.base);
        self.shop.http.post(url).bearer_auth(&self.manager).json(body).send().await.unwrap().status().as_u16()
    }
}
