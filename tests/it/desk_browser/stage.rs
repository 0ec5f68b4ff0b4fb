//! A service with people who work in it, and browsers in front of it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use xiaoer::domain::{Happening, Role};

use crate::chromium::{Chromium, DESKTOP, Page, Screen};
use crate::desk::{PASSWORD, hire};
use crate::service::{Outcome, PATIENCE, Running, ShopFiles};

/// What a story is played on.
pub struct Stage {
    pub service: Running,
    chromium: Chromium,
}

/// Plays a story in the test shop, where 小李 works; all is cleared away however it ends.
pub async fn played(story: impl AsyncFnOnce(&Stage)) {
    played_with(&ShopFiles::default(), story).await;
}

/// The same with settings and files of the story's own.
pub async fn played_with(shop: &ShopFiles<'_>, story: impl AsyncFnOnce(&Stage)) {
    let service = Running::with(shop, None).await;
    hire(&service, "li", "小李", "test", Role::Agent).await;
    let stage = Stage { service, chromium: Chromium::start() };
    let told = AssertUnwindSafe(async {
        story(&stage).await;
        let complaints = stage.chromium.complaints().await;
        assert!(complaints.is_empty(), "the pages complain: {complaints:#?}");
    })
    .catch_unwind()
    .await;
    stage.chromium.close().await;
    stage.service.stop().await;
    if let Err(failed) = told {
        std::panic::resume_unwind(failed);
    }
}

impl Stage {
    /// A browser of somebody's own, in front of a page.
    pub async fn page(&self, path: &str, language: &str, screen: Screen) -> Page {
        let page = self.chromium.open(language, screen).await;
        page.goto(&format!("{}{path}", self.service.base)).await;
        page
    }

    /// The desk of 小李, in Chinese.
    pub async fn desk(&self) -> Page {
        self.desk_of("li", "zh-CN", DESKTOP).await
    }

    /// The desk of somebody who has signed in by the form.
    pub async fn desk_of(&self, id: &str, language: &str, screen: Screen) -> Page {
        let page = self.page("/desk", language, screen).await;
        sign_in(&page, id, PASSWORD).await;
        page.until(READY).await;
        page
    }

    /// A chat that waits for a person after these words; our id of it.
    pub async fn waits(&self, customer: &str, text: &str) -> (String, Outcome) {
        let customer = self.service.customer(customer);
        let outcome = customer.says(text).await;
        assert_eq!(outcome.act, "hand_off", "{outcome:#?}");
        (customer.conversation().await.unwrap(), outcome)
    }

    /// What the store has of a chat.
    pub async fn events(&self, id: &str) -> Vec<Happening> {
        let events = self.service.store.events(&"test".into(), &id.into()).await.unwrap();
        events.into_iter().map(|row| row.event.what).collect()
    }

    /// People's words that reached the platform, in order.
    pub fn said_by_people(&self) -> Vec<String> {
        let replies = self.service.platform.replies();
        let people = replies.iter().filter(|data| data["author"] != "bot");
        people.map(|data| data["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Waits until a person's words have reached the platform.
    pub async fn arrives(&self, text: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !self.said_by_people().iter().any(|said| said == text) {
            let heard = self.said_by_people();
            assert!(tokio::time::Instant::now() < deadline, "`{text}` never arrived: {heard:#?}");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
}

/// The desk is loaded and follows what happens.
pub const READY: &str = "document.documentElement.dataset.ready === '1'";

/// Fills in the form and sends it.
pub async fn sign_in(page: &Page, id: &str, password: &str) {
    for (field, text) in [("#signin-id", id), ("#signin-password", password)] {
        page.find(field).await.clear().await.unwrap();
        page.types(field, text).await;
    }
    page.click("#signin-go").await;
}

/// Opens a chat by a click, and waits until its words are there.
pub async fn open_chat(page: &Page, id: &str) {
    page.click(&row(id)).await;
    is_open(page, id).await;
}

/// Waits until a chat is open and its words are there.
pub async fn is_open(page: &Page, id: &str) {
    // On a phone the queue is out of sight by then.
    page.until(&format!("document.querySelector(`{}`)?.getAttribute('aria-selected') === 'true'", row(id))).await;
    page.find("#lines .line.customer").await;
}

/// The chat in the queue.
pub fn row(id: &str) -> String {
    format!(".item[data-id='{id}']")
}

/// What is marked in the box.
pub async fn marked(page: &Page) -> String {
    page.script(
        "const box = document.getElementById('box'); return box.value.slice(box.selectionStart, box.selectionEnd)",
    )
    .await
}

/// The id of the element that has the focus.
pub async fn focus(page: &Page) -> String {
    page.eval("document.activeElement.id").await
}

/// The words of the suggestion at a place from 1, as they would go into the box.
pub async fn suggestion(page: &Page, place: u32) -> String {
    page.text(&format!(".suggestion[data-place='{place}'] .suggestion-text")).await
}
