//! What must not be said is seen before it is sent.

use thirtyfour::Key;
use xiaoer::domain::Happening;

use super::stage::{open_chat, played};
use crate::chromium::Page;

async fn empties(page: &Page) {
    page.script::<()>("document.getElementById('box').select()").await;
    page.presses(&[], Key::Delete).await;
    page.until("document.getElementById('guard').hidden").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absolute_word_is_sent_on_purpose_alone_and_a_reward_for_a_review_never() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;

        page.types("#box", "五星好评返现5元").await;
        page.sees("#guard .finding[data-action=block]", "不能发送").await;
        page.find("#send[aria-disabled=true]").await;
        page.presses(&[], Key::Enter).await;
        page.misses("#send-anyway", "").await;
        assert_eq!(page.value("#box").await, "五星好评返现5元");
        empties(&page).await;
        // Faster than the look at what was written: the service holds it back, and nothing is lost.
        page.enters("#box", "好评返现10元").await;
        page.sees("#guard .finding[data-action=block]", "不能发送").await;
        page.until("document.getElementById('box').value === '好评返现10元'").await;
        empties(&page).await;

        page.types("#box", "我们绝对是正品").await;
        page.sees("#guard .finding[data-action=warn] mark", "绝对").await;
        page.presses(&[], Key::Enter).await;
        assert_eq!(page.value("#box").await, "我们绝对是正品");
        assert_eq!(page.eval::<u32>("document.querySelectorAll('.line.agent').length").await, 0);
        page.click("#send-anyway").await;
        stage.arrives("我们绝对是正品").await;
        page.enters("#box", "您好").await;
        stage.arrives("您好").await;
        assert_eq!(stage.said_by_people(), ["我们绝对是正品", "您好"]);

        let guarded = stage.events(&id).await.into_iter().filter_map(|what| match what {
            Happening::Guarded { rule, sent, .. } => Some((rule, sent)),
            _ => None,
        });
        let guarded: Vec<_> = guarded.collect();
        assert!(guarded.contains(&("absolute_words".to_owned(), true)), "{guarded:?}");
        assert!(guarded.iter().all(|(rule, sent)| rule != "review_reward" || !sent), "{guarded:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_holds_a_text_back_and_tab_goes_to_it() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.enters("#box", "您好，{商品}会在{时间}前发出").await;
        page.sees("#guard .finding", "还有空没有填").await;
        assert_eq!(super::stage::marked(&page).await, "{商品}");
        page.presses(&[], Key::Tab).await;
        assert_eq!(super::stage::marked(&page).await, "{时间}");
        page.keys("周五").await;
        page.presses(&[], Key::Tab).await;
        page.keys("电钻").await;
        page.until("document.getElementById('guard').hidden").await;
        page.presses(&[], Key::Enter).await;
        stage.arrives("您好，电钻会在周五前发出").await;
        assert_eq!(stage.said_by_people().len(), 1);
    })
    .await;
}
