//! A number opens what it counts; a filter narrows; the address keeps both.

use serde_json::json;

use super::{number, report_of};
use crate::chromium::{DESKTOP, PHONE, Page};
use crate::desk_browser::stage::{READY, Stage, played};

/// Three chats: two about parcels, one of them handed off; one about the shipping fee.
async fn chats(stage: &Stage) {
    stage.service.customer("zhao").says("包邮吗").await;
    stage.service.customer("demo-wang").says("我的快递到哪了").await;
    stage.waits("qian", "我的快递怎么还没到，转人工").await;
}

async fn listed(page: &Page) -> Vec<String> {
    page.until("document.querySelector('#list-total')?.textContent").await;
    page.eval("[...document.querySelectorAll('#episodes .episode-words')].map((one) => one.textContent)").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_opens_its_episodes_and_each_of_them_opens_at_the_desk() {
    played(async |stage| {
        chats(stage).await;
        let page = report_of(stage, "zh-CN", DESKTOP, "/desk/report?period=today").await;
        assert_eq!(number(&page, "episodes").await, "3");
        // What is pending stands by itself, and resolved is nothing yet.
        page.sees("[data-figure=pending] .figure-value", "2").await;
        assert_eq!(page.text("[data-rate=durable] .figure-value").await, "–");

        page.click("#card-handoff .number[data-count='handed_off']").await;
        assert_eq!(listed(&page).await, ["我的快递怎么还没到，转人工"]);
        assert!(page.eval::<String>("location.search").await.contains("list=handed_off"));
        // A link to it opens it again, and back closes it.
        let address: String = page.eval("location.href").await;
        page.0.back().await.unwrap();
        page.until("!document.getElementById('list')").await;
        page.goto(&address).await;
        assert_eq!(listed(&page).await.len(), 1);
        page.click(".episode-words").await;
        page.until("location.pathname === '/desk' && location.hash.startsWith('#test/')").await;
        page.sees("#lines .line.customer", "我的快递怎么还没到，转人工").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_narrows_the_page_and_the_address_keeps_it() {
    played(async |stage| {
        chats(stage).await;
        let page = report_of(stage, "zh-CN", DESKTOP, "/desk/report").await;
        assert_eq!(number(&page, "episodes").await, "3");
        page.click("#table-intents [data-narrow='intent']").await;
        page.find(".chip[data-filter=intent]").await;
        page.until("document.querySelector('#tab .number[data-count=episodes]').textContent !== '3'").await;
        let (narrowed, address): (String, String) = (number(&page, "episodes").await, page.eval("location.href").await);
        page.click("#add-rung").await;
        page.click("#filter-list .choice[data-value='asked_for_person']").await;
        page.find(".chip[data-filter=rung]").await;
        page.until("location.search.includes('rung=asked_for_person')").await;
        // Back takes the last one away, the other stays.
        page.0.back().await.unwrap();
        page.until("!document.querySelector('.chip[data-filter=rung]')").await;
        page.find(".chip[data-filter=intent]").await;
        // A colleague opens the link and sees the same.
        page.goto(&address).await;
        page.until(READY).await;
        page.find(".chip[data-filter=intent]").await;
        assert_eq!(number(&page, "episodes").await, narrowed);
        page.click(".chip[data-filter=intent] button").await;
        page.until("document.querySelector('#tab .number[data-count=episodes]')?.textContent === '3'").await;
        assert!(!page.eval::<String>("location.search").await.contains("intent="));
        // Nobody wrote yesterday.
        page.click("#period-yesterday").await;
        page.find("#nothing").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_episode_that_is_left_out_leaves_the_figures_and_comes_back() {
    played(async |stage| {
        chats(stage).await;
        let page = report_of(stage, "zh-CN", DESKTOP, "/desk/report?period=today").await;
        page.click("#tab .number[data-count='episodes']").await;
        assert_eq!(listed(&page).await.len(), 3);
        page.click("#episodes .episode:first-child [data-do=exclude]").await;
        page.click("#exclude-test").await;
        page.find("#episodes .episode[data-excluded=test]").await;
        page.click("#list .drawer-head button").await;
        page.until("document.querySelector('#tab .number[data-count=episodes]')?.textContent === '2'").await;
        page.click("#tab .number[data-count='excluded_test']").await;
        page.click("#episodes [data-do=count]").await;
        page.find("#episodes .episode[data-excluded='']").await;
        page.click("#list .drawer-head button").await;
        page.until("document.querySelector('#tab .number[data-count=episodes]')?.textContent === '3'").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_a_rate_is_counted_is_told_to_the_keyboard_too() {
    played(async |stage| {
        chats(stage).await;
        let page = report_of(stage, "zh-CN", PHONE, "/desk/report?hours=24").await;
        page.script::<()>("document.querySelector('[data-rate=durable] .why').focus()").await;
        page.sees(".tip", "24 小时内顾客没再来").await;
        page.presses(&[], thirtyfour::Key::Escape).await;
        page.until("document.querySelector('.tip').hidden").await;
        page.fits_the_width().await;
        // Every chart is there, and the phone's are drawn for it.
        page.until("[...document.querySelectorAll('[data-chart]')].every((one) => one.naturalWidth === 380)").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_sorted_by_its_heads_and_saved_without_formulas() {
    played(async |stage| {
        chats(stage).await;
        let page = report_of(stage, "zh-CN", DESKTOP, "/desk/report").await;
        let names = "[...document.querySelectorAll('#table-intents tbody tr')].map((row) => row.dataset.name)";
        page.click("#table-intents [data-sort=intent]").await;
        page.find("#table-intents th[aria-sort=ascending]").await;
        let up: Vec<String> = page.eval(names).await;
        page.click("#table-intents [data-sort=intent]").await;
        page.find("#table-intents th[aria-sort=descending]").await;
        let down: Vec<String> = page.eval(names).await;
        assert!(up.len() > 1 && up.iter().rev().eq(&down), "{up:?} {down:?}");
        let cell =
            "const [text, done] = arguments; import('/assets/report/csv.js').then(({ cell }) => done(cell(text)))";
        for (text, saved) in [
            ("=1+1", "'=1+1"),
            ("+86", "'+86"),
            ("-2", "'-2"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("＝1", "'＝1"),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("退货", "退货"),
        ] {
            let told = page.0.execute_async(cell, vec![json!(text)]).await.unwrap();
            assert_eq!(told.json(), &json!(saved), "{text:?}");
        }
    })
    .await;
}
