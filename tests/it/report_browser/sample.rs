//! The weekly sample, judged by keys.

use serde_json::Value;
use xiaoer::domain::Happening;

use super::report_of;
use crate::chromium::{DESKTOP, Page};
use crate::desk_browser::stage::{Stage, played};

/// What was judged, in the order of the events.
async fn judged(stage: &Stage, customers: &[&str]) -> Vec<(String, Option<String>)> {
    let mut all = Vec::new();
    for customer in customers {
        let id = stage.service.customer(customer).conversation().await.unwrap();
        for what in stage.events(&id).await {
            if let Happening::Judged { verdict, should, .. } = what {
                let verdict: Value = serde_json::to_value(verdict).unwrap();
                all.push((verdict.as_str().unwrap().to_owned(), should.map(|id| id.to_string())));
            }
        }
    }
    all.sort();
    all
}

async fn progress(page: &Page, words: &str) {
    page.sees("#progress", words).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_judges_and_the_next_answer_is_there() {
    played(async |stage| {
        let customers = ["zhao", "qian", "sun", "li4"];
        for customer in customers {
            stage.service.customer(customer).says("包邮吗").await;
        }
        let page = report_of(stage, "zh-CN", DESKTOP, "/desk/report#sample").await;
        page.find("#sample-card").await;
        progress(&page, "0 / 4").await;
        let first: String = page.eval("document.getElementById('sample-card').dataset.turn").await;
        page.keys("1").await;
        progress(&page, "1 / 4").await;
        page.sees("#right-share", "100%").await;
        assert_ne!(page.eval::<String>("document.getElementById('sample-card').dataset.turn").await, first);
        page.keys("2").await;
        progress(&page, "2 / 4").await;
        page.sees("#right-share", "50%").await;
        page.sees("#right-share", "区间").await;

        // Should have been: found by pinyin, taken by Enter. While the input method composes, no key judges.
        page.keys("3").await;
        page.find("#should-find").await;
        page.script::<()>(
            "const find = document.getElementById('should-find'); find.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true })); \
             find.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, isComposing: true })); \
             find.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }))",
        )
        .await;
        page.types("#should-find", "退货").await;
        page.until("document.querySelector('#should-list [aria-selected=true]')?.textContent.includes('退货')").await;
        let should: String = page.eval("document.querySelector('#should-list [aria-selected=true]').dataset.value").await;
        page.presses(&[], thirtyfour::Key::Enter).await;
        progress(&page, "3 / 4").await;

        // Back to the last one, and it is judged anew.
        page.keys("z").await;
        page.sees("#sample-card .hint", "判过：不对").await;
        page.keys("3").await;
        page.types("#should-find", "退货").await;
        page.until("document.querySelector('#should-list [aria-selected=true]')?.textContent.includes('退货')").await;
        page.presses(&[], thirtyfour::Key::Enter).await;
        progress(&page, "3 / 4").await;
        page.presses(&[], thirtyfour::Key::Right).await;
        page.find("#sample-done").await;
        page.sees("#right-share", "2 / 4").await;
        let wrong = |should: Option<&String>| ("wrong".to_owned(), should.cloned());
        let right = || ("right".to_owned(), None);
        let wanted = vec![right(), right(), wrong(None), wrong(Some(&should)), wrong(Some(&should))];
        let deadline = tokio::time::Instant::now() + crate::service::PATIENCE;
        while judged(stage, &customers).await != wanted {
            assert!(tokio::time::Instant::now() < deadline, "{:#?}", judged(stage, &customers).await);
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }

        // The report counts them, and they become cases.
        page.click("#cases").await;
        page.find("#cases-dialog .cases li").await;
        page.click("#cases-go").await;
        page.find("#fix .change").await;
        page.sees("#fix .diff-row[data-kind='in']", "包邮吗").await;
        page.goto(&format!("{}/desk/report", stage.service.base)).await;
        page.sees("[data-rate=right] .figure-of", "2/4").await;
    })
    .await;
}
