//! A fix that another page proposes: looked at, published, and what customers are told then.

use serde_json::json;
use xiaoer::domain::Role;

use super::stage::{Stage, played_with};
use crate::chromium::{DESKTOP, Page};
use crate::desk::hire;
use crate::reload::{FEE, fee};
use crate::service::ShopFiles;

/// What nobody understands yet.
const ODD: &str = "乌拉邮钱";
const INTENT: &str = "intents/logistics/shipping_fee.yaml";

/// Somebody at the desk, where a page hands amendments over.
async fn hands_over(stage: &Stage, id: &str, language: &str, amendments: serde_json::Value) -> Page {
    let page = stage.desk_of(id, language, DESKTOP).await;
    let go = "const [amendments, text, done] = arguments; import('/assets/ui/amend.js').then(({ amend }) => \
              amend('test', amendments, { text, back: '/people#from-the-report' })).then(done)";
    page.0.execute_async(go, vec![amendments, json!(ODD)]).await.unwrap();
    page.find("#fix").await;
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fix_is_handed_over_looked_at_published_and_the_bot_answers() {
    let words = fee("满59元包邮。");
    let shop = ShopFiles { files: &[(FEE, &words)], ..ShopFiles::default() };
    played_with(&shop, async |stage| {
        hire(&stage.service, "boss", "店长", "test", Role::Manager).await;
        assert_eq!(stage.service.customer("zhao").says(ODD).await.act, "hand_off");
        let line = |line: &str| json!({"do": "phrase", "intent": "logistics/shipping_fee", "line": line});
        let page = hands_over(stage, "boss", "zh-CN", json!([line(ODD), line("包邮吗")])).await;
        page.sees("#fix h2", "待您确认的修改").await;
        page.sees(&format!("#fix .change[data-path='{INTENT}'] .diff-row[data-kind='in']"), ODD).await;
        page.sees("#fix .fix-refused", "知识库里已经有了").await;
        page.sees("#file-path", INTENT).await;
        page.sees("#trial-result .outcome[data-kind='old']", "转人工").await;
        page.sees("#trial-result .outcome[data-kind='new'] .bubble", "满59元包邮。").await;
        assert_eq!(page.value("#trial-words").await, ODD);
        assert_eq!(page.eval::<String>("location.hash").await, "", "it is taken once");
        page.fits_the_width().await;

        page.click("#publish").await;
        page.until("document.getElementById('publish-go')?.disabled === false").await;
        page.click("#publish-go").await;
        page.until("location.pathname === '/people' && location.hash === '#from-the-report'").await;
        let made = stage.service.store.latest_playbook(&"test".into()).await.unwrap().unwrap().hash;
        stage.service.until("in force", |now| now["shops"]["test"]["playbook"] == made.as_str()).await;
        assert!(stage.service.customer("qian").says(ODD).await.words().contains("满59元包邮。"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_is_told_whose_fix_it_is_and_in_english_it_is_english() {
    played_with(&ShopFiles::default(), async |stage| {
        hire(&stage.service, "lead", "Lee", "test", Role::Lead).await;
        hire(&stage.service, "sam", "Sam", "test", Role::Manager).await;
        let veto = json!([{"do": "veto", "intent": "logistics/shipping_fee", "line": "a, b"}]);
        let page = hands_over(stage, "sam", "en-GB", veto.clone()).await;
        page.sees("#fix h2", "A fix to look at").await;
        page.sees("#fix .hint", "nothing to change").await;
        page.sees("#fix .fix-refused", "marks part it").await;
        page.click("#fix-close").await;
        page.until("document.getElementById('fix').hidden").await;
        let page = stage.page("/playbook", "en-GB", DESKTOP).await;
        super::stage::sign_in(&page, "lead", crate::desk::PASSWORD).await;
        page.find("#tree .thing").await;
        page.script_with::<()>(
            "sessionStorage.setItem('xiaoer.amend', JSON.stringify({shop: 'test', amendments: arguments[0]})); \
             location.hash = '#amend'; location.reload()",
            vec![veto],
        )
        .await;
        page.sees("#toasts .toast", "ask a manager of your shop").await;
        assert!(page.eval::<bool>("document.getElementById('fix').hidden").await);
    })
    .await;
}
