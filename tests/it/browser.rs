//! The try page in a real browser. Needs Debian's `chromium` and `chromium-driver`, and a font with Chinese.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use thirtyfour::prelude::*;

use crate::service::{PATIENCE, Running};

const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// One look of the browser's own: between two of ours the page may have put another element in the place.
const SEEN: &str = "return [...document.querySelectorAll(arguments[0])].find((one) => \
                    one.getClientRects().length && one.textContent.includes(arguments[1])) ?? null";

/// chromedriver on a port of its own choice; gone with this value.
struct Chromedriver {
    child: Child,
    url: String,
    profile: TempDir,
}

impl Chromedriver {
    fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver (Debian: chromium-driver)");
        let said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port =
            said.filter_map(|line| line.split_once("successfully on port ").map(|(_, port)| port.to_owned())).next();
        let port = port.expect("chromedriver says its port");
        let url = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
        Self { child, url, profile: tempfile::tempdir().unwrap() }
    }

    async fn browser(&self, language: &str, size: (u32, u32)) -> WebDriver {
        let mut wanted = DesiredCapabilities::chrome();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-proxy-server",
        ] {
            wanted.add_arg(argument).unwrap();
        }
        wanted.add_arg(&format!("--user-data-dir={}", self.profile.path().display())).unwrap();
        wanted.add_experimental_option("prefs", json!({ "intl.accept_languages": language })).unwrap();
        // A window of a browser is never as narrow as a phone; a phone's screen is.
        let (width, height) = size;
        let screen =
            json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0, "touch": width < 600 } });
        wanted.add_experimental_option("mobileEmulation", screen).unwrap();
        WebDriver::new(&self.url, wanted).await.expect("chromium")
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a story in a browser, and closes that however the story ends: it would outlive its driver.
async fn in_a_browser<Story: Future<Output = ()> + Send + 'static>(
    language: &str,
    size: (u32, u32),
    story: impl FnOnce(Page) -> Story,
) {
    let service = Running::demo().await;
    let chromedriver = Chromedriver::start();
    let browser = chromedriver.browser(language, size).await;
    browser.goto(format!("{}/try/demo", service.base)).await.unwrap();
    let told = tokio::spawn(story(Page(browser.clone()))).await;
    browser.quit().await.unwrap();
    service.stop().await;
    if let Err(failed) = told {
        std::panic::resume_unwind(failed.into_panic());
    }
}

/// The page, by what a person sees on it.
struct Page(WebDriver);

impl Page {
    /// The element, once it is there and seen.
    async fn find(&self, css: &str) -> WebElement {
        self.0.query(By::Css(css)).and_displayed().wait(PATIENCE, LOOK_AGAIN).first().await.unwrap()
    }

    /// Waits until an element that is seen says this, among other words.
    async fn sees(&self, css: &str, words: &str) -> WebElement {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let found = self.0.execute(SEEN, vec![json!(css), json!(words)]).await.unwrap();
            if !found.json().is_null() {
                return found.element().unwrap();
            }
            if tokio::time::Instant::now() > deadline {
                panic!("`{words}` was never seen in {css}:\n{}", self.text("body").await);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn text(&self, css: &str) -> String {
        self.0.find(By::Css(css)).await.unwrap().text().await.unwrap()
    }

    async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// Types a line and presses Enter.
    async fn types(&self, css: &str, text: &str) {
        self.find(css).await.send_keys(text + Key::Enter).await.unwrap();
    }

    async fn says(&self, text: &str) {
        self.types("#words", text).await;
        self.sees(".line.customer .bubble", text).await;
    }

    async fn script<Answer: serde::de::DeserializeOwned>(&self, script: &str) -> Answer {
        self.0.execute(script, Vec::new()).await.unwrap().convert().unwrap()
    }

    async fn fits_the_width(&self) {
        let (content, window): (u32, u32) =
            self.script("return [document.documentElement.scrollWidth, window.innerWidth]").await;
        assert!(content <= window, "{content} wide on a screen of {window}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_and_a_person_takes_over_with_a_suggestion() {
    in_a_browser("zh-CN", (1280, 800), |page| async move {
        page.says("包邮吗").await;
        page.sees(".line.bot .bubble", "59元").await;
        page.sees("#state", "机器人接待中").await;
        page.sees("#why mark", "包邮吗").await;

        page.says("转人工").await;
        page.sees("#state", "等待人工").await;
        page.sees("#presence", "等待人工客服").await;
        page.sees("#why-body", "顾客要求人工").await;

        // A script with a gap doesn't go out as it is: the gap is selected, and what is typed takes its place.
        page.sees(".suggestion", "{agent.name}").await.click().await.unwrap();
        page.click("#reply button").await;
        page.sees("#reply-origin.warned", "还有空没填").await;
        page.types("#reply-words", "小李").await;
        page.sees(".line.agent .bubble", "您好，我是人工客服小李").await;
        page.sees("#state", "人工处理中").await;
        page.sees("#presence", "人工客服为您服务").await;
        assert_eq!(page.script::<String>("return document.getElementById('reply-words').value").await, "");

        page.click("[data-language=en]").await;
        page.sees("#state", "With a person").await;
        page.sees("#chat-title", "Dahan Tools").await;
        page.sees("#suggested", "Suggested replies").await;
        page.0.refresh().await.unwrap();
        page.sees("#presence", "talking with a person").await;
        page.sees(".line.agent .bubble", "小李").await;

        page.click("#release").await;
        page.sees("#presence", "Automated assistant").await;
        page.fits_the_width().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_with_orders_finds_them_on_a_phone() {
    in_a_browser("en-GB", (390, 844), |page| async move {
        page.fits_the_width().await;
        page.click("#person option[value=demo-smith]").await;
        page.sees("#presence", "online").await;
        page.says("Where is my order?").await;
        page.sees(".line.bot .bubble", "Impact Drill").await;
        page.fits_the_width().await;

        page.says("Talk to a person").await;
        page.click("#tab-agent #tab-dot").await;
        page.sees("#state", "Waiting for a person").await;
        page.sees(".suggestion", "Dahan Tools").await;
        page.fits_the_width().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_belongs_to_the_input_method_while_it_composes_and_nothing_typed_is_lost() {
    in_a_browser("zh-CN", (1280, 800), |page| async move {
        let words = page.find("#words").await;
        words.send_keys("bao").await.unwrap();
        let enter = "const key = (more) => document.getElementById('words').dispatchEvent(\
                     new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true, ...more})); \
                     key({isComposing: true}); key({keyCode: 229}); key({shiftKey: true});\
                     return [document.getElementById('words').value, document.querySelectorAll('.line').length]";
        assert_eq!(page.script::<(String, u32)>(enter).await, ("bao".to_owned(), 0));

        // The way to the service is cut: the message stays, and goes when it is sent again.
        page.script::<()>("window.real = window.fetch; window.fetch = () => Promise.reject(new TypeError('cut'))")
            .await;
        words.send_keys(Key::Enter + "").await.unwrap();
        page.sees(".line.customer.failed .bubble", "bao").await;
        page.sees("#chat-notice", "网络连接不上").await;
        page.script::<()>("window.fetch = window.real").await;
        page.click(".line.failed .link").await;
        page.sees(".line.bot .bubble", "").await;
        assert_eq!(page.script::<u32>("return document.querySelectorAll('.line.customer').length").await, 1);
    })
    .await;
}
