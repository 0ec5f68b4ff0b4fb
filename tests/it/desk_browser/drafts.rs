//! What is written stays: over other chats, a reload, news, and three seconds after it was sent.

use thirtyfour::Key;

use super::stage::{READY, focus, is_open, marked, open_chat, played, row, suggestion};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_undone_within_three_seconds_never_reaches_the_platform() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.enters("#box", "写错了的话").await;
        page.sees("#undo", "即将发出").await;
        page.click("#undo-button").await;
        page.until("document.getElementById('box').value === '写错了的话'").await;
        assert_eq!(focus(&page).await, "box");
        page.script::<()>("document.getElementById('box').select()").await;
        page.enters("#box", "又写错了").await;
        page.find("#undo").await;
        page.presses(&[Key::Control], 'z').await;
        page.until("document.getElementById('box').value === '又写错了'").await;
        page.sees(".line.agent.gone .bubble", "又写错了").await;

        // What comes after them arrives; whatever was to go out before it has gone by then.
        page.script::<()>("document.getElementById('box').select()").await;
        page.enters("#box", "您好，马上帮您查").await;
        stage.arrives("您好，马上帮您查").await;
        assert_eq!(stage.said_by_people(), ["您好，马上帮您查"]);
        page.until("document.getElementById('undo').hidden").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_chat_has_its_own_draft_over_others_and_a_reload() {
    played(async |stage| {
        let (one, _) = stage.waits("wang", "转人工").await;
        let (two, _) = stage.waits("zhang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &one).await;
        page.types("#box", "给王先生的话").await;
        open_chat(&page, &two).await;
        assert_eq!(page.value("#box").await, "");
        page.sees(&format!("{} .item-last.drafted", row(&one)), "给王先生的话").await;
        page.types("#box", "给张女士的话").await;
        page.presses(&[Key::Alt], 'k').await;
        is_open(&page, &one).await;
        assert_eq!(page.value("#box").await, "给王先生的话");
        page.0.refresh().await.unwrap();
        page.until(READY).await;
        open_chat(&page, &two).await;
        assert_eq!(page.value("#box").await, "给张女士的话");
        open_chat(&page, &one).await;
        assert_eq!(page.value("#box").await, "给王先生的话");
        assert!(stage.said_by_people().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn news_neither_takes_the_focus_nor_moves_what_somebody_is_about_to_press() {
    played(async |stage| {
        let wang = stage.service.customer("wang");
        wang.says("转人工").await;
        let id = wang.conversation().await.unwrap();
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.types("#box", "您好，{商品}").await;
        page.presses(&[], Key::Tab).await;
        let places = async || {
            let mut all = Vec::new();
            for place in 1..=3 {
                all.push(suggestion(&page, place).await);
            }
            all
        };
        let before = places().await;
        assert_eq!((marked(&page).await, focus(&page).await), ("{商品}".to_owned(), "box".to_owned()));

        // A new message with a new set of suggestions, and a new chat.
        let outcome = wang.says("你们发什么快递").await;
        assert_ne!(outcome.view["suggestions"][0]["text"], serde_json::Value::Null, "{:#}", outcome.view);
        page.sees("#lines .line.customer .bubble", "发什么快递").await;
        page.find("#suggestions-new").await;
        let (other, _) = stage.waits("zhang", "转人工").await;
        page.find(&row(&other)).await;
        assert_eq!(places().await, before);
        assert_eq!((marked(&page).await, focus(&page).await), ("{商品}".to_owned(), "box".to_owned()));
        is_open(&page, &id).await;
        page.keys("电钻").await;
        assert_eq!(page.value("#box").await, "您好，电钻");

        page.click("#suggestions-new").await;
        page.until("document.getElementById('suggestions-new').hidden").await;
        assert_ne!(places().await, before);
        assert_eq!(page.value("#box").await, "您好，电钻");
    })
    .await;
}
