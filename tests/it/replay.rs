//! `xiaoer replay`: a service's stored turns decided anew. The same playbook changes nothing; a changed one changes
//! exactly what it says.

use std::path::{Path, PathBuf};

use clap::Parser;
use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::Connection as _;
use xiaoer::cli::replay::{Change, Kind, Replay, Report};
use xiaoer::domain::Language;

use crate::postgres;
use crate::service::{Running, ShopFiles};

/// Who writes what, one message a turn; ` ⏐ ` parts a burst.
const STORY: &[(&str, bool, &[&str])] = &[
    ("u-fee", true, &["你好", "请问包邮吗？", "多久发货", "谢谢"]),
    ("demo-wang", true, &["我的快递到哪了", "第一个", "好的"]),
    ("u-guest", false, &["快递到哪了", "订单号 202688130047125601", "5678"]),
    ("u-en", true, &["Hello", "Do you offer free shipping?", "where is my order", "ok thanks"]),
    ("u-angry", true, &["我要投诉你们", "人呢"]),
    ("u-human", true, &["转人工", "开发票吗"]),
    ("u-burst", true, &["在吗 ⏐ 这个 ⏐ 包邮不", "这个 ⏐ 怎么退"]),
    ("u-park", true, &["你们门店能停车吗", "算了"]),
    ("u-two", true, &["包邮吗？什么时候发货？", "发什么快递", "答非所问"]),
    ("u-taken", true, &["可以优惠吗", "能不能便宜点"]),
    ("u-tool", true, &["角磨机多大功率", "电钻有货吗", "还有别的吗"]),
];

/// So many messages are at least in the story.
const MESSAGES: usize = 30;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    replay: Replay,
}

/// A service with a story behind it.
struct Past {
    shop: Running,
    database: Option<String>,
}

impl Past {
    async fn new(database: Option<String>) -> Self {
        let shop = Running::with(&ShopFiles::default(), database.as_deref()).await;
        join_all(STORY.iter().map(|(id, verified, said)| live(&shop, id, *verified, said))).await;
        Self { shop, database }
    }

    /// Runs the command as a person would, with further arguments.
    async fn replay(&self, more: &[&str]) -> anyhow::Result<Report> {
        let folder = self.shop.folder.path();
        let shops = folder.join("shops");
        let mut words = vec!["replay", "--shops", shops.to_str().unwrap(), "--data", folder.to_str().unwrap()];
        if let Some(url) = &self.database {
            words.extend(["--database", url]);
        }
        words.extend(more);
        Command::try_parse_from(words)?.replay.play(Language::En).await
    }

    /// The same with a playbook that has these files besides.
    async fn with(&self, name: &str, files: &[(&str, &str)]) -> Report {
        let folder = self.draft(name, files);
        self.replay(&["--days", "1", "--playbook", folder.to_str().unwrap()]).await.unwrap()
    }

    fn draft(&self, name: &str, files: &[(&str, &str)]) -> PathBuf {
        let draft = self.shop.folder.path().join("drafts").join(name);
        copy(&self.shop.folder.path().join("shops/test"), &draft);
        for (path, text) in files {
            let path = draft.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        draft
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, target).unwrap();
        }
    }
}

async fn live(shop: &Running, id: &str, verified: bool, said: &[&str]) {
    let mut customer = shop.customer(id);
    customer.verified = verified;
    for (turn, words) in said.iter().enumerate() {
        let mut burst = words.split(" ⏐ ").peekable();
        while let Some(text) = burst.next() {
            if burst.peek().is_some() {
                customer.write(text).await;
            } else {
                customer.write(text).await;
                customer.outcome(turn).await;
            }
        }
        if id == "u-taken" && turn == 0 {
            let conversation = customer.conversation().await.unwrap();
            shop.post(&format!("/conversations/{conversation}/take"), &json!({})).await;
        }
    }
}

fn messages() -> usize {
    STORY.iter().flat_map(|(_, _, said)| *said).flat_map(|turn| turn.split(" ⏐ ")).count()
}

fn turns() -> u64 {
    STORY.iter().map(|(_, _, said)| said.len() as u64).sum()
}

/// What customers wrote in the turns of a kind of change, sorted.
fn said(report: &Report, kind: Kind) -> Vec<String> {
    let of_kind = report.again.changes.iter().filter(|change| change.kind == kind);
    let mut said: Vec<String> = of_kind.map(|change| change.messages.join(" ⏐ ")).collect();
    said.sort();
    said
}

