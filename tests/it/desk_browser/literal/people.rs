//! In the library, among colleagues, and on the other pages.

use serde_json::{Value, json};
use thirtyfour::Key;
use xiaoer::app;
use xiaoer::domain::{PrincipalId, Role};
use xiaoer::store::Membership;

use super::super::stage::{Stage, open_chat, played_with};
use super::{corpus, nothing_came_of_it, shows, stays};
use crate::chromium::DESKTOP;
use crate::desk::{Seat, hire};
use crate::service::ShopFiles;

/// Colleagues whose names are the corpus; their ids are plain.
async fn crew(stage: &Stage, corpus: &[&str]) {
    for (n, name) in corpus.iter().enumerate() {
        let id = PrincipalId::from(format!("p{n}"));
        stage.service.store.add_principal(&id, name, app::now()).await.unwrap();
        let place = Membership { shop: "test".into(), role: Role::Agent, outsourced: false };
        stage.service.store.set_place(&id, place).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn phrases_and_people_are_shown_as_they_were_written() {
    let corpus = corpus();
    played_with(&ShopFiles::default(), async |stage| {
        hire(&stage.service, "boss", "店长", "test", Role::Manager).await;
        crew(stage, &corpus).await;
        let boss = Seat::take(&stage.service, "boss").await;
        let short = |text: &str| text.chars().take(60).collect::<String>();
        for (n, text) in corpus.iter().enumerate() {
            let made = boss.does("/shops/test/scripts", json!({ "title": short(text).trim(), "text": text })).await;
            if n % 2 == 0 {
                boss.does(&format!("/shops/test/scripts/{}/promote", made["id"].as_str().unwrap()), json!({})).await;
            }
        }
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk_of("boss", "zh-CN", DESKTOP).await;
        stays(&page).await;
        open_chat(&page, &id).await;
        page.click("#transfer").await;
        shows(&page, "#transfer-dialog .choice b", &corpus).await;
        nothing_came_of_it(&page, "the colleagues").await;
        page.presses(&[], Key::Escape).await;
        page.click("#scripts").await;
        page.click("#phrases").await;
        shows(&page, "#phrases-dialog .phrase-text", &corpus).await;
        nothing_came_of_it(&page, "the phrases").await;
        page.presses(&[], Key::Escape).await;

        page.goto(&format!("{}/people", stage.service.base)).await;
        stays(&page).await;
        shows(&page, "#people .row .who b", &corpus).await;
        nothing_came_of_it(&page, "the people").await;

        page.goto(&format!("{}/panel", stage.service.base)).await;
        stays(&page).await;
        page.find("#words").await;
        let paste = "const box = document.getElementById('words'); box.value = arguments[0]; \
            box.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste', bubbles: true }))";
        for text in &corpus {
            let chat = format!("顾客 10:01\n{text}\n小二 10:02\n{text}\n{text}: 包邮吗");
            page.script_with::<()>(paste, vec![json!(chat)]).await;
        }
        page.until("document.getElementById('board').getAttribute('aria-busy') !== 'true'").await;
        nothing_came_of_it(&page, "the panel").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_that_a_search_finds_are_shown_as_they_were_written() {
    let corpus = corpus();
    played_with(&ShopFiles::default(), async |stage| {
        let li = Seat::take(&stage.service, "li").await;
        for text in &corpus[..20] {
            let phrase: Value = json!({ "title": text.chars().take(60).collect::<String>().trim(), "text": text });
            li.does("/shops/test/scripts", phrase).await;
        }
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk().await;
        stays(&page).await;
        open_chat(&page, &id).await;
        page.click("#scripts").await;
        // Without a word it lists one's own.
        shows(&page, "#search-list .script-text", &corpus[..20]).await;
        nothing_came_of_it(&page, "the search").await;
        for word in ["fired", "<script>", "onerror=", "javascript:"] {
            page.script::<()>("document.getElementById('search-input').select()").await;
            page.keys(word).await;
            page.until("document.querySelector('#search-list .script, #search-list .empty')").await;
            nothing_came_of_it(&page, word).await;
        }
    })
    .await;
}
