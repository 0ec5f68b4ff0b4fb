//! The try page in a real browser.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use thirtyfour::prelude::*;

use crate::chromium::{Chromium, DESKTOP, PHONE, Page, Screen};
use crate::service::Running;

/// Runs a story on the page of the demo shop.
async fn in_a_browser(language: &str, screen: Screen, story: impl AsyncFnOnce(&Page)) {
    let service = Running::demo().await;
    let chromium = Chromium::start();
    let told = AssertUnwindSafe(async {
        let page = chromium.open(language, screen).await;
        page.goto(&format!("{}/try/demo", service.base)).await;
        story(&page).await;
    })
    .catch_unwind()
    .await;
    chromium.close().await;
    service.stop().await;
    if let Err(failed) = told {
        std::panic::resume_unwind(failed);
    }
}

async fn says(page: &Page, text: &str) {
    page.enters("#words", text).await;
    page.sees(".line.customer .bubble", text).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_and_a_person_takes_over_with_a_suggestion() {
    in_a_browser("zh-CN", DESKTOP, async |page| {
        says(page, "包邮吗").await;
        page.sees(".line.bot .bubble", "59元").await;
        page.sees("#state", "机器人接待中").await;
        page.sees("#why mark", "包邮吗").await;

        says(page, "转人工").await;
        page.sees("#state", "等待人工").await;
        page.sees("#presence", "等待人工客服").await;
        page.sees("#why-body", "顾客要求人工").await;

        // A script with a gap doesn't go out as it is: the gap is selected, and what is typed takes its place.
        page.click_on(".suggestion", "{agent.name}").await;
        page.click("#reply button").await;
        page.sees("#reply-origin.warned", "还有空没填").await;
        page.enters("#reply-words", "小李").await;
        page.sees(".line.agent .bubble", "您好，我是人工客服小李").await;
        page.sees("#state", "人工处理中").await;
        page.sees("#presence", "人工客服为您服务").await;
        assert_eq!(page.script::<String>("return document.getElementById('reply-words').value").await, "");

        page.click("[data-language=en]").await;
        page.sees("#state", "With a person").await;
        page.sees("#chat-title", "Dahan Tools").await;
        page.sees("#suggested", "Suggested replies").await;
        page.0.refresh().await.unwrap();
        page.sees("#presence", "talking with a person").await;
        page.sees(".line.agent .bubble", "小李").await;

        page.click("#release").await;
        page.sees("#presence", "Automated assistant").await;
        page.fits_the_width().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_with_orders_finds_them_on_a_phone() {
    in_a_browser("en-GB", PHONE, async |page| {
        page.fits_the_width().await;
        page.click("#person option[value=demo-smith]").await;
        page.sees("#presence", "online").await;
        says(page, "Where is my order?").await;
        page.sees(".line.bot .bubble", "Impact Drill").await;
        page.fits_the_width().await;

        says(page, "Talk to a person").await;
        page.click("#tab-agent #tab-dot").await;
        page.sees("#state", "Waiting for a person").await;
        page.sees(".suggestion", "Dahan Tools").await;
        page.fits_the_width().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_belongs_to_the_input_method_while_it_composes_and_nothing_typed_is_lost() {
    in_a_browser("zh-CN", DESKTOP, async |page| {
        let words = page.find("#words").await;
        words.send_keys("bao").await.unwrap();
        let enter = "const key = (more) => document.getElementById('words').dispatchEvent(\
                     new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true, ...more})); \
                     key({isComposing: true}); key({keyCode: 229}); key({shiftKey: true});\
                     return [document.getElementById('words').value, document.querySelectorAll('.line').length]";
        assert_eq!(page.script::<(String, u32)>(enter).await, ("bao".to_owned(), 0));

        // The way to the service is cut: the message stays, and goes when it is sent again.
        page.script::<()>("window.real = window.fetch; window.fetch = () => Promise.reject(new TypeError('cut'))")
            .await;
        words.send_keys(Key::Enter + "").await.unwrap();
        page.sees(".line.customer.failed .bubble", "bao").await;
        page.sees("#chat-notice", "网络连接不上").await;
        page.script::<()>("window.fetch = window.real").await;
        page.click(".line.failed .link").await;
        page.sees(".line.bot .bubble", "").await;
        assert_eq!(page.script::<u32>("return document.querySelectorAll('.line.customer').length").await, 1);
    })
    .await;
}
