//! What people do with chats by the buttons: give on with a note, close with a reason, back to the bot; and what a desk
//! does whose session or line is gone.

use serde_json::json;
use xiaoer::domain::{Happening, Role};

use super::stage::{is_open, open_chat, played, row, sign_in};
use crate::chromium::DESKTOP;
use crate::desk::{PASSWORD, Seat, hire};

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_goes_to_a_colleague_with_a_note_and_back_to_the_bot() {
    played(async |stage| {
        hire(&stage.service, "wang", "小王", "test", Role::Agent).await;
        let zhang = stage.service.customer("zhang");
        zhang.says("转人工").await;
        let id = zhang.conversation().await.unwrap();
        let (li, wang) = tokio::join!(stage.desk(), stage.desk_of("wang", "zh-CN", DESKTOP));
        open_chat(&li, &id).await;
        li.click("#take").await;
        li.sees("#chat-state", "我在接待").await;
        wang.misses(&row(&id), "").await;
        li.click("#transfer").await;
        li.types("#transfer-note", "等今晚的物流消息").await;
        li.click("#transfer-dialog [data-agent=wang]").await;
        li.sees("#toasts", "已转给小王").await;
        wang.find(&format!("#list-mine {}", row(&id))).await;
        open_chat(&wang, &id).await;
        wang.sees("#lines .bubble.note", "等今晚的物流消息").await;
        li.misses(&format!("#list-mine {}", row(&id)), "").await;

        wang.click("#release").await;
        wang.sees("#toasts", "已交还机器人").await;
        wang.misses(&row(&id), "").await;
        let outcome = zhang.says("包邮吗").await;
        assert!(outcome.words().contains("59元"), "the bot is back: {outcome:#?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_closed_with_a_reason_and_leaves_the_desk() {
    played(async |stage| {
        let (id, _) = stage.waits("zhang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.click("#close").await;
        page.click_on("#close-dialog .picks button", "已解决").await;
        page.sees("#toasts", "会话已结束").await;
        page.misses(&row(&id), "").await;
        let why = stage.events(&id).await.into_iter().find_map(|what| match what {
            Happening::Closed { reason, .. } => reason,
            _ => None,
        });
        assert_eq!(why.as_deref(), Some("已解决"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_signed_out_elsewhere_signs_in_over_the_desk_and_finds_their_words() {
    played(async |stage| {
        let (id, _) = stage.waits("zhang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.types("#box", "您好，我马上帮您查").await;
        // A new password ends all other sessions.
        let seat = Seat::take(&stage.service, "li").await;
        let fresh = "another horse battery";
        seat.does("/me/password", json!({ "old": PASSWORD, "new": fresh })).await;
        // The desk learns of it from the stream or from this, whichever is first; the box can't be typed into afterwards.
        page.presses(&[], thirtyfour::Key::Enter).await;
        page.find("#signin").await;
        assert!(page.eval::<bool>("document.getElementById('desk').inert").await);
        sign_in(&page, "li", fresh).await;
        page.until("!document.getElementById('desk').inert && !document.body.classList.contains('locked')").await;
        is_open(&page, &id).await;
        // It is in the box again, or in the chat to be sent again; it was not lost.
        page.until(
            "document.getElementById('box').value === '您好，我马上帮您查' || \
             document.querySelector('.line.agent.failed')?.textContent.includes('您好，我马上帮您查')",
        )
        .await;
        // And the stream is there anew.
        let (other, _) = stage.waits("wang", "转人工").await;
        page.find(&row(&other)).await;
    })
    .await;
}
