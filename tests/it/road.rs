//! The road of a message, end to end: a webhook comes in, an answer or a hand-off goes out.

use serde_json::json;

use crate::service::Running;

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_and_a_complaint_goes_to_a_person() {
    let shop = Running::start().await;
    let wang = shop.customer("u-1");
    let outcome = wang.says("你好，请问包邮吗？").await;
    assert_eq!(outcome.decision(), "answer · sure");
    assert!(outcome.words().contains("59元"), "{}", outcome.words());

    let outcome = wang.says("我要投诉你们").await;
    assert_eq!(outcome.decision(), "hand_off · never");
    assert_eq!(outcome.view["state"], "waiting");
    let handed_off = shop.platform.hears("conversation.handed_off").await;
    assert_eq!(handed_off["data"]["urgency"], json!("high"));
    shop.stop().await;
}
