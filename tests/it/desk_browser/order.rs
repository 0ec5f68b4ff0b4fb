//! The order card: what the shop says of the customer's orders.

use thirtyfour::Key;

use super::stage::{open_chat, played};

#[tokio::test(flavor = "multi_thread")]
async fn of_several_orders_one_is_chosen_and_its_values_go_into_the_box() {
    played(async |stage| {
        let (id, _) = stage.waits("demo-wang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.sees("#order-body .order-tabs [role=tab]", "125602").await;
        page.click("#order-body .order-tabs [title='202688130047125601']").await;
        page.sees("#order-body .order-card", "冲击电钻").await;
        page.sees("#order-body .order-card", "78912345670011").await;
        page.sees("#order-line", "").await;
        page.script::<()>(
            "[...document.querySelectorAll('#order-body .value')].find((one) => one.textContent === '78912345670011') \
             .parentElement.querySelector('.insert').click()",
        )
        .await;
        assert_eq!(page.value("#box").await, "78912345670011");
        page.click("#order-body .order-tabs [title='202688130047125602']").await;
        page.sees("#order-body .order-card", "电焊面罩").await;
        // What was chosen stays chosen when the shop is asked again.
        page.click("#order-refresh").await;
        page.until("!document.getElementById('order-refresh').hasAttribute('data-busy')").await;
        page.sees("#order-body .order-card", "电焊面罩").await;
        page.presses(&[], Key::Escape).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_said_to_have_no_order_before_the_shop_was_asked() {
    played(async |stage| {
        let (id, _) = stage.waits("demo-wang", "转人工").await;
        let page = stage.desk().await;
        // The shop takes its time.
        page.script::<()>(
            "const real = window.fetch; const gate = new Promise((open) => (window.answer = open)); \
             window.fetch = (path, ...more) => /\\/orders$/.test(path) ? gate.then(() => real(path, ...more)) : real(path, ...more);",
        )
        .await;
        open_chat(&page, &id).await;
        page.sees("#order-body", "正在加载").await;
        page.until("document.getElementById('order-refresh').hasAttribute('data-busy')").await;
        assert!(!page.text("#order-body").await.contains("没有订单"));
        page.script::<()>("window.answer()").await;
        page.sees("#order-body .order-card .headline", "").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_that_was_spoken_of_stands_first_and_the_others_are_there_too() {
    played(async |stage| {
        let wang = stage.service.customer("demo-wang");
        wang.says("202688130047125601 到哪了").await;
        wang.says("转人工").await;
        let id = wang.conversation().await.unwrap();
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.sees("#order-body .order-card", "冲击电钻").await;
        page.sees("#order-body .order-tabs [aria-selected=true]", "125601").await;
        page.sees("#order-body .order-tabs [role=tab]", "125602").await;
    })
    .await;
}
