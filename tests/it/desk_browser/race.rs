//! Two people, one chat.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;
use tokio::time::Instant;
use xiaoer::domain::{Happening, Role};

use super::stage::{Stage, open_chat, played};
use crate::chromium::{DESKTOP, Page};
use crate::desk::{Seat, hire};
use crate::service::PATIENCE;

/// The desks of 小李 and 小王.
async fn two(stage: &Stage) -> (Page, Page) {
    hire(&stage.service, "wang", "小王", "test", Role::Agent).await;
    tokio::join!(stage.desk(), stage.desk_of("wang", "zh-CN", DESKTOP))
}

/// Who has it, once somebody does.
async fn holder(stage: &Stage, id: &str) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let row = stage.service.store.conversation(&"test".into(), &id.into()).await.unwrap().unwrap();
        if let Some(holder) = row.state.holder {
            return holder.to_string();
        }
        assert!(Instant::now() < deadline, "nobody has it");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_take_a_chat_one_has_it_and_the_other_sees_who() {
    played(async |stage| {
        let (li, wang) = two(stage).await;
        let (id, _) = stage.waits("zhang", "转人工").await;
        tokio::join!(open_chat(&li, &id), open_chat(&wang, &id));
        let press = "document.getElementById('take').click()";
        tokio::join!(li.script::<()>(press), wang.script::<()>(press));
        let (has, other, name, loser) = match holder(stage, &id).await.as_str() {
            "li" => (&li, &wang, "小李", "wang"),
            "wang" => (&wang, &li, "小王", "li"),
            stranger => panic!("{stranger} has it"),
        };
        has.sees("#chat-state", "我在接待").await;
        other.sees("#held-text", &format!("{name} 正在接待")).await;
        other.until("document.getElementById('box').disabled && document.getElementById('reply').hidden").await;
        // An agent doesn't take from an agent.
        assert!(other.eval::<bool>("document.getElementById('take-over').hidden").await);
        let seat = Seat::take(&stage.service, loser).await;
        let sent = seat.post(&format!("/shops/test/conversations/{id}/reply"), json!({ "text": "您好" })).await;
        assert_eq!((sent.0, &sent.1["holder"]["name"]), (StatusCode::CONFLICT, &json!(name)));
        has.enters("#box", "您好，我在").await;
        stage.arrives("您好，我在").await;
        assert_eq!(stage.said_by_people(), ["您好，我在"]);
        let taken = stage.events(&id).await.into_iter().filter(|what| matches!(what, Happening::Taken { .. }));
        assert_eq!(taken.count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_answer_at_once_one_is_heard_and_the_other_keeps_their_words() {
    played(async |stage| {
        let (li, wang) = two(stage).await;
        let (id, _) = stage.waits("zhang", "转人工").await;
        tokio::join!(open_chat(&li, &id), open_chat(&wang, &id));
        tokio::join!(li.types("#box", "小李说的"), wang.types("#box", "小王说的"));
        let press = "document.getElementById('send').click()";
        tokio::join!(li.script::<()>(press), wang.script::<()>(press));
        let (said, other, name, lost) = match holder(stage, &id).await.as_str() {
            "li" => ("小李说的", &wang, "小李", "小王说的"),
            "wang" => ("小王说的", &li, "小王", "小李说的"),
            stranger => panic!("{stranger} has it"),
        };
        stage.arrives(said).await;
        other.sees("#held-text", &format!("{name} 正在接待")).await;
        other.until(&format!("document.getElementById('box').value === '{lost}'")).await;
        other.misses(".line.agent .bubble", lost).await;
        assert_eq!(stage.said_by_people(), [said]);
    })
    .await;
}
