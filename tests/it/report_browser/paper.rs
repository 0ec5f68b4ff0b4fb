//! The report on paper.

use serde_json::json;

use super::report_of;
use crate::chromium::DESKTOP;
use crate::desk_browser::stage::played;

#[tokio::test(flavor = "multi_thread")]
async fn on_paper_the_figures_stay_and_the_buttons_go() {
    played(async |stage| {
        stage.service.customer("zhao").says("包邮吗").await;
        let page = report_of(stage, "zh-CN", DESKTOP, "/desk/report?period=30days&channel=web").await;
        page.until("[...document.querySelectorAll('[data-chart]')].every((one) => one.naturalWidth > 0)").await;
        page.browser("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
        let shown = "[...document.querySelectorAll(arguments[0])].some((one) => one.getClientRects().length > 0)";
        for (css, stays) in [
            ("#paper h1", true),
            ("#definitions dt", true),
            ("#card-resolution", true),
            ("#table-intents tbody tr", true),
            ("[data-chart]", true),
            ("#top", false),
            ("#tabs", false),
            ("#bar", false),
            (".why", false),
            (".csv", false),
            ("#card-now", false),
        ] {
            let is: bool = page.script_with(&format!("return {shown}"), vec![json!(css)]).await;
            assert_eq!(is, stays, "{css}");
        }
        page.sees("#paper", "渠道：web").await;
        // It is as long as it is: nothing is cut off by a window.
        page.until("document.documentElement.scrollHeight > 1500").await;
        let pdf = page.browser("Page.printToPDF", json!({ "preferCSSPageSize": true })).await;
        assert!(pdf["data"].as_str().is_some_and(|data| data.len() > 20_000));
        page.browser("Emulation.setEmulatedMedia", json!({ "media": "" })).await;
    })
    .await;
}
