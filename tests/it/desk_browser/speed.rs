//! 200 chats wait, 30 are held: how long it takes until another one is on the screen.

use std::time::{Duration, Instant};

use serde_json::json;
use thirtyfour::Key;

use super::stage::{Stage, played};
use crate::desk::Seat;

const WAITING: usize = 200;
const HELD: usize = 30;
const SWITCHES: usize = 30;
/// Chats that write at the same time.
const AT_ONCE: usize = 46;

/// From the key, by the browser's own clock, to the frame in which the other chat's words are painted.
const MEASURE: &str = "window.switches = []; let before = null; \
    const shown = () => document.getElementById('chat-name').textContent; \
    addEventListener('keydown', (event) => { \
        if (event.code !== 'KeyJ' && event.code !== 'KeyK') return; \
        before = shown(); \
        const look = () => { \
            const name = shown(); \
            const lines = document.getElementById('lines').textContent; \
            if (name === before || !lines.includes(`我是${name}。`)) return requestAnimationFrame(look); \
            const { port1, port2 } = new MessageChannel(); \
            port1.onmessage = () => window.switches.push(performance.now() - event.timeStamp); \
            port2.postMessage(0); \
        }; \
        requestAnimationFrame(look); \
    }, true);";

/// Everybody asks for a person; the ids of the chats once all of them wait.
async fn crowd(stage: &Stage, li: &Seat) -> Vec<String> {
    let names: Vec<String> = (0..WAITING + HELD).map(|n| format!("guest-{n}")).collect();
    for some in names.chunks(AT_ONCE) {
        let all = some.iter().map(async |name| {
            stage.service.customer(name).write(&format!("转人工，我是{name}。")).await;
        });
        futures_util::future::join_all(all).await;
    }
    let deadline = Instant::now() + Duration::from_secs(40);
    loop {
        let desk = li.read("/desk").await;
        let items = desk["items"].as_array().unwrap();
        if items.len() == names.len() {
            return items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        }
        assert!(Instant::now() < deadline, "{} of {} wait", items.len(), names.len());
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_200_waiting_and_30_held_another_chat_is_on_the_screen_at_once() {
    played(async |stage| {
        let begun = Instant::now();
        let li = Seat::take(&stage.service, "li").await;
        let ids = crowd(stage, &li).await;
        for id in &ids[..HELD] {
            li.does(&format!("/shops/test/conversations/{id}/take"), json!({})).await;
        }
        println!("{} chats were there after {:?}", ids.len(), begun.elapsed());
        let page = stage.desk().await;
        page.until(&format!("document.querySelectorAll('#list-mine .item').length === {HELD}")).await;
        page.until(&format!("document.querySelectorAll('#list-waiting .item').length === {WAITING}")).await;
        // The chats that are held are kept at hand, fetched while there is time.
        page.until(&format!(
            "performance.getEntriesByType('resource').filter(({{ name }}) => /conversations.[^/]+$/.test(name)).length >= {HELD}"
        ))
        .await;
        page.click("#head-waiting").await;
        page.script::<()>(MEASURE).await;
        page.click("#list-mine .item").await;
        page.find("#lines .line").await;
        for n in 0..SWITCHES {
            // Down the list and up again at its end.
            let key = if n < HELD - 1 { 'j' } else { 'k' };
            page.presses(&[Key::Alt], key).await;
            page.until(&format!("window.switches.length === {}", n + 1)).await;
        }
        let mut took: Vec<f64> = page.eval("window.switches").await;
        took.sort_by(f64::total_cmp);
        let (median, p95) = (took[took.len() / 2], took[took.len() * 95 / 100]);
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        println!("{SWITCHES} switches: median {median:.1} ms, p95 {p95:.1} ms, slowest {:.1} ms; load {}", took[took.len() - 1], load.trim());
        assert!(median <= 50.0 && p95 <= 150.0, "{took:?}");
    })
    .await;
}
