//! Keys that belong to an input method are nobody else's: the browser really composes here, as it does for a person.

use serde_json::json;
use thirtyfour::Key;

use super::stage::{focus, is_open, open_chat, played, row};
use crate::chromium::Page;

/// A key of the desk: what it is called, where it is, its number, and what is held (1 Alt, 2 Ctrl, 8 Shift).
type Stroke = (&'static str, &'static str, u32, u32);

/// All that the desk listens to in the box.
const KEYS: &[Stroke] = &[
    ("Enter", "Enter", 13, 0),
    ("Enter", "Enter", 13, 2),
    ("/", "Slash", 191, 0),
    ("1", "Digit1", 49, 0),
    ("2", "Digit2", 50, 0),
    ("1", "Digit1", 49, 1),
    ("!", "Digit1", 49, 9),
    ("j", "KeyJ", 74, 0),
    ("k", "KeyK", 75, 0),
    ("j", "KeyJ", 74, 1),
    ("k", "KeyK", 75, 1),
    ("p", "KeyP", 80, 1),
    ("z", "KeyZ", 90, 2),
    ("?", "Slash", 191, 8),
    ("Tab", "Tab", 9, 0),
    ("ArrowUp", "ArrowUp", 38, 0),
    ("Escape", "Escape", 27, 0),
];

/// Shows a composition at the caret; the browser tells the page as it does for a person.
async fn composes(page: &Page, text: &str) {
    let end = text.encode_utf16().count();
    page.browser("Input.imeSetComposition", json!({ "text": text, "selectionStart": end, "selectionEnd": end })).await;
}

/// Ends it with what was chosen.
async fn commits(page: &Page, text: &str) {
    page.browser("Input.insertText", json!({ "text": text })).await;
}

/// Presses a key while it composes: as Windows and Linux tell it (229, "Process"), and as a Mac does (229, its name).
async fn input_method_hears(page: &Page, stroke: Stroke) {
    let (key, code, _, held) = stroke;
    for key in ["Process", key] {
        for kind in ["rawKeyDown", "keyUp"] {
            let event =
                json!({ "type": kind, "key": key, "code": code, "windowsVirtualKeyCode": 229, "modifiers": held });
            page.browser("Input.dispatchKeyEvent", event).await;
        }
    }
}

/// All that a key of the desk could change.
async fn state(page: &Page) -> String {
    page.eval(
        "JSON.stringify([document.querySelector('.item[aria-selected=true]')?.dataset.id, \
         document.querySelectorAll('.line.agent').length, document.getElementById('search').hidden, \
         document.getElementById('box').value, document.getElementById('undo').hidden, document.activeElement.id, \
         document.querySelectorAll('dialog').length, document.querySelectorAll('#notes-list li').length, \
         document.querySelector('.finding')?.textContent])",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn while_an_input_method_composes_no_key_is_the_desks() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let (other, _) = stage.waits("zhang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.click("#box").await;
        composes(&page, "nihao").await;
        page.until("document.getElementById('box').value === 'nihao'").await;
        let before = state(&page).await;
        for stroke in KEYS {
            input_method_hears(&page, *stroke).await;
            assert_eq!(state(&page).await, before, "{stroke:?} did something");
        }
        // A browser may tell the key's own number too, while it composes; some of those it hears itself.
        for stroke in KEYS.iter().filter(|stroke| !["Tab", "Escape", "z"].contains(&stroke.0)) {
            let (key, code, number, held) = *stroke;
            let event = json!({ "type": "rawKeyDown", "key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": held });
            page.browser("Input.dispatchKeyEvent", event).await;
            assert_eq!(state(&page).await, before, "{stroke:?} with its own number did something");
        }
        commits(&page, "你好").await;
        page.until("document.getElementById('box').value === '你好'").await;
        page.presses(&[], Key::Enter).await;
        page.sees(".line.agent .bubble", "你好").await;
        stage.arrives("你好").await;
        assert_eq!(stage.said_by_people(), ["你好"]);

        // The same keys when nothing is composed: each does what it is for.
        page.click(&row(&other)).await;
        is_open(&page, &other).await;
        page.presses(&[Key::Alt], '1').await;
        page.until("document.getElementById('box').value").await;
        page.presses(&[], Key::Escape).await;
        page.until("document.activeElement.id !== 'box'").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bare_keys_are_the_desks_outside_the_box_alone_and_never_while_composing() {
    played(async |stage| {
        let (one, _) = stage.waits("wang", "转人工").await;
        let (two, _) = stage.waits("zhang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &one).await;
        // In the box they are letters.
        page.click("#box").await;
        page.keys("jk1?").await;
        assert_eq!(page.value("#box").await, "jk1?");
        is_open(&page, &one).await;
        page.script::<()>("document.getElementById('box').select()").await;
        page.presses(&[], Key::Delete).await;
        page.presses(&[], Key::Escape).await;
        page.until("document.activeElement === document.body").await;

        let ghost = "for (const [key, code] of [['j', 'KeyJ'], ['k', 'KeyK'], ['1', 'Digit1'], ['/', 'Slash'], ['?', 'Slash'], ['Enter', 'Enter']]) \
            for (const way of [{ isComposing: true }, { keyCode: 229 }]) \
            document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true, ...way }))";
        let before = state(&page).await;
        page.script::<()>(ghost).await;
        assert_eq!(state(&page).await, before);

        page.presses(&[], 'j').await;
        is_open(&page, &two).await;
        page.presses(&[], 'k').await;
        is_open(&page, &one).await;
        page.presses(&[], '1').await;
        page.until("document.getElementById('box').value").await;
        page.presses(&[], Key::Escape).await;
        page.presses(&[Key::Shift], '/').await;
        page.sees("#keys", "快捷键").await;
        page.presses(&[], Key::Escape).await;
        page.misses("#keys", "").await;
        page.presses(&[], Key::Enter).await;
        page.until("document.activeElement.id === 'box'").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_that_an_input_method_commits_opens_the_search_and_enter_in_it_stays_the_input_methods() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.click("#box").await;
        composes(&page, "、").await;
        page.until("document.getElementById('box').value === '、' && document.getElementById('search').hidden").await;
        commits(&page, "、").await;
        page.find("#search").await;
        page.until("document.activeElement.id === 'search-input' && !document.getElementById('box').value").await;

        composes(&page, "fahuo").await;
        page.until("document.getElementById('search-input').value === 'fahuo'").await;
        for stroke in [("Enter", "Enter", 13, 0), ("ArrowDown", "ArrowDown", 40, 0), ("Escape", "Escape", 27, 0)] {
            input_method_hears(&page, stroke).await;
        }
        assert_eq!((focus(&page).await, page.value("#box").await), ("search-input".to_owned(), String::new()));
        commits(&page, "发货").await;
        page.presses(&[], Key::Escape).await;
        page.until("document.getElementById('search').hidden && document.activeElement.id === 'box'").await;

        // A note isn't written by the key that ends a composition.
        page.click("#note-box").await;
        composes(&page, "beizhu").await;
        page.until("document.getElementById('note-box').value === 'beizhu'").await;
        input_method_hears(&page, ("Enter", "Enter", 13, 0)).await;
        commits(&page, "备注").await;
        page.until("document.getElementById('note-box').value === '备注'").await;
        page.presses(&[], Key::Enter).await;
        page.sees("#notes-list li", "备注").await;
        let view = stage.service.customer("wang").view().await;
        assert_eq!(view["notes"].as_array().unwrap().len(), 1, "{view:#}");
    })
    .await;
}