fn the<'r>(report: &'r Report, words: &str) -> &'r Change {
    report.again.changes.iter().find(|change| change.messages.join(" ⏐ ") == words).unwrap()
}

async fn the_same_playbook_changes_nothing(past: &Past) {
    assert!(messages() >= MESSAGES, "{}", messages());
    let report = past.replay(&["--from", "-1d"]).await.unwrap();
    assert_eq!(report.again.changes.len(), 0, "{}", report.text(Language::En, 99));
    assert_eq!((report.again.turns, report.again.same_playbook, report.again.erased), (turns(), turns(), 0));
    assert_eq!(report.again.undecided.len(), 0);
    let acts: std::collections::BTreeSet<String> = turns_of(past).await.into_iter().collect();
    assert!(acts.is_superset(&["answer", "ask", "hand_off", "silent"].map(str::to_owned).into()), "{acts:?}");

    // The newest few of them.
    let (store, test, to) = (&past.shop.store, "test".into(), xiaoer::app::now().plus(1_000));
    let all = store.turns_between(&test, (xiaoer::domain::At(0), None), to).await.unwrap();
    let newest = |count| store.before_the_newest(count, &test, xiaoer::domain::At(0), to);
    let (at, id) = newest(5).await.unwrap().unwrap();
    let last = store.turns_between(&test, (at, Some(&id)), to).await.unwrap();
    assert_eq!(last, all[all.len() - 5..]);
    assert_eq!(newest(u32::try_from(all.len()).unwrap()).await.unwrap(), None);

    let tomorrow = past.replay(&["--from", "2030-01-01", "--to", "2030-01-02"]).await.unwrap();
    assert_eq!((tomorrow.again.turns, tomorrow.again.changes.len()), (0, 0));
}

/// What was done in each stored turn.
async fn turns_of(past: &Past) -> Vec<String> {
    let to = xiaoer::app::now().plus(1_000);
    let store = &past.shop.store;
    let turns = store.turns_between(&"test".into(), (xiaoer::domain::At(0), None), to).await.unwrap();
    turns.iter().map(|turn| turn.outcome.decision.act.key().to_owned()).collect()
}

async fn changed_playbooks_change_what_they_say(past: &Past) {
    let words = "zh:\n  default: |\n    全场包邮。\n";
    let report = past.with("words", &[("replies/logistics/shipping_fee.yaml", words)]).await;
    // What is said to each of them; the suggestion alone where the bot says nothing.
    let changed = ["包邮吗？什么时候发货？", "在吗 ⏐ 这个 ⏐ 包邮不", "请问包邮吗？"];
    assert_eq!(said(&report, Kind::AnotherAnswer), changed, "{}", report.text(Language::En, 99));
    assert_eq!(report.again.changes.len(), 3, "{}", report.text(Language::En, 99));
    let change = the(&report, "请问包邮吗？");
    assert!(change.before.reply.as_ref().unwrap().contains("59元"), "{change:?}");
    assert_eq!(change.after.reply.as_deref(), Some("全场包邮。"));
    assert_eq!(report.again.same_playbook, 0);

    let never = "answer: never\n";
    let report = past.with("never", &[("intents/logistics/shipping_fee.yaml", never)]).await;
    let handed = ["Do you offer free shipping?", "包邮吗？什么时候发货？", "在吗 ⏐ 这个 ⏐ 包邮不", "请问包邮吗？"];
    assert_eq!(said(&report, Kind::NewlyHandedOff), handed);
    assert_eq!(report.again.changes.len(), handed.len(), "{}", report.text(Language::En, 99));
    assert_eq!(
        (the(&report, "请问包邮吗？").after.decision, the(&report, "请问包邮吗？").after.rung),
        ("hand_off", "never")
    );

    let park =
        ("intents/shop/park.yaml", "means: The customer asks for a car park.\nzh:\n  phrases: |\n    能停车吗\n");
    let words = ("replies/shop/park.yaml", "zh:\n  default: |\n    门店地下有停车场。\n");
    let report = past.with("park", &[park, words]).await;
    assert_eq!(said(&report, Kind::NewlyAnswered), ["你们门店能停车吗"]);
    assert_eq!(report.again.changes.len(), 1, "{}", report.text(Language::En, 99));

    let needs = (
        "intents/shop/park.yaml",
        "means: The customer asks for a car park.\nneeds: [order]\nzh:\n  phrases: |\n    能停车吗\n",
    );
    let words = ("replies/shop/park.yaml", "zh:\n  signed: |\n    欢迎再来。\n");
    let report = past.with("ask", &[needs, words]).await;
    assert_eq!(said(&report, Kind::NewlyAsked), ["你们门店能停车吗"]);
    assert_eq!(report.again.changes.len(), 1, "{}", report.text(Language::En, 99));

    let queue = "hand_off_to: pre_sales\n";
    let report = past.with("queue", &[("intents/aftersale/complaint.yaml", queue)]).await;
    assert_eq!(said(&report, Kind::Other), ["我要投诉你们"], "{}", report.text(Language::En, 99));
    assert_eq!(report.again.changes.len(), 1);
    assert_eq!(the(&report, "我要投诉你们").after.queue.as_deref(), Some("pre_sales"));
}

