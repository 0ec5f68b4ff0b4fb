//! The whole library by a few letters.

use thirtyfour::Key;
use xiaoer::domain::Happening;

use super::stage::{marked, open_chat, played};
use crate::desk::Seat;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_stroke_in_an_empty_box_and_four_initials_find_when_it_ships() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let li = Seat::take(&stage.service, "li").await;
        let phrase = json!({ "title": "发货时间说明", "text": "您好，{商品}会在{时间}前发出。" });
        let phrase = li.does("/shops/test/scripts", phrase).await["id"].as_str().unwrap().to_owned();
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        // In a text it is a stroke.
        page.types("#box", "1/2").await;
        assert!(page.eval::<bool>("document.getElementById('search').hidden").await);
        page.script::<()>("document.getElementById('box').select()").await;
        page.presses(&[], Key::Delete).await;
        page.keys("/").await;
        page.find("#search").await;
        page.until("document.activeElement.id === 'search-input'").await;
        page.keys("fhsj").await;
        page.sees("#search-list .script mark", "发货时间").await;
        page.sees("#search-list .script[aria-selected=true]", "发货").await;
        let first: String = page.script("return document.querySelector('#search-list .script').dataset.id").await;
        let words = page.text("#search-list .script[aria-selected=true] .script-text").await;
        page.presses(&[], Key::Enter).await;
        page.until("document.getElementById('search').hidden && document.activeElement.id === 'box'").await;
        assert_eq!(page.value("#box").await, words, "{first}");

        // Another one in its place, with gaps.
        page.script::<()>("document.getElementById('box').select()").await;
        page.presses(&[], Key::Delete).await;
        page.keys("/").await;
        page.keys("fhsjsm").await;
        page.find(&format!("#search-list .script[data-id='{phrase}'][data-of=mine]")).await;
        while page.script::<String>("return document.querySelector('.script[aria-selected=true]').dataset.id").await != phrase {
            page.presses(&[], Key::Down).await;
        }
        page.presses(&[], Key::Enter).await;
        page.until("document.getElementById('box').value").await;
        assert_eq!(marked(&page).await, "{商品}");
        page.keys("电钻").await;
        page.presses(&[], Key::Enter).await;
        page.sees("#guard .finding", "还有空没有填").await;
        assert_eq!(marked(&page).await, "{时间}");
        page.keys("周五").await;
        page.presses(&[], Key::Enter).await;
        stage.arrives("您好，电钻会在周五前发出。").await;
        assert_eq!(stage.said_by_people().len(), 1);
        let taken = stage.events(&id).await.into_iter().any(
            |what| matches!(what, Happening::PersonReplied { script: Some(script), passive: false, .. } if script == phrase),
        );
        assert!(taken, "the script is noted with the reply");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_finds_nothing_says_so_and_escape_leads_back() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.types("#box", "、").await;
        page.until("document.activeElement.id === 'search-input'").await;
        page.keys("zzzzqqqq").await;
        page.sees("#search-list .empty", "没有找到").await;
        page.presses(&[], Key::Escape).await;
        page.until("document.getElementById('search').hidden && document.activeElement.id === 'box'").await;
        page.click("#scripts").await;
        page.find("#search").await;
        page.click("#search-close").await;
        page.until("document.getElementById('search').hidden").await;
        assert_eq!(page.value("#box").await, "");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_box_becomes_a_phrase_of_ones_own() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.types("#box", "已经帮您催仓库了").await;
        page.click("#scripts").await;
        page.click("#phrase-save").await;
        page.until("document.getElementById('phrase-title')?.value === '已经帮您催仓库了'").await;
        page.presses(&[], Key::Enter).await;
        page.sees("#toasts", "已保存").await;
        page.click("#scripts").await;
        page.click("#phrases").await;
        page.sees("#phrases-dialog .phrase .phrase-text", "已经帮您催仓库了").await;
    })
    .await;
}
