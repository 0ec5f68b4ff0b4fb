//! Chinese and English by the agent's choice: nothing of the one is left in the other.

use thirtyfour::Key;
use xiaoer::domain::Role;

use super::stage::{open_chat, played};
use crate::chromium::{DESKTOP, Page};
use crate::desk::hire;

/// Chinese that is left in the page, in texts and in labels, and keys that nobody has put into words; but for the names
/// that languages and people have.
const LEFT: &str = "const left = []; const foreign = /[\\p{Script=Han}，。：？！（）]|^[a-z_]+(\\.[a-z_]+)+$/u; \
    const take = (text, where) => foreign.test(text.replaceAll('小李', '').trim()) && left.push(`${where}: ${text.trim()}`); \
    take(document.title, 'title'); \
    for (const one of document.body.querySelectorAll('*')) { \
        if (one.closest('[lang^=zh], noscript, script')) continue; \
        for (const node of one.childNodes) if (node.nodeType === Node.TEXT_NODE) take(node.data, one.id || one.className || one.localName); \
        for (const name of ['title', 'placeholder', 'aria-label', 'alt', 'value']) take(one.getAttribute(name) ?? '', `${one.id || one.className} ${name}`); \
    } return left";

pub async fn all_english(page: &Page, place: &str) {
    let left: Vec<String> = page.script(LEFT).await;
    assert!(left.is_empty(), "in {place}: {left:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_english_desk_has_no_chinese_left_in_it() {
    played(async |stage| {
        hire(&stage.service, "sam", "Sam", "test", Role::Manager).await;
        // Signed in by a browser that speaks Chinese, and switched by hand.
        let page = stage.desk_of("sam", "zh-CN", DESKTOP).await;
        page.sees("#section-waiting, #section-mine", "我的会话").await;
        page.click("#me").await;
        page.click("[data-language=en]").await;
        page.sees("#section-mine", "My chats").await;
        page.presses(&[], Key::Escape).await;
        let smith = stage.service.customer("demo-smith");
        smith.says("Where is my order?").await;
        smith.says("I want to talk to a person").await;
        let id = smith.conversation().await.unwrap();
        open_chat(&page, &id).await;
        page.sees("#order-body .order-card", "Welding Helmet").await;
        page.find(".suggestion").await;
        page.enters("#note-box", "Rang them").await;
        page.sees("#notes-list", "Rang them").await;
        all_english(&page, "the desk").await;
        page.enters("#box", "Absolutely the best price, {name}").await;
        page.find("#guard .finding").await;
        all_english(&page, "the guard").await;
        page.script::<()>("document.getElementById('box').select()").await;
        page.enters("#box", "Hello").await;
        page.find("#undo").await;
        all_english(&page, "the bar of three seconds").await;
        page.sees(".line.agent .foot", "delivered to the platform").await;

        for (opens, dialog) in [
            ("#help", "#keys"),
            ("#promises", "#due-list"),
            ("#handover", "#handover-dialog"),
            ("#transfer", "#transfer-dialog"),
            ("#close", "#close-dialog"),
            ("#product", "#product-dialog"),
            ("#coupon", "#coupon-dialog"),
            ("#promise", "#promise-dialog"),
        ] {
            page.click(opens).await;
            page.find(dialog).await;
            all_english(&page, dialog).await;
            page.click(&format!("{dialog} .dialog-head button")).await;
            page.misses(dialog, "").await;
        }
        for menu in ["#state", "#me", "#flag"] {
            if page.eval::<bool>(&format!("document.querySelector('{menu}').hidden")).await {
                continue;
            }
            page.click(menu).await;
            page.find(".menu").await;
            all_english(&page, menu).await;
            page.presses(&[], Key::Escape).await;
        }
        page.click("#scripts").await;
        page.find("#search-list li").await;
        page.until("!document.querySelector('#search-list .notice.wrong')").await;
        all_english(&page, "the search").await;
        // It is remembered.
        page.0.refresh().await.unwrap();
        page.sees("#section-mine", "My chats").await;
        assert_eq!(page.eval::<String>("document.documentElement.lang").await, "en");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_speaks_english_is_met_in_english() {
    played(async |stage| {
        hire(&stage.service, "sam", "Sam", "test", Role::Manager).await;
        let page = stage.page("/desk", "en-GB", DESKTOP).await;
        page.sees("#signin-title", "Sign in").await;
        all_english(&page, "the sign-in form").await;
        super::stage::sign_in(&page, "sam", "wrong wrong wrong").await;
        page.sees("#signin .notice.wrong", "don't match").await;
        super::stage::sign_in(&page, "sam", crate::desk::PASSWORD).await;
        page.until(super::stage::READY).await;
        for (path, there) in [
            ("/people", "#people .row"),
            ("/panel", "#words"),
            ("/welcome", "#welcome-none"),
            ("/playbook", "#tree .thing"),
        ] {
            page.goto(&format!("{}{path}", stage.service.base)).await;
            page.find(there).await;
            all_english(&page, path).await;
        }
    })
    .await;
}
