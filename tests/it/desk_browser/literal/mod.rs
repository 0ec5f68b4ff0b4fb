//! Whatever people write is shown as they wrote it, wherever it is shown: 68 texts that want to be more.

mod chats;
mod people;

use serde_json::json;

use super::stage::played;
use crate::chromium::Page;
use crate::service::PATIENCE;

/// One a line.
const CORPUS: &str = include_str!("../../../data/xss.txt");

/// Elements that the page didn't make, or that would run or load something.
const FOREIGN: &str = "const own = (address) => { const url = new URL(address, location.origin); \
        return url.origin === location.origin && /^\\/(assets|files|api\\/v1\\/shops\\/\\w+\\/report\\/charts)\\//.test(url.pathname); }; \
    const fine = { script: (one) => own(one.src), link: (one) => own(one.href), img: (one) => own(one.src), source: (one) => own(one.srcset), \
        a: (one) => /^https?:$/.test(one.protocol), meta: (one) => !one.httpEquiv, form: (one) => !one.hasAttribute('action'), \
        svg: (one) => one.classList.contains('drawing'), path: (one) => Boolean(one.closest('.drawing')) }; \
    const never = /^(iframe|frame|object|embed|base|style|video|audio|math|mtext|image|use|animate|applet|template|x|body|html)$/i; \
    return [...document.documentElement.querySelectorAll('*')].filter((one) => one !== document.body) \
        .filter((one) => never.test(one.localName) || (fine[one.localName] && !fine[one.localName](one)) \
            || one.getAttributeNames().some((name) => name.startsWith('on') || name === 'srcdoc' || name === 'formaction') \
            || /url\\(|expression|import/.test(one.getAttribute('style') ?? '')) \
        .map((one) => one.outerHTML.slice(0, 200))";

pub fn corpus() -> Vec<&'static str> {
    let all: Vec<_> = CORPUS.split('\n').filter(|line| !line.is_empty()).collect();
    assert!(all.len() >= 40);
    all
}

/// Nothing ran, nothing was made of a text, and the page is the one that was opened.
pub async fn nothing_came_of_it(page: &Page, place: &str) {
    let said: Vec<String> = page.eval("[...window.fires, ...window.reports]").await;
    assert!(said.is_empty(), "{place}: {said:#?}");
    let foreign: Vec<String> = page.script(FOREIGN).await;
    assert!(foreign.is_empty(), "{place}: {foreign:#?}");
    assert!(page.eval::<bool>("window.mine === true").await, "{place}: the page went elsewhere");
}

/// Marks the page: another one doesn't bear the mark.
pub async fn stays(page: &Page) {
    page.script::<()>("window.mine = true").await;
}

/// Waits until elements show exactly these texts, among others.
pub async fn shows(page: &Page, css: &str, texts: &[&str]) {
    let missing = "const [css, texts] = arguments; const shown = new Set([...document.querySelectorAll(css)].map((one) => one.textContent)); \
        return texts.filter((text) => !shown.has(text))";
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let left: Vec<String> = page.script_with(missing, vec![json!(css), json!(texts)]).await;
        if left.is_empty() {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "not shown in {css}: {left:#?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// What looks for foreign elements and reports has to see them when they are there.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_text_could_become_would_be_seen() {
    played(async |stage| {
        let page = stage.desk().await;
        stays(&page).await;
        nothing_came_of_it(&page, "the desk").await;
        let made = "const one = document.createElement(arguments[0]); \
            for (const [name, value] of Object.entries(arguments[1])) try { one.setAttribute(name, value); } catch { /* seen below */ } \
            document.body.append(one)";
        for (name, attributes) in [
            ("img", json!({ "src": "https://evil.example/x" })),
            ("b", json!({ "onclick": "fired(1)" })),
            ("a", json!({ "href": "javascript:fired(1)" })),
            ("iframe", json!({})),
            ("svg", json!({})),
            ("style", json!({})),
            ("div", json!({ "style": "background:url(x)" })),
        ] {
            page.script_with::<()>(made, vec![json!(name), attributes]).await;
            let foreign: Vec<String> = page.script(FOREIGN).await;
            assert!(name == "b" || name == "div" || foreign.len() == 1, "{name}: {foreign:?}");
            page.script::<()>("document.body.lastElementChild.remove()").await;
        }
        page.until("window.reports.length >= 2").await;
        let refused: bool = page
            .script("try { document.body.insertAdjacentHTML('beforeend', '<p>'); return false } catch { return true }")
            .await;
        assert!(refused, "a text became markup");
        page.script::<()>("window.alert(1); window.reports = []").await;
        assert_eq!(page.eval::<Vec<String>>("window.fires").await, ["alert,1"]);
        page.script::<()>("window.fires = []").await;
    })
    .await;
}
