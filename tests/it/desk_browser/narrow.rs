//! On a phone: one pane at a time, and nothing is wider than the screen.

use xiaoer::domain::Role;

use super::stage::{open_chat, played, suggestion};
use crate::chromium::PHONE;
use crate::desk::hire;

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_answered_on_a_phone() {
    played(async |stage| {
        let long =
            "转人工，https://example.com/averylongaddresswithoutanyplacetobreakitaveryverylongaddress/0123456789";
        let (id, _) = stage.waits("demo-wang", long).await;
        let page = stage.desk_of("li", "zh-CN", PHONE).await;
        let pane = async |name: &str| {
            page.until(&format!("document.body.dataset.pane === '{name}'")).await;
            page.fits_the_width().await;
        };
        pane("queue").await;
        open_chat(&page, &id).await;
        pane("chat").await;
        page.click("#to-side").await;
        pane("side").await;
        let words = suggestion(&page, 1).await;
        page.sees("#order-body .headline", "").await;
        page.fits_the_width().await;
        page.click(".suggestion[data-place='1'] .suggestion-use").await;
        pane("chat").await;
        assert_eq!(page.value("#box").await, words);
        page.click("#send").await;
        stage.arrives(&words).await;
        for (opens, dialog) in [
            ("#promise", "#promise-dialog"),
            ("#close", "#close-dialog"),
            ("#transfer", "#transfer-dialog"),
            ("#product", "#product-dialog"),
        ] {
            page.click(opens).await;
            page.find(dialog).await;
            page.fits_the_width().await;
            page.click(&format!("{dialog} .dialog-head button")).await;
            page.misses(dialog, "").await;
        }
        page.click("#scripts").await;
        page.find("#search").await;
        page.fits_the_width().await;
        page.click("#search-close").await;
        page.click("#back").await;
        pane("queue").await;
        page.click("#me").await;
        page.fits_the_width().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_pages_fit_a_phone_too() {
    played(async |stage| {
        hire(&stage.service, "boss", "店长", "test", Role::Manager).await;
        let page = stage.desk_of("boss", "zh-CN", PHONE).await;
        for (path, there) in
            [("/people", ".row"), ("/panel", "#words"), ("/playbook", "#tree .thing"), ("/welcome", "#welcome-none")]
        {
            page.goto(&format!("{}{path}", stage.service.base)).await;
            page.find(there).await;
            page.fits_the_width().await;
        }
    })
    .await;
}
