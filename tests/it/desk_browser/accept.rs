//! A chat that comes, is taken, and answered with one key.

use reqwest::StatusCode;
use serde_json::json;
use thirtyfour::Key;
use xiaoer::app;
use xiaoer::domain::Happening;

use super::stage::{READY, Stage, marked, open_chat, played, row, sign_in, suggestion};
use crate::chromium::{DESKTOP, Page};
use crate::desk::PASSWORD;
use crate::service::http;

/// Notes by the page's own clock when it first shows these words.
const WATCH: &str = "const [css, words] = arguments; window.seen_at = 0; \
    const look = () => { if (!seen_at && [...document.querySelectorAll(css)].some((one) => \
        one.getClientRects().length && one.textContent.includes(words))) window.seen_at = Date.now(); }; \
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true }); look();";

/// When the page first showed what is watched for, in Unix ms.
async fn seen_at(page: &Page) -> i64 {
    page.until("window.seen_at").await;
    page.eval("window.seen_at").await
}

/// What was kept of the last reply: whether it came from a suggestion, and how much of that was changed.
async fn last_reply(stage: &Stage, id: &str) -> (bool, Option<f32>) {
    let replied = stage.events(id).await.into_iter().rev().find_map(|what| match what {
        Happening::PersonReplied { suggestion, edit_share, .. } => Some((suggestion.is_some(), edit_share)),
        _ => None,
    });
    replied.expect("a person replied")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_off_comes_by_itself_is_taken_and_answered_and_signing_out_ends_it_all() {
    played(async |stage| {
        let page = stage.page("/desk", "zh-CN", DESKTOP).await;
        sign_in(&page, "li", "not this one").await;
        page.sees("#signin .notice.wrong", "账号或密码不对").await;
        sign_in(&page, "li", PASSWORD).await;
        page.until(READY).await;

        let wang = stage.service.customer("wang");
        page.script_with::<()>(WATCH, vec![json!(".item .item-name"), json!("wang")]).await;
        let begun = app::now().0;
        let outcome = wang.says("我要投诉你们").await;
        let shown = seen_at(&page).await;
        let decided = outcome.view["turns"][0]["at"].as_i64().unwrap();
        println!(
            "a hand-off: {} ms from its webhook to the screen, {} ms of it after the turn",
            shown - begun,
            shown - decided
        );
        assert!(shown - decided < 2_000, "{} ms", shown - decided);
        let id = wang.conversation().await.unwrap();

        open_chat(&page, &id).await;
        page.sees("#chat-state", "等待接待").await;
        page.click("#take").await;
        page.sees("#chat-state", "我在接待").await;
        page.script_with::<()>(WATCH, vec![json!("#lines .bubble"), json!("你们怎么还不理我")]).await;
        let begun = app::now().0;
        wang.write("你们怎么还不理我").await;
        let shown = seen_at(&page).await - begun;
        println!("a message of a chat that is open: {shown} ms from its webhook to the screen");
        assert!(shown < 2_000, "{shown} ms");

        let words = suggestion(&page, 1).await;
        page.presses(&[Key::Alt], '1').await;
        page.until("document.getElementById('box').value").await;
        assert_eq!((page.value("#box").await, marked(&page).await), (words.clone(), String::new()));
        page.sees("#origin", "建议回复，未改动").await;
        page.keys("请您放心。").await;
        page.sees("#origin", "已改动").await;
        page.presses(&[], Key::Enter).await;
        page.sees("#undo", "撤销").await;
        let said = format!("{words}请您放心。");
        page.sees(".line.agent .bubble", &said).await;
        assert_eq!(page.value("#box").await, "");
        stage.arrives(&said).await;
        page.sees(".line.agent .foot", "已送达平台").await;
        page.misses("#undo", "").await;
        let (suggested, share) = last_reply(stage, &id).await;
        assert!(suggested && share.is_some_and(|share| share > 0.0 && share < 0.5), "{share:?}");

        let cookie = page.0.get_named_cookie("xiaoer_session").await.unwrap().value;
        let me = async || {
            let request = http().get(format!("{}/api/v1/me", stage.service.base));
            request.header("cookie", format!("xiaoer_session={cookie}")).send().await.unwrap().status()
        };
        assert_eq!(me().await, StatusCode::OK);
        page.click("#me").await;
        page.click("#sign-out").await;
        page.find("#signin").await;
        assert_eq!(me().await, StatusCode::UNAUTHORIZED);
        assert!(!page.eval::<String>("document.body.textContent").await.contains("wang"));
        assert!(!page.eval::<String>("JSON.stringify({ ...localStorage })").await.contains("draft"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alt_shift_and_a_digit_sends_a_suggestion_at_once_as_it_is() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "我要投诉你们").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        let words = suggestion(&page, 2).await;
        page.presses(&[Key::Alt, Key::Shift], '2').await;
        page.sees("#chat-state", "我在接待").await;
        stage.arrives(&words).await;
        assert_eq!(stage.said_by_people(), [words]);
        assert_eq!(last_reply(stage, &id).await, (true, Some(0.0)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_name_in_a_suggestion_is_no_edit() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        let words = suggestion(&page, 1).await;
        assert!(words.contains("小李"), "{words}");
        page.presses(&[Key::Alt, Key::Shift], '1').await;
        stage.arrives(&words).await;
        assert_eq!(last_reply(stage, &id).await, (true, Some(0.0)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mouse_can_do_it_all_too_and_a_set_is_counted_shown_and_waved_away() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let (other, _) = stage.waits("zhang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        let words = suggestion(&page, 2).await;
        page.click(".suggestion[data-place='2'] .suggestion-use").await;
        assert_eq!(page.value("#box").await, words);
        page.click("#send").await;
        stage.arrives(&words).await;
        open_chat(&page, &other).await;
        page.click("#suggestions-dismiss").await;
        page.misses(".suggestion", "").await;
        // What the keys can't reach is not sent.
        page.presses(&[Key::Alt, Key::Shift], '1').await;
        let told = async |id: &str, is: fn(&Happening) -> bool| {
            let deadline = tokio::time::Instant::now() + crate::service::PATIENCE;
            while !stage.events(id).await.iter().any(is) {
                assert!(tokio::time::Instant::now() < deadline, "it was not noted");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        told(&id, |what| matches!(what, Happening::SuggestionShown { .. })).await;
        told(&other, |what| matches!(what, Happening::SuggestionDismissed { .. })).await;
        page.click(&row(&other)).await;
        assert_eq!(page.value("#box").await, "");
        assert_eq!(stage.said_by_people().len(), 1);
    })
    .await;
}
