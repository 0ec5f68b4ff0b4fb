//! How many messages are accepted: printed, not asserted, because the machine is shared.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::*;

const CALLERS: usize = 64;
const EACH: usize = 30;

async fn measure(name: &str, url: &str) {
    let store = Store::open(url, "node".into()).await.unwrap();
    for (kind, round) in [("new conversations", 0), ("known conversations", 1)] {
        let started = Instant::now();
        let callers = (0..CALLERS).map(|caller| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut waits = Vec::with_capacity(EACH);
                for n in 0..EACH {
                    let message = format!("m{round}");
                    let delivery = says(&format!("c{caller}-{n}"), &message, "我的快递到哪了，怎么还没动静", NOON);
                    let asked = Instant::now();
                    store.accept(delivery).await.unwrap();
                    waits.push(asked.elapsed());
                }
                waits
            })
        });
        let mut waits: Vec<Duration> = join_all(callers).await.into_iter().flat_map(Result::unwrap).collect();
        let took = started.elapsed();
        waits.sort_unstable();
        let per_second = waits.len() as f64 / took.as_secs_f64();
        let (p50, p99) = (waits[waits.len() / 2], waits[waits.len() * 99 / 100]);
        println!("{name}, {CALLERS} callers, {kind}: {per_second:.0}/s, p50 {p50:.1?}, p99 {p99:.1?}");
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accepting_from_64_callers() {
    let folder = tempfile::tempdir().unwrap();
    measure("SQLite", &format!("sqlite://{}/speed.db", folder.path().display())).await;
    measure("PostgreSQL", &crate::postgres::database().await).await;
}
