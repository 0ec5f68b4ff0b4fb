//! The report over real HTTP: who may see it, what it counts, and that each number opens its episodes.

use serde_json::{Value, json};
use xiaoer::domain::Role;

use crate::desk::{Seat, hire};
use crate::service::Running;

const HERE: &str = "/shops/test/report";

/// A service with a manager and a lead, in whose shop three customers wrote.
async fn scene() -> (Running, Seat) {
    let service = Running::start().await;
    hire(&service, "chen", "陈店长", "test", Role::Manager).await;
    let seat = Seat::take(&service, "chen").await;
    // Answered; handed off and answered by a person; said goodbye to nobody.
    assert_eq!(service.customer("wang").says("包邮吗").await.act, "answer");
    let zhao = service.customer("zhao");
    assert_eq!(zhao.says("转人工").await.act, "hand_off");
    let id = zhao.conversation().await.unwrap();
    for (act, body) in [("take", json!({})), ("reply", json!({"text": "您好，请提供一下订单号"})), ("close", json!({}))]
    {
        seat.does(&format!("/shops/test/conversations/{id}/{act}"), body).await;
    }
    (service, seat)
}

fn count(report: &Value, name: &str) -> u64 {
    report["figures"]["counts"][name].as_u64().unwrap_or_else(|| panic!("no {name} in {report:#}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_come_with_their_denominators_and_open_their_episodes() {
    let (service, seat) = scene().await;
    let report = seat.read(&format!("{HERE}?by=intent,agent,rung,day")).await;
    assert_eq!((count(&report, "episodes"), count(&report, "involved"), count(&report, "handed_off")), (2, 1, 1));
    assert_eq!((count(&report, "settled"), count(&report, "open"), count(&report, "replies")), (1, 1, 1));
    let rates = &report["figures"]["rates"];
    assert_eq!((&rates["involved"]["numerator"], &rates["involved"]["denominator"]), (&json!(1), &json!(2)));
    assert_eq!(rates["involved"]["share"], 0.5);
    assert_eq!((&rates["durable"]["denominator"], &rates["durable"]["share"]), (&json!(0), &Value::Null), "too young");
    assert_eq!(rates["human_20s"]["numerator"], 1);
    let group = |cut: &str, name: &str| {
        let groups = report["cuts"][cut].as_array().unwrap();
        groups.iter().find(|group| group["name"] == name).cloned().unwrap_or_else(|| panic!("{report:#}"))
    };
    assert_eq!(group("agent", "chen")["title"]["zh"], "陈店长");
    assert_eq!(group("rung", "asked_for_person")["figures"]["counts"]["episodes"], 1);
    assert_eq!(group("intent", "logistics/shipping_fee")["figures"]["rates"]["reply"]["share"], 1.0);

    let listed = seat.read(&format!("{HERE}/episodes?of=handed_off")).await;
    assert_eq!(listed["total"], 1, "{listed:#}");
    let episode = &listed["episodes"][0];
    assert_eq!((&episode["first_words"], &episode["agents"]), (&json!("转人工"), &json!(["陈店长"])));
    assert_eq!((&episode["hand_offs"], &episode["closed_by"]), (&json!(["asked_for_person"]), &json!("agent")));
    let narrowed = seat.read(&format!("{HERE}?agent=chen")).await;
    assert_eq!((count(&narrowed, "episodes"), count(&narrowed, "involved")), (1, 0));
    let of_both = seat.read(&format!("{HERE}?agent=chen&intent=logistics/shipping_fee")).await;
    assert_eq!(count(&of_both, "episodes"), 0);

    // Left out, it counts no more, and is listed.
    let leave_out = format!("{HERE}/episodes/{}/exclude", episode["id"].as_str().unwrap());
    assert_eq!(seat.post(&leave_out, json!({"why": "test"})).await.0, 204);
    let report = seat.read(HERE).await;
    assert_eq!((count(&report, "episodes"), count(&report, "excluded_test")), (1, 1));
    assert_eq!(seat.read(&format!("{HERE}/episodes?of=excluded_test")).await["episodes"][0]["excluded"], "test");
    assert_eq!(seat.post(&leave_out, json!({"why": null})).await.0, 204);
    assert_eq!(count(&seat.read(HERE).await, "episodes"), 2);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_leads_and_managers_see_it_and_of_their_own_shop_alone() {
    let (service, manager) = scene().await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    hire(&service, "zhou", "周组长", "test", Role::Lead).await;
    let (agent, lead) = (Seat::take(&service, "li").await, Seat::take(&service, "zhou").await);
    let pages = ["", "/episodes", "/sample", "/sample/cases", "/ledger", "/gaps"];
    for page in pages {
        let page = format!("{HERE}{page}");
        assert_eq!(agent.get(&page).await.0, 403, "{page}");
        assert_eq!(lead.get(&page).await.0, 200, "{page}");
        assert_eq!(manager.get(&page.replace("/test/", "/other/")).await.0, 404, "{page}");
    }
    for wrong in
        ["?from=soon", "?by=colour", "?hours=0", "?rung=moon", "?hour=24", "/episodes?of=love", "/sample?week=47"]
    {
        assert_eq!(lead.get(&format!("{HERE}{wrong}")).await.0, 400, "{wrong}");
    }
    let judge = json!({"turn": "none", "verdict": "right"});
    assert_eq!(agent.post(&format!("{HERE}/judge"), judge.clone()).await.0, 403);
    assert_eq!(lead.post(&format!("{HERE}/judge"), judge).await.0, 404);
    assert_eq!(agent.post(&format!("{HERE}/episodes/x/exclude"), json!({"why": "spam"})).await.0, 403);
    assert_eq!(lead.post(&format!("{HERE}/episodes/x/exclude"), json!({"why": "spam"})).await.0, 404);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sampled_answer_is_judged_and_becomes_a_case() {
    let (service, seat) = scene().await;
    let sample = seat.read(&format!("{HERE}/sample")).await;
    assert_eq!((&sample["population"], &sample["judged"], &sample["whole"]), (&json!(1), &json!(0), &json!(false)));
    let answer = &sample["answers"][0];
    assert_eq!((&answer["question"], &answer["verdict"]), (&json!(["包邮吗"]), &Value::Null));
    assert!(answer["answer"].as_str().unwrap().contains("59元"), "{answer:#}");
    assert_eq!(answer["because"][0]["intent"], "logistics/shipping_fee");
    let judge = async |verdict: &str, should: Option<&str>| {
        let body = json!({"turn": answer["turn"], "verdict": verdict, "should": should});
        seat.post(&format!("{HERE}/judge"), body).await.0
    };
    assert_eq!(judge("wrong", Some("no/such")).await, 400);
    assert_eq!(judge("wrong", Some("logistics/ship_time")).await, 204);
    let sample = seat.read(&format!("{HERE}/sample")).await;
    assert_eq!(
        (&sample["answers"][0]["verdict"], &sample["answers"][0]["should"]),
        (&json!("wrong"), &json!("logistics/ship_time"))
    );
    assert_eq!((&sample["right"]["numerator"], &sample["right"]["denominator"]), (&json!(0), &json!(1)));
    let cases = seat.read(&format!("{HERE}/sample/cases")).await;
    let line = |what: &str, intent: &str| json!({"do": what, "intent": intent, "line": "包邮吗"});
    let expected =
        json!([line("should_not_match", "logistics/shipping_fee"), line("should_match", "logistics/ship_time")]);
    assert_eq!(cases["cases"][0]["amendments"], expected);
    // Somebody thinks again: the last word counts.
    assert_eq!(judge("right", None).await, 204);
    let sample = seat.read(&format!("{HERE}/sample")).await;
    assert_eq!((&sample["right"]["numerator"], &sample["judged"]), (&json!(1), &json!(1)));
    let cases = seat.read(&format!("{HERE}/sample/cases")).await;
    assert_eq!(cases["cases"][0]["amendments"], json!([line("should_match", "logistics/shipping_fee")]));
    assert_eq!(count(&seat.read(HERE).await, "right"), 1);
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_names_what_went_wrong_and_what_mends_it() {
    let (service, seat) = scene().await;
    let sun = service.customer("sun");
    assert_eq!(sun.says("包邮吗").await.act, "answer");
    assert_eq!(sun.says("答非所问").await.act, "hand_off");
    let ledger = seat.read(&format!("{HERE}/ledger")).await;
    assert_eq!(ledger["kinds"]["beside"], 1, "{ledger:#}");
    let group = ledger["groups"].as_array().unwrap().iter().find(|group| group["cause"] == "called_wrong").unwrap();
    assert_eq!((&group["intent"], &group["count"]), (&json!("logistics/shipping_fee"), &json!(1)));
    let entry = &group["entries"][0];
    assert_eq!((&entry["said"], &entry["next"]), (&json!(["包邮吗"]), &json!(["答非所问"])));
    let labels: Vec<&str> =
        entry["fixes"].as_array().unwrap().iter().map(|fix| fix["label"].as_str().unwrap()).collect();
    assert!(["veto", "case", "drop", "reply", "test"].iter().all(|label| labels.contains(label)), "{labels:?}");
    // What it offers, the playbook takes.
    let veto = entry["fixes"].as_array().unwrap().iter().find(|fix| fix["label"] == "veto").unwrap();
    let amended = seat.does("/shops/test/playbook/amend", json!({"amendments": veto["amendments"], "files": {}})).await;
    assert_eq!(amended["refused"], json!([]), "{amended:#}");
    assert!(amended["changed"][0]["after"].as_str().unwrap().contains("包邮吗"));
    assert_eq!(seat.read(&format!("{HERE}/ledger?kind=order")).await["groups"], json!([]));
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_in_vain_is_grouped_with_a_draft_that_the_playbook_takes() {
    let (service, seat) = scene().await;
    for (customer, words) in
        [("a", "你们乌拉卡能抵扣吗"), ("b", "请问乌拉卡能抵扣吗"), ("c", "乌拉卡能抵扣吗？13812345678")]
    {
        assert_eq!(service.customer(customer).says(words).await.act, "hand_off", "{words}");
    }
    let one = service.customer("a").conversation().await.unwrap();
    seat.does(&format!("/shops/test/conversations/{one}/take"), json!({})).await;
    let said = json!({"text": "乌拉卡可以在付款页面抵扣哦"});
    seat.does(&format!("/shops/test/conversations/{one}/reply"), said).await;
    let gaps = seat.read(&format!("{HERE}/gaps")).await;
    let group = &gaps["groups"][0];
    assert_eq!((&gaps["unanswered"], &group["count"]), (&json!(3), &json!(3)), "{gaps:#}");
    assert!(!gaps.to_string().contains("13812345678"), "nothing personal");
    assert_eq!(group["replies"][0]["text"], "乌拉卡可以在付款页面抵扣哦");
    let amendments = json!([{"do": "files", "files": group["draft"]["files"]}]);
    let amended = seat.does("/shops/test/playbook/amend", json!({"amendments": amendments, "files": {}})).await;
    assert_eq!((&amended["refused"], &amended["mistakes"]), (&json!([]), &json!([])), "{amended:#}");
    service.stop().await;
}
