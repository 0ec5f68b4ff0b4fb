//! In the queue, the conversation and what stands beside it.

use std::collections::BTreeMap;

use serde_json::json;
use thirtyfour::Key;
use xiaoer::app;

use super::super::stage::{Stage, is_open, open_chat, played_with, row};
use super::{corpus, nothing_came_of_it, shows, stays};
use crate::desk::Seat;
use crate::service::ShopFiles;

fn quoted(text: &str) -> String {
    json!(text).to_string()
}

/// An order of each customer, whose texts are all the same one.
fn orders(corpus: &[&str]) -> String {
    let order = |(n, text): (usize, &&str)| {
        let text = quoted(text);
        format!(
            "  - number: \"2026881300471{n:05}\"\n    buyer: {{id: guest-{n}, name: {text}, phone: \"13812345678\", address: {text}}}\n    \
             items:\n      - {{name: {text}, quantity: 1, price: 9.90}}\n    paid: 9.90\n    placed_at: -2d\n    paid_at: -2d\n    \
             parcels:\n      - carrier: {text}\n        tracking: {text}\n        shipped_at: -1d\n        events:\n          - {{at: -5h, text: {text}}}\n"
        )
    };
    format!("orders:\n{}", corpus.iter().enumerate().map(order).collect::<String>())
}

