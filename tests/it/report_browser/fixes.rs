//! From what went wrong to the changed playbook, and back.

use super::report_of;
use crate::chromium::DESKTOP;
use crate::desk_browser::stage::{READY, Stage, played_with};
use crate::reload::{FEE, fee};
use crate::service::ShopFiles;

/// No example of the pack: what is one stays an answer, whatever vetoes it.
const SAID: &str = "我就问一句你们家包邮吗";

/// Somebody whom the answer didn't help.
async fn misunderstood(stage: &Stage) {
    let customer = stage.service.customer("zhao");
    assert!(customer.says(SAID).await.words().contains("满59元包邮。"));
    assert_eq!(customer.says("答非所问").await.act, "hand_off");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_in_the_ledger_changes_the_playbook_and_leads_back() {
    let words = fee("满59元包邮。");
    played_with(&ShopFiles { files: &[(FEE, &words)], ..ShopFiles::default() }, async |stage| {
        misunderstood(stage).await;
        let page = report_of(stage, "zh-CN", DESKTOP, "/desk/report#ledger").await;
        page.sees(".kind[data-kind=beside] b", "1").await;
        page.click(".group[data-cause=called_wrong] summary").await;
        page.sees(".entry .said[data-who=customer]", SAID).await;
        page.sees(".entry .said[data-who=bot]", "满59元包邮。").await;
        page.sees(".entry .said[data-who=customer]", "答非所问").await;
        page.find(".entry .because q").await;
        page.fits_the_width().await;
        page.click(".entry [data-fix=veto]").await;
        page.sees("#fix .diff-row[data-kind='in']", SAID).await;
        assert_eq!(page.value("#trial-words").await, SAID);
        page.sees("#trial-result .outcome[data-kind='new']", "转人工").await;
        page.click("#publish").await;
        page.until("document.getElementById('publish-go')?.disabled === false").await;
        page.click("#publish-go").await;
        page.until("location.pathname === '/desk/report' && location.hash === '#ledger'").await;
        page.until(READY).await;
        let made = stage.service.store.latest_playbook(&"test".into()).await.unwrap().unwrap().hash;
        stage.service.until("in force", |now| now["shops"]["test"]["playbook"] == made.as_str()).await;
        assert_eq!(stage.service.customer("qian").says(SAID).await.act, "hand_off");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_box_and_the_reply_open_with_the_words_in_them() {
    let words = fee("满59元包邮。");
    played_with(&ShopFiles { files: &[(FEE, &words)], ..ShopFiles::default() }, async |stage| {
        misunderstood(stage).await;
        let page = report_of(stage, "zh-CN", DESKTOP, "/desk/report#ledger").await;
        page.click(".group[data-cause=called_wrong] summary").await;
        page.click(".entry [data-fix=test]").await;
        page.sees("#trial-result .bubble", "满59元包邮。").await;
        assert_eq!(page.value("#trial-words").await, SAID);
        page.goto(&format!("{}/desk/report#ledger", stage.service.base)).await;
        page.until(READY).await;
        page.click(".group[data-cause=called_wrong] summary").await;
        page.click(".entry [data-fix=reply]").await;
        page.sees("#file-path", FEE).await;
        assert!(page.eval::<bool>("document.getElementById('fix').hidden").await);
    })
    .await;
}
