//! Chinese and English by the reader's choice.

use xiaoer::domain::Rung;
use xiaoer::report::{Cause, Count, Rate, Wrong};

use super::report_of;
use crate::chromium::DESKTOP;
use crate::desk_browser::language::all_english;
use crate::desk_browser::stage::played;

#[tokio::test(flavor = "multi_thread")]
async fn an_english_report_has_no_chinese_left_in_it() {
    played(async |stage| {
        let smith = stage.service.customer("demo-smith");
        smith.says("Where is my order?").await;
        smith.says("That is not what I asked").await;
        stage.service.customer("jones").says("Do you ship for free?").await;
        let page = report_of(stage, "zh-CN", DESKTOP, "/desk/report").await;
        page.sees("#section-glance h2", "概览").await;
        page.click("[data-language=en]").await;
        page.sees("#section-glance h2", "At a glance").await;
        all_english(&page, "the report").await;
        page.until("[...document.querySelectorAll('[data-chart]')].every((one) => one.src.includes('lang=en'))").await;
        page.click("#add-intent").await;
        page.find("#filter-list .choice").await;
        all_english(&page, "a filter").await;
        page.presses(&[], thirtyfour::Key::Escape).await;
        page.click("#tab .number[data-count='episodes']").await;
        page.find("#episodes .episode").await;
        all_english(&page, "the list").await;
        page.click("#list .drawer-head button").await;
        for (tab, there) in [("sample", ".sample-head"), ("ledger", "#ledger"), ("gaps", ".tab-head")] {
            page.click(&format!("[data-tab={tab}]")).await;
            page.find(there).await;
            page.script::<()>("document.querySelectorAll('details').forEach((one) => (one.open = true))").await;
            all_english(&page, tab).await;
        }
        page.click("[data-tab=report]").await;
        page.click("#period-yesterday").await;
        page.find("#nothing").await;
        all_english(&page, "an empty report").await;
    })
    .await;
}

#[test]
fn whatever_is_counted_has_a_name_in_both_languages_and_a_rate_says_how() {
    const WORDS: &str = include_str!("../../../assets/report/words-how.js");
    const FIGURES: &str = include_str!("../../../assets/report/figures.js");
    let said = |key: &str| WORDS.matches(&format!("\"{key}\": \"")).count() == 2;
    for count in Count::ALL {
        assert!(said(&format!("count.{}", count.key())), "{}", count.key());
    }
    for rate in Rate::ALL {
        let (key, (of, all)) = (rate.key(), rate.counts());
        assert!(said(&format!("rate.{key}")) && said(&format!("how.{key}")), "{key}");
        let same = format!("  {key}: [\"{}\", \"{}\"],", of.key(), all.key());
        assert!(FIGURES.contains(&same), "figures.js counts {key} otherwise");
    }
}

#[test]
fn whatever_goes_wrong_and_whyever_a_chat_is_handed_off_has_words() {
    const WORDS: &str = include_str!("../../../assets/report/words-tabs.js");
    let said = |key: String| assert_eq!(WORDS.matches(&format!("\"{key}\": \"")).count(), 2, "{key}");
    Cause::ALL.iter().for_each(|cause| said(format!("cause.{}", cause.key())));
    Wrong::ALL.iter().for_each(|kind| said(format!("kind.{}", kind.key())));
    Rung::ALL.iter().for_each(|rung| said(format!("why.{}", rung.key())));
}
