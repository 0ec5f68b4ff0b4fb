//! How people change a script, and the change made the script's own.

use serde_json::json;

use super::report_of;
use crate::chromium::DESKTOP;
use crate::desk::Seat;
use crate::desk_browser::stage::{Stage, played};

/// 小李 takes the first suggestion and puts a word behind it.
async fn adds_a_word(stage: &Stage, seat: &Seat, customer: &str) -> String {
    let (id, outcome) = stage.waits(customer, "我的快递怎么还没到，转人工").await;
    let suggestion = &outcome.view["suggestions"][0];
    let chat = format!("/shops/test/conversations/{id}");
    let text = format!("{}哦哈", suggestion["text"].as_str().unwrap().replace(['{', '}'], ""));
    let said = json!({ "text": text, "suggestion_id": suggestion["id"], "despite": ["gap", "forbidden", "promise"] });
    let (status, told) = seat.post(&format!("{chat}/reply"), said).await;
    assert_eq!(status, 200, "{told:#}");
    assert_eq!(told["suggestion"], "edited", "{told:#}");
    suggestion["intent"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_usual_change_of_a_script_is_shown_and_goes_to_the_playbook() {
    played(async |stage| {
        let seat = Seat::take(&stage.service, "li").await;
        let script = adds_a_word(stage, &seat, "zhao").await;
        assert_eq!(adds_a_word(stage, &seat, "qian").await, script);
        let page = report_of(stage, "zh-CN", DESKTOP, "/desk/report").await;
        page.click(&format!("#table-scripts [data-edits='{script}']")).await;
        page.sees("#edits", "客服用了 2 次，改了 2 次").await;
        page.sees("#edits .usual h3", "2 次").await;
        page.sees("#edits .usual ins", "哦哈").await;
        page.until("document.querySelectorAll('#edits .edits .edit').length === 2").await;
        page.sees("#edits .edit", "小李").await;
        page.click("#edits .usual button").await;
        page.sees("#fix .diff-row[data-kind='in']", "哦哈").await;
    })
    .await;
}
