//! What customers write and what is kept secret is in no log.

use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tokio::process::Command;

use crate::binary::Run;
use crate::service::{Platform, SECRET, ShopFiles, http, signed, write_shop};

const WORDS: &str = "芝麻开门请问包邮吗";
const KEY_OF_ORDERS: &str = "orders-key-5b1c";
const PASSWORD: &str = "p4ssw0rd-7f3a";

#[tokio::test(flavor = "multi_thread")]
async fn logs_hold_no_words_and_no_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::start().await;
    // Orders that can't be had, and an address for replies that nobody listens at: both are worth a line in the log.
    let settings = "orders:\n  kind: http\n  by_number: \"http://127.0.0.1:9/{number}\"\n  \
                    of_customer: \"http://127.0.0.1:9/{customer_id}\"\n  headers: {authorization: env:ORDERS_KEY}\n  \
                    fields: {number: no}\n";
    let send_url = format!("http://127.0.0.1:9/replies?token={PASSWORD}");
    write_shop(folder.path(), &send_url, &ShopFiles { settings, ..ShopFiles::default() });
    let key = format!("ORDERS_KEY={KEY_OF_ORDERS}");
    let run = Run { log: "xiaoer=trace,info", under: &["env", &key], ..Run::new(folder.path(), None) };
    let running = run.start().await;
    let client = http();
    let post = |id: &str, text: &str| {
        let body = json!({"type": "message.created", "data": {"message_id": id, "conversation_id": id, "text": text,
            "customer": {"id": "u-1", "name": WORDS, "phone": "13912345678", "verified": true}}});
        signed(&client, &running.base, "test", id, body.to_string().into_bytes())
    };
    assert_eq!(post("m-1", WORDS).send().await.unwrap().status().as_u16(), 200);
    assert_eq!(post("m-2", &format!("{WORDS}我的快递到哪了")).send().await.unwrap().status().as_u16(), 200);
    assert_eq!(post("m-3", "我要投诉").send().await.unwrap().status().as_u16(), 200);
    let unsigned = post("m-4", WORDS).header("webhook-signature", "v1,AAAA").send().await.unwrap();
    assert_eq!(unsigned.status().as_u16(), 401);
    let malformed = signed(&client, &running.base, "test", "d-5", format!("{{\"text\": {WORDS}").into_bytes());
    assert_eq!(malformed.send().await.unwrap().status().as_u16(), 400);
    let ignored = json!({"type": "customer.typing", "data": {"text": WORDS}}).to_string().into_bytes();
    assert_eq!(signed(&client, &running.base, "test", "d-6", ignored).send().await.unwrap().status().as_u16(), 200);
    let api = client.get(format!("{}/api/v1/shops/test/conversations", running.base)).bearer_auth(PASSWORD);
    assert_eq!(api.send().await.unwrap().status().as_u16(), 401);
    tokio::time::sleep(Duration::from_secs(6)).await;
    let (status, said, log) = running.stop().await;
    assert!(status.success());
    assert!(log.contains("orders could not be looked up"), "the log is not this test's:\n{log}");
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "not JSON lines:\n{log}");
    for hidden in [WORDS, "芝麻", "13912345678", "投诉", SECRET, &SECRET[6..], KEY_OF_ORDERS, PASSWORD] {
        assert!(!log.contains(hidden), "{hidden} is in the log:\n{log}");
        assert!(!said.contains(hidden), "{hidden} was printed:\n{said}");
    }
    drop(platform);
}

#[tokio::test]
async fn a_database_that_does_not_answer_keeps_its_password() {
    let folder = tempfile::tempdir().unwrap();
    write_shop(folder.path(), "http://127.0.0.1:9/", &ShopFiles::default());
    for url in [format!("postgres://xiaoer:{PASSWORD}@127.0.0.1:9/x"), format!("postgres://xiaoer:{PASSWORD}@[/x")] {
        let ended = Command::new(env!("CARGO_BIN_EXE_xiaoer"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database", &url])
            .arg("--shops")
            .arg(folder.path().join("shops"))
            .arg("--data")
            .arg(folder.path().join("data"))
            .env("XIAOER_LOG", "trace")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let ended = tokio::time::timeout(Duration::from_secs(20), ended).await.expect("it tries for ever").unwrap();
        assert!(!ended.status.success());
        let said = String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned();
        assert!(!said.contains(PASSWORD), "{said}");
        assert!(!said.is_empty(), "it says what is wrong");
    }
}
