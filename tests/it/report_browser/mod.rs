//! The report in a real browser: what managers read there, and what they do about it.

mod charts;
mod fixes;
mod language;
mod literal;
mod numbers;
mod paper;
mod sample;
mod scripts;

use xiaoer::domain::Role;

use crate::chromium::{Page, Screen};
use crate::desk::{PASSWORD, hire};
use crate::desk_browser::stage::{READY, Stage, sign_in};

/// The report of a manager who has signed in by the form, once its figures are there.
async fn report_of(stage: &Stage, language: &str, screen: Screen, path: &str) -> Page {
    hire(&stage.service, "boss", "Ann", "test", Role::Manager).await;
    let page = stage.page(path, language, screen).await;
    sign_in(&page, "boss", PASSWORD).await;
    page.until(READY).await;
    page
}

/// The number of a count as a card or a table shows it, of the first place where it stands.
async fn number(page: &Page, count: &str) -> String {
    page.text(&format!("#tab .number[data-count='{count}']")).await
}
