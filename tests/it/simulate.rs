//! `xiaoer simulate` against a whole service over HTTP; and that it can go red.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use clap::Parser;
use tokio::net::TcpListener;
use xiaoer::cli::simulate::{Counted, Report, Simulate};

use crate::service::{Running, ShopFiles};

/// Two questions with a greeting before the first; and thanks after it; a complaint, and a question after it; a question that nobody answered; the test part.
const DIALOGUES: &str = "dialog\tturn\tact\tcustomer\tagent\n\
    1\t0\tx\t你好\t\n\
    1\t1\tx\t请问包邮吗？\t满 59 元包邮\n\
    1\t2\tx\t谢谢\t不客气\n\
    2\t0\tx\t我要投诉你们\t非常抱歉，我来看看\n\
    2\t1\tx\t请问包邮吗？\t满 59 元包邮的\n\
    3\t0\tx\t请问包邮吗？\t\n\
    5\t0\tx\t请问包邮吗？\t满 59 元包邮\n";

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    simulate: Simulate,
}

/// An address that nobody listens on.
async fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

fn settings(send_url: &str) -> String {
    format!("channels:\n  web: {{kind: standard, secret: \"file:../../secret\", send_url: \"{send_url}\"}}\n")
}

async fn shop(send_url: &str) -> Running {
    let settings = settings(send_url);
    Running::with(&ShopFiles { settings: &settings, ..ShopFiles::default() }, None).await
}

/// Runs the command as a person would, with further arguments.
async fn simulate(shop: &Running, more: &[&str]) -> anyhow::Result<Report> {
    let folder = shop.folder.path();
    let table = folder.join("dialogues.tsv");
    std::fs::write(&table, DIALOGUES).unwrap();
    let shops = folder.join("shops");
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let mut words = vec!["simulate".to_owned(), "--dialogues".to_owned(), path(&table), "--url".to_owned()];
    words.extend([shop.base.clone(), "--shops".to_owned(), path(&shops), "--data".to_owned(), path(folder)]);
    words.extend(more.iter().map(|&word| word.to_owned()));
    Command::try_parse_from(words)?.simulate.play().await
}

