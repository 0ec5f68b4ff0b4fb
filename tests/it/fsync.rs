//! A trace of system calls shows no 2xx before its fsync. Needs `strace`.

mod trace;

use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;

use self::trace::judge;
use crate::binary::Run;
use crate::service::{Platform, ShopFiles, http, signed, write_shop};

const ONE_BY_ONE: usize = 20;
const TOGETHER: usize = 40;

async fn post(client: &reqwest::Client, base: &str, message: &str) {
    let body = json!({"type": "message.created", "data": {"message_id": message, "text": "请问包邮吗？",
        "conversation_id": format!("c-{message}"), "customer": {"id": "u-1", "verified": true}}});
    let answer = signed(client, base, "test", message, body.to_string().into_bytes())
        .timeout(Duration::from_secs(20))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_before_its_fsync() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::start().await;
    write_shop(folder.path(), &platform.url, &ShopFiles::default());
    let traced = folder.path().join("trace");
    let under = [
        "strace",
        // The service is our child and not strace's: killing it leaves nothing behind.
        "-D",
        "-f",
        "-ttt",
        "-yy",
        "-s",
        "40",
        "-e",
        "trace=read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,pwrite64,fsync,fdatasync",
        "-e",
        "signal=none",
        "-o",
        traced.to_str().unwrap(),
    ];
    let running = Run { under: &under, ..Run::new(folder.path(), None) }.start().await;
    let client = http();
    for number in 0..ONE_BY_ONE {
        post(&client, &running.base, &format!("one-{number}")).await;
    }
    join_all((0..TOGETHER).map(|number| {
        let (client, base) = (&client, &running.base);
        async move { post(client, base, &format!("together-{number}")).await }
    }))
    .await;
    let service = running.id();
    let (status, _, log) = running.stop().await;
    assert!(status.success(), "{log}");
    let trace = whole(&traced, service).await;
    let verdict = judge(&trace).unwrap_or_else(|early| panic!("{early}"));
    println!("{verdict:?}");
    assert_eq!(verdict.answers, ONE_BY_ONE + TOGETHER, "not every answer is in the trace:\n{trace}");
    assert!(verdict.syncs >= ONE_BY_ONE, "one by one, each has a commit of its own: {verdict:?}");
}

/// The trace up to the end of the process.
async fn whole(path: &Path, service: u32) -> String {
    let begun = Instant::now();
    let is_end = |line: &str| line.starts_with(&format!("{service} ")) && line.contains("+++ exited");
    loop {
        let trace = std::fs::read_to_string(path).unwrap();
        if trace.lines().rev().take(100).any(is_end) {
            return trace;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "the trace has no end:\n{trace}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
