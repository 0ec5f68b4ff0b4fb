//! Whatever people write is shown as they wrote it: names of customers and colleagues, messages, titles of intents.

use serde_json::json;
use xiaoer::domain::Role;

use super::report_of;
use crate::chromium::DESKTOP;
use crate::desk::{Seat, hire};
use crate::desk_browser::literal::{corpus, nothing_came_of_it, shows, stays};
use crate::desk_browser::stage::played_with;
use crate::service::ShopFiles;

#[tokio::test(flavor = "multi_thread")]
async fn names_words_and_titles_stay_texts_in_the_report() {
    let corpus = corpus();
    let nasty = corpus[0];
    let title = format!("title: {}\n", json!(nasty));
    let files = [("replies/logistics/shipping_fee.yaml", title.as_str())];
    played_with(&ShopFiles { files: &files, ..ShopFiles::default() }, async |stage| {
        let come = corpus.iter().enumerate().map(async |(n, text)| {
            let mut guest = stage.service.customer(&format!("guest-{n}"));
            guest.name = Some((*text).to_owned());
            guest.says_with(json!({ "text": format!("{text}\n包邮吗？转人工") })).await;
            guest.conversation().await.unwrap()
        });
        let ids: Vec<String> = futures_util::future::join_all(come).await;
        hire(&stage.service, "nasty", corpus[1], "test", Role::Agent).await;
        let seat = Seat::take(&stage.service, "nasty").await;
        let chat = format!("/shops/test/conversations/{}", ids[0]);
        seat.post(&format!("{chat}/take"), json!({})).await;
        seat.post(&format!("{chat}/reply"), json!({ "text": corpus[2] })).await;

        let page = report_of(stage, "zh-CN", DESKTOP, "/desk/report").await;
        stays(&page).await;
        shows(&page, "#table-intents .narrow", &[nasty]).await;
        page.until("document.querySelectorAll('#card-handoff .rungs li').length > 0").await;
        nothing_came_of_it(&page, "the report").await;
        page.click("#add-intent").await;
        shows(&page, "#filter-list .choice span", &[nasty]).await;
        page.click("#filter-list .choice").await;
        shows(&page, ".chip b", &[nasty]).await;
        nothing_came_of_it(&page, "a filter").await;
        page.click(".chip button").await;
        page.click("#tab .number[data-count='episodes']").await;
        page.click(".episodes-more button").await;
        shows(&page, "#episodes .hint b", &corpus).await;
        nothing_came_of_it(&page, "the list").await;
        page.click("#list .drawer-head button").await;
        for (tab, there) in [("sample", ".sample-head"), ("ledger", "#ledger"), ("gaps", ".tab-head")] {
            page.click(&format!("[data-tab={tab}]")).await;
            page.find(there).await;
            page.script::<()>("document.querySelectorAll('details').forEach((one) => (one.open = true))").await;
            nothing_came_of_it(&page, tab).await;
        }
    })
    .await;
}