fn act(report: &Report, act: &str) -> u64 {
    report.acts.get(act).copied().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_promise_is_counted() {
    let address = free_address().await;
    let shop = shop(&format!("http://{address}/replies")).await;
    let report = simulate(&shop, &["--redeliver", "2"]).await.unwrap();
    assert_eq!(report.broken, Vec::<String>::new());
    assert_eq!((report.dialogues, report.messages, report.accepted, report.stored), (4, 7, 7, 7));
    assert_eq!(report.duplicates, 3, "every second of the seven came again");
    assert_eq!(report.turns, 6, "the greeting and the question after it are one burst");
    assert_eq!((act(&report, "answer"), act(&report, "hand_off")), (5, 1), "{report}");
    assert_eq!(report.replies, Counted { once: 6, twice: 0, missing: 0 });
    assert_eq!(report.news, Counted { once: 1, twice: 0, missing: 0 });
    assert_eq!(report.server_errors, 0);
    assert_eq!((report.decided.count, report.acknowledged.count, report.delivered.count), (6, 7, 6));
    assert!(report.decided.longest < 5_000.0, "{report}");
    let answers: Vec<&str> = report.answers().lines().collect();
    assert_eq!(answers.len(), 6, "{answers:#?}");
    assert!(answers[1].starts_with("1\t1\t你好 ⏐ 请问包邮吗？\tsure\t"), "{}", answers[1]);
    assert!(answers[1].ends_with("\t满 59 元包邮"), "{}", answers[1]);
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_says_what_the_recorded_agent_said() {
    let address = free_address().await;
    let shop = shop(&format!("http://{address}/replies")).await;
    let report = simulate(&shop, &["--after-handoff", "agent", "--skip-test"]).await.unwrap();
    assert_eq!(report.broken, Vec::<String>::new(), "{report}");
    // Three answers of the bot, the words of the hand-off, and two of the person, who goes on to the end.
    assert_eq!(report.replies, Counted { once: 6, twice: 0, missing: 0 });
    assert_eq!((report.dialogues, act(&report, "answer"), act(&report, "silent")), (3, 3, 1), "{report}");
    let closed = shop.get("/conversations?state=closed").await;
    let closed = closed["conversations"].as_array().unwrap();
    assert_eq!(closed.len(), 1, "the person who held the chat closed it");
    let view = shop.get(&format!("/conversations/{}", closed[0]["id"].as_str().unwrap())).await;
    let lines = view["lines"].as_array().unwrap().iter();
    let person: Vec<_> =
        lines.filter(|line| line["from"] == "agent:simulate").map(|line| line["text"].clone()).collect();
    assert_eq!(person, ["非常抱歉，我来看看", "满 59 元包邮的"]);
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_receiver_the_api_is_asked() {
    let shop = shop("none").await;
    let report = simulate(&shop, &["--limit", "2"]).await.unwrap();
    assert_eq!(report.broken, Vec::<String>::new(), "{report}");
    assert!(!report.received);
    assert_eq!(report.replies, Counted { once: 4, twice: 0, missing: 0 });
    shop.stop().await;
}

/// A line between the service and the receiver that passes everything on so many times.
async fn faulty_line(times: usize, receiver: SocketAddr) -> String {
    #[derive(Clone)]
    struct Line {
        times: usize,
        to: Arc<str>,
        http: reqwest::Client,
    }
    async fn pass_on(State(line): State<Line>, headers: HeaderMap, body: Bytes) -> StatusCode {
        for _ in 0..line.times {
            let signed = headers.iter().filter(|(name, _)| name.as_str().starts_with("webhook-"));
            let signed = signed.map(|(name, value)| (name.clone(), value.clone())).collect::<HeaderMap>();
            line.http.post(&*line.to).headers(signed).body(body.clone()).send().await.unwrap();
        }
        StatusCode::OK
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/replies", listener.local_addr().unwrap());
    let line = Line { times, to: format!("http://{receiver}/replies").into(), http: reqwest::Client::new() };
    let router = Router::new().route("/replies", post(pass_on)).with_state(line);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_comes_twice_is_seen() {
    let receiver = free_address().await;
    let shop = shop(&faulty_line(2, receiver).await).await;
    let report = simulate(&shop, &["--receive", &receiver.to_string(), "--only-test"]).await.unwrap();
    assert_eq!(report.replies, Counted { once: 0, twice: 1, missing: 0 });
    assert_eq!(report.broken, ["1 replies were delivered twice"]);
    assert!(report.to_string().contains("BROKEN:\n  1 replies were delivered twice"), "{report}");
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_never_comes_is_seen() {
    let receiver = free_address().await;
    let shop = shop(&faulty_line(0, receiver).await).await;
    let more = ["--receive", &receiver.to_string(), "--limit", "1", "--patience", "3"];
    let report = simulate(&shop, &more).await.unwrap();
    assert_eq!(report.replies, Counted { once: 0, twice: 0, missing: 1 });
    assert_eq!(
        report.broken,
        [
            "dialogue 1, turn 1: a reply had not come within 3 s",
            "1 messages were not accepted, or not sent after a break",
            "1 replies were never delivered",
        ]
    );
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_is_said() {
    let shop = shop("none").await;
    let refused = |more: &'static [&'static str]| async { simulate(&shop, more).await.unwrap_err().to_string() };
    let error = refused(&["--shop", "nobody"]).await;
    assert!(error.starts_with("there is no shop `nobody`"), "{error}");
    let error = refused(&["--only-test", "--limit", "0"]).await;
    assert!(error.ends_with("there is no dialogue to play"), "{error}");

    let other = tempfile::tempdir().unwrap();
    let (folder, shops) = (other.path().to_str().unwrap(), shop.folder.path().join("shops"));
    let table = shop.folder.path().join("dialogues.tsv");
    let words = |url: &str| {
        let words = ["simulate", "--dialogues", table.to_str().unwrap(), "--shops", shops.to_str().unwrap()];
        Command::parse_from(words.into_iter().chain(["--data", folder, "--url", url])).simulate
    };
    let error = words(&shop.base).play().await.unwrap_err().to_string();
    assert!(error.starts_with("there are no data in"), "{error}");
    let error = words("http://127.0.0.1:9").play().await.unwrap_err().to_string();
    assert_eq!(error, "no service answers at http://127.0.0.1:9; start one with `xiaoer serve`");

    let settings = shops.join("test/shop.yaml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let without: String = text.split_inclusive('\n').filter(|line| !line.contains("kind: standard")).collect();
    std::fs::write(&settings, without).unwrap();
    let error = refused(&[]).await;
    assert!(error.starts_with("test has no channel of kind `standard`"), "{error}");
    shop.stop().await;
}
