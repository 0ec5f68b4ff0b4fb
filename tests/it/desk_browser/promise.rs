//! A promise: made in the reply or by the form, shown, reminded of, and kept.

use std::time::Duration;

use serde_json::json;
use thirtyfour::Key;
use xiaoer::app;
use xiaoer::domain::{Happening, SECOND};

use super::stage::{Stage, open_chat, played};
use crate::desk::Seat;
use crate::service::PATIENCE;

/// Four minutes from now as the form's field says it, in the shop's zone.
const SOON: &str = "document.getElementById('promise-due').value = \
    new Date(Date.now() + (8 * 60 + 4) * 60_000).toISOString().slice(0, 16)";

async fn kept(stage: &Stage, id: &str) {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !stage.events(id).await.iter().any(|what| matches!(what, Happening::PromiseKept { .. })) {
        assert!(tokio::time::Instant::now() < deadline, "nothing was kept");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_is_made_by_the_form_reminded_of_and_kept() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.presses(&[Key::Alt], 'p').await;
        page.find("#promise-dialog").await;
        page.script::<()>("document.getElementById('promise-what').select()").await;
        page.types("#promise-what", "给王先生回电话").await;
        // A time that is over is none to promise.
        page.script::<()>("document.getElementById('promise-due').value = '2020-01-01T10:00'").await;
        page.click("#promise-dialog .dialog-foot .strong").await;
        page.sees("#promise-dialog .notice.wrong", "将来的时间").await;
        page.script::<()>(SOON).await;
        page.click("#promise-dialog .dialog-foot .strong").await;
        page.misses("#promise-dialog", "").await;
        page.sees("#chat-promises .promise", "给王先生回电话").await;
        page.sees("#promises-count", "1").await;
        // It is due within five minutes.
        page.sees("#toasts .toast[data-kind=due]", "前要答复 wang：给王先生回电话").await;

        page.click("#promises").await;
        page.sees("#due-list .due .due-what", "给王先生回电话").await;
        page.sees("#due-list .due .pill", "还有").await;
        page.click("#due-list .due .due-acts .strong").await;
        page.sees("#due-list", "没有未完成的承诺").await;
        kept(stage, &id).await;
        page.presses(&[], Key::Escape).await;
        page.sees("#chat-promises .promise", "已做到").await;
        page.until("document.getElementById('promises-count').hidden").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_in_a_reply_is_offered_as_a_promise_and_made_with_it() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.types("#box", "您好，半小时内给您答复").await;
        page.sees("#promise-chip", "记下承诺").await;
        page.presses(&[Key::Alt], 'p').await;
        page.find("#promise-chip[aria-pressed=true]").await;
        page.presses(&[], Key::Enter).await;
        page.sees("#chat-promises .promise", "半小时内给您答复").await;
        page.sees("#promises-count", "1").await;
        stage.arrives("您好，半小时内给您答复").await;
        let due = stage.events(&id).await.into_iter().find_map(|what| match what {
            Happening::PromiseMade { due, .. } => Some(due),
            _ => None,
        });
        let away = due.expect("it was made").0 - app::now().0;
        assert!((27 * 60 * SECOND..=30 * 60 * SECOND).contains(&away), "{away} ms");

        // Read in the text, and not wanted: nothing is made.
        page.types("#box", "明天18点前给您结果").await;
        page.find("#promise-chip[aria-pressed=false]").await;
        page.presses(&[], Key::Enter).await;
        stage.arrives("明天18点前给您结果").await;
        page.sees("#promises-count", "1").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_that_runs_out_is_told_and_marked() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let li = Seat::take(&stage.service, "li").await;
        let page = stage.desk().await;
        let promise = json!({ "what": "马上回复", "due": app::now().plus(3 * SECOND).0 });
        li.does(&format!("/shops/test/conversations/{id}/promises"), promise).await;
        page.sees("#toasts .toast[data-kind=bad]", "已超时").await;
        page.find("#promises[data-late]").await;
        page.click("#toasts .toast[data-kind=bad] .link").await;
        page.sees("#chat-promises .promise[data-late]", "马上回复").await;
        // While it presses, words for the meantime are at hand.
        page.click_on("#chat-promises .promise .link", "先发一句").await;
        page.until("document.getElementById('box').value").await;
        assert!(!page.value("#box").await.contains('{'));
        page.click_on("#chat-promises .promise .link", "已做到").await;
        kept(stage, &id).await;
        page.until("!document.getElementById('promises').hasAttribute('data-late')").await;
    })
    .await;
}
