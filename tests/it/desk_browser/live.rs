//! A line that breaks, pictures that are pasted, and keys of one's own choice.

use thirtyfour::Key;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::stage::{READY, open_chat, played, row, sign_in};
use crate::chromium::DESKTOP;
use crate::desk::PASSWORD;

/// A line to the service that can be cut, and mended.
struct Line {
    url: String,
    cut: watch::Sender<bool>,
}

impl Line {
    async fn to(service: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (cut, is_cut) = watch::channel(false);
        let there = service.trim_start_matches("http://").to_owned();
        tokio::spawn(async move {
            while let Ok((mut here, _)) = listener.accept().await {
                let (there, mut is_cut) = (there.clone(), is_cut.clone());
                if *is_cut.borrow_and_update() {
                    continue;
                }
                tokio::spawn(async move {
                    let mut there = TcpStream::connect(there).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut here, &mut there) => {}
                        _ = is_cut.changed() => {}
                    }
                });
            }
        });
        Self { url, cut }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_broke_is_told_of_and_nothing_is_missed() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let line = Line::to(&stage.service.base).await;
        let page = stage.page("/welcome", "zh-CN", DESKTOP).await;
        page.goto(&format!("{}/desk", line.url)).await;
        sign_in(&page, "li", PASSWORD).await;
        page.until(READY).await;
        open_chat(&page, &id).await;
        line.cut.send(true).unwrap();
        page.sees("#offline", "连接断开").await;
        page.enters("#box", "您好，我在").await;
        page.find(".line.agent.failed").await;
        let (other, _) = stage.waits("zhang", "转人工").await;
        line.cut.send(false).unwrap();
        page.misses("#offline", "").await;
        page.find(&row(&other)).await;
        page.click_on(".line.agent.failed .foot .link", "重新发送").await;
        stage.arrives("您好，我在").await;
        page.misses(".line.agent.failed", "").await;
        assert_eq!(stage.said_by_people(), ["您好，我在"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_screenshot_goes_out_with_the_words() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.click("#box").await;
        page.script::<()>(
            "const canvas = document.createElement('canvas'); canvas.width = canvas.height = 40; \
             canvas.getContext('2d').fillRect(5, 5, 20, 20); \
             return new Promise((done) => canvas.toBlob(done, 'image/png')).then((blob) => { \
                 const data = new DataTransfer(); data.items.add(new File([blob], 'shot.png', { type: 'image/png' })); \
                 document.getElementById('box').dispatchEvent( \
                     new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); })",
        )
        .await;
        page.find("#attached .attachment:not(.busy)").await;
        page.enters("#box", "您看是这样吗").await;
        stage.arrives("您看是这样吗").await;
        let replies = stage.service.platform.replies();
        let reply = replies.iter().find(|reply| reply["text"] == "您看是这样吗").unwrap();
        let address = reply["attachments"][0]["url"].as_str().unwrap();
        assert_eq!(reply["attachments"][0]["kind"], "image");
        let picture = reqwest::get(address).await.unwrap();
        assert_eq!(picture.headers()["content-type"], "image/png");
        page.until("document.querySelector('.line.agent img.picture')?.naturalWidth === 40").await;
        assert!(page.eval::<bool>("document.getElementById('attached').hidden").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_or_ctrl_enter_sends_by_choice_and_an_empty_box_remembers_what_was_said() {
    played(async |stage| {
        let (id, _) = stage.waits("wang", "转人工").await;
        let page = stage.desk().await;
        open_chat(&page, &id).await;
        page.types("#box", "第一行").await;
        page.presses(&[Key::Shift], Key::Enter).await;
        page.keys("第二行").await;
        page.presses(&[], Key::Enter).await;
        stage.arrives("第一行\n第二行").await;
        page.presses(&[], Key::Up).await;
        page.until("document.getElementById('box').value === '第一行\\n第二行'").await;

        page.click("#me").await;
        page.click("#send-by-ctrl").await;
        page.script::<()>("document.getElementById('box').select()").await;
        page.types("#box", "您好").await;
        page.presses(&[], Key::Enter).await;
        page.keys("再见").await;
        assert_eq!(page.value("#box").await, "您好\n再见");
        page.presses(&[Key::Control], Key::Enter).await;
        stage.arrives("您好\n再见").await;
        assert_eq!(stage.said_by_people().len(), 2);
    })
    .await;
}