async fn erased_texts_are_counted_and_left_out(past: &Past) {
    let sql = "UPDATE inbound SET body = replace(replace(body, '我要投诉你们', ''), '订单号 202688130047125601', '')";
    match &past.database {
        Some(url) => {
            let mut link = sqlx::PgConnection::connect(url).await.unwrap();
            sqlx::query(sql).execute(&mut link).await.unwrap();
        }
        None => {
            let url = format!("sqlite://{}", past.shop.folder.path().join("xiaoer.db").display());
            let mut link = sqlx::SqliteConnection::connect(&url).await.unwrap();
            sqlx::query(sql).execute(&mut link).await.unwrap();
        }
    }
    let report = past.with("erased", &[("intents/aftersale/complaint.yaml", "hand_off_to: pre_sales\n")]).await;
    assert_eq!((report.again.turns, report.again.erased, report.again.changes.len()), (turns(), 2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    let past = Past::new(None).await;
    the_same_playbook_changes_nothing(&past).await;
    changed_playbooks_change_what_they_say(&past).await;
    printed(&past).await;
    what_stands_in_the_way_is_said(&past).await;
    erased_texts_are_counted_and_left_out(&past).await;
    past.shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql() {
    let past = Past::new(Some(postgres::database().await)).await;
    the_same_playbook_changes_nothing(&past).await;
    changed_playbooks_change_what_they_say(&past).await;
    erased_texts_are_counted_and_left_out(&past).await;
    past.shop.stop().await;
}

/// As people and programs read it, by the binary itself.
async fn printed(past: &Past) {
    let folder = past.shop.folder.path();
    let draft =
        past.draft("printed", &[("replies/logistics/shipping_fee.yaml", "zh:\n  default: |\n    全场包邮。\n")]);
    let run = |more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_xiaoer"));
        command.arg("replay").arg("--shops").arg(folder.join("shops")).arg("--data").arg(folder);
        let output = command.arg("--playbook").arg(&draft).args(more).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = run(&["--days", "1", "--lang", "zh", "--limit", "2"]);
    assert!(text.starts_with("── 换了说法 · 3\n"), "{text}");
    assert!(text.contains("    + answer · sure  logistics/shipping_fee  “全场包邮。”\n"), "{text}");
    assert!(text.contains("  … 还有 1 条（--limit 可以多看）\n"), "{text}");
    let json: Value = serde_json::from_str(&run(&["--days", "1", "--json"])).unwrap();
    assert_eq!(json["counts"]["another_answer"], 3, "{json}");
    assert_eq!((&json["turns"], json["changes"].as_array().unwrap().len()), (&json!(turns()), 3));
    assert_eq!(json["changes"][0]["kind"], "another_answer");
}

async fn what_stands_in_the_way_is_said(past: &Past) {
    let refused = |more: &'static [&'static str]| async { past.replay(more).await.unwrap_err().to_string() };
    assert!(refused(&["--from", "soon"]).await.starts_with("`soon` is no date"));
    assert!(refused(&["--shop", "nobody"]).await.starts_with("there is no shop `nobody`"));
    assert!(refused(&["--data", "/nowhere"]).await.contains("cannot be used multiple times"));
    let broken = past.draft("broken", &[("intents/shop/park.yaml", "mens: x\n")]);
    let broken = past.replay(&["--playbook", broken.to_str().unwrap()]).await.unwrap_err().to_string();
    assert!(broken.contains("unknown-key") && broken.contains("park.yaml:1:1"), "{broken}");
}