/// Everybody of the corpus asks for a person; the chats by the customer's number.
async fn guests(stage: &Stage, corpus: &[&str]) -> BTreeMap<usize, String> {
    let come = corpus.iter().enumerate().map(async |(n, text)| {
        let mut guest = stage.service.customer(&format!("guest-{n}"));
        guest.name = Some((*text).to_owned());
        let kind = if n % 2 == 0 { "image" } else { "file" };
        let attached = json!([{ "kind": kind, "url": format!("https://evil.example/{text}") }]);
        let outcome = guest
            .says_with(json!({ "text": format!("{text}\n我的快递到哪了，转人工"), "attachments": attached }))
            .await;
        assert_eq!(outcome.act, "hand_off", "{text}: {outcome:#?}");
        (n, guest.conversation().await.unwrap())
    });
    futures_util::future::join_all(come).await.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn names_words_links_and_orders_are_shown_as_they_were_written() {
    let corpus = corpus();
    let orders = orders(&corpus);
    played_with(&ShopFiles { orders: Some(&orders), ..ShopFiles::default() }, async |stage| {
        let ids = guests(stage, &corpus).await;
        let page = stage.desk().await;
        stays(&page).await;
        page.until(&format!("document.querySelectorAll('#list-waiting .item').length === {}", corpus.len())).await;
        shows(&page, ".item .item-name", &corpus).await;
        nothing_came_of_it(&page, "the queue").await;
        for (n, text) in corpus.iter().enumerate() {
            page.script_with::<()>("document.querySelector(arguments[0]).click()", vec![json!(row(&ids[&n]))]).await;
            is_open(&page, &ids[&n]).await;
            shows(&page, "#chat-name", &[text]).await;
            shows(&page, "#lines .line.customer .bubble", &[&format!("{text}\n我的快递到哪了，转人工")]).await;
            page.until("document.querySelector('#lines .thing[href^=\"https://evil.example/\"]')").await;
            page.until("document.querySelector('#order-body .order-card .headline')").await;
            let values: Vec<String> =
                page.eval("[...document.querySelectorAll('#order-body .value')].map((one) => one.textContent)").await;
            assert!(values.iter().any(|value| value.contains(text)), "{text} is in none of {values:#?}");
            nothing_came_of_it(&page, text).await;
            // Put in the box by a click, it is words too.
            page.script::<()>("document.querySelector('#order-body .insert').click()").await;
        }
        nothing_came_of_it(&page, "the chats").await;
        page.click("#promises").await;
        page.presses(&[], Key::Escape).await;
        nothing_came_of_it(&page, "the list").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_replies_transfers_reasons_and_promises_are_shown_as_they_were_written() {
    let corpus = corpus();
    let flags: String = ["red", "orange", "yellow", "green", "blue", "purple"]
        .iter()
        .zip(&corpus)
        .map(|(flag, text)| format!("  {flag}: {}\n", quoted(text)))
        .collect();
    let rules = ["absolute_words", "review_reward", "amount", "unresolved", "off_list_links"];
    let off: String = rules.iter().map(|rule| format!("  {rule}: off\n")).collect();
    let settings = format!("flags:\n{flags}guard:\n{off}");
    played_with(&ShopFiles { settings: &settings, ..ShopFiles::default() }, async |stage| {
        let li = Seat::take(&stage.service, "li").await;
        let wang = stage.service.customer("wang");
        wang.says("转人工").await;
        let id = wang.conversation().await.unwrap();
        let path = |what: &str| format!("/shops/test/conversations/{id}/{what}");
        li.does(&path("take"), json!({})).await;
        li.does(&path("flag"), json!({ "flag": "red" })).await;
        let due = app::now().0 + 4 * 60_000;
        for text in &corpus {
            li.does(&path("note"), json!({ "text": text })).await;
            li.does(&path("promises"), json!({ "what": text, "due": due })).await;
            let product = json!([{ "kind": "product", "url": "https://shop.example/p", "title": text }]);
            li.does(&path("reply"), json!({ "text": text, "attachments": product })).await;
        }
        for text in &corpus[..12] {
            li.does(&path("transfer"), json!({ "queue": "default", "note": text })).await;
            li.does(&path("take"), json!({})).await;
        }
        let page = stage.desk().await;
        stays(&page).await;
        open_chat(&page, &id).await;
        page.script::<()>("document.getElementById('earlier').click()").await;
        shows(&page, "#notes-list .note-text", &corpus).await;
        shows(&page, "#lines .internal .bubble", &corpus).await;
        shows(&page, "#chat-promises .promise p:first-child", &corpus).await;
        shows(&page, "#lines .moved + .bubble, #lines .between .bubble", &corpus[..12]).await;
        shows(&page, "#flag-name", &corpus[..1]).await;
        let said: Vec<String> =
            page.eval("[...document.querySelectorAll('.line.agent .bubble')].map((one) => one.textContent)").await;
        for text in &corpus {
            assert!(said.iter().any(|line| line.starts_with(text)), "{text} was never said: {said:#?}");
        }
        nothing_came_of_it(&page, "the chat").await;
        page.click("#flag").await;
        page.find(".menu").await;
        shows(&page, ".menu .menu-item", &corpus[..6]).await;
        page.presses(&[], Key::Escape).await;
        page.click("#promises").await;
        shows(&page, "#due-list .due-what", &corpus).await;
        nothing_came_of_it(&page, "the promises").await;
        page.presses(&[], Key::Escape).await;
        page.click("#handover").await;
        shows(&page, "#handover-dialog .handover-text b", &corpus).await;
        nothing_came_of_it(&page, "the end of a shift").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn why_an_earlier_chat_ended_is_shown_as_it_was_written() {
    let corpus = corpus();
    played_with(&ShopFiles::default(), async |stage| {
        let li = Seat::take(&stage.service, "li").await;
        let wang = stage.service.customer("wang");
        for text in &corpus[..5] {
            wang.says("转人工").await;
            let id = wang.conversation().await.unwrap();
            li.does(&format!("/shops/test/conversations/{id}/close"), json!({ "reason": text })).await;
        }
        wang.says("转人工").await;
        let id = wang.conversation().await.unwrap();
        let page = stage.desk().await;
        stays(&page).await;
        open_chat(&page, &id).await;
        page.click("#episodes summary").await;
        shows(&page, "#episodes-list p", &corpus[..5]).await;
        nothing_came_of_it(&page, "the earlier chats").await;
    })
    .await;
}
