//! A real browser, and a page by what a person sees and does on it. Needs Debian's `chromium` and `chromium-driver`,
//! and a font with Chinese.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::prelude::*;
use tokio::time::Instant;

/// A browser is slow beside others.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(40);

/// Width and height in pixels.
pub type Screen = (u32, u32);
pub const DESKTOP: Screen = (1280, 800);
pub const PHONE: Screen = (390, 844);

/// In every page before its first line: what went wrong in it, what its policy held back, and what only a foreign
/// script would call.
const LISTEN: &str = "window.fires = []; window.reports = []; \
    window.fired = (...what) => window.fires.push(what.join()); \
    for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = fired.bind(null, name); \
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample, sourceFile }) => \
        window.reports.push([violatedDirective, blockedURI, sample, sourceFile].join(' '))); \
    addEventListener('error', ({ message }) => window.reports.push(`error: ${message}`)); \
    addEventListener('unhandledrejection', ({ reason }) => window.reports.push(`rejection: ${reason}`));";

/// One look of the browser's own: between two of ours the page may have put another element in the place.
const SEEN: &str = "return [...document.querySelectorAll(arguments[0])].find((one) => \
                    one.getClientRects().length && one.textContent.includes(arguments[1])) ?? null";

const ARGUMENTS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
];

/// chromedriver on a port of its own choice, and the browsers it opened.
pub struct Chromium {
    child: Child,
    url: String,
    opened: Mutex<Vec<(WebDriver, TempDir)>>,
}

impl Chromium {
    pub fn start() -> Self {
        // The port it chose may be somebody else's by the time it listens.
        let started = (0..5).find_map(|_| Self::try_start());
        started.expect("chromedriver (Debian: chromium-driver) says its port")
    }

    fn try_start() -> Option<Self> {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver (Debian: chromium-driver)");
        let out = child.stdout.take().unwrap();
        let mut said = BufReader::new(out).lines().map_while(Result::ok);
        let port = said.find_map(|line| line.split_once("successfully on port ").map(|(_, port)| port.to_owned()));
        let Some(port) = port else {
            let _ = child.wait();
            return None;
        };
        let url = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
        Some(Self { child, url, opened: Mutex::default() })
    }

    /// A browser of somebody's own: what others have signed in to is nothing to it.
    pub async fn open(&self, language: &str, (width, height): Screen) -> Page {
        let profile = tempfile::tempdir().unwrap();
        let mut wanted = DesiredCapabilities::chrome();
        for argument in ARGUMENTS {
            wanted.add_arg(argument).unwrap();
        }
        wanted.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        wanted.add_experimental_option("prefs", json!({ "intl.accept_languages": language })).unwrap();
        // A window of a browser is never as narrow as a phone; a phone's screen is.
        let screen =
            json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0, "touch": width < 600 } });
        wanted.add_experimental_option("mobileEmulation", screen).unwrap();
        let driver = WebDriver::new(&self.url, wanted).await.expect("chromium");
        self.opened.lock().unwrap().push((driver.clone(), profile));
        let page = Page(driver);
        page.browser("Page.enable", json!({})).await;
        page.browser("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LISTEN })).await;
        page
    }

    /// What went wrong in the pages that are open now, and whatever ran that isn't theirs.
    pub async fn complaints(&self) -> Vec<String> {
        let pages: Vec<_> = self.opened.lock().unwrap().iter().map(|(driver, _)| Page(driver.clone())).collect();
        let mut all = Vec::new();
        for page in pages {
            all.extend(page.eval::<Vec<String>>("[...window.reports ?? [], ...window.fires ?? []]").await);
        }
        all
    }

    /// Closes every browser: they would outlive their driver. To be called however a story ends.
    pub async fn close(self) {
        let opened = std::mem::take(&mut *self.opened.lock().unwrap());
        for (browser, _profile) in opened {
            let _ = browser.quit().await;
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A page, by what a person sees on it.
pub struct Page(pub WebDriver);

impl Page {
    pub async fn goto(&self, url: &str) {
        self.0.goto(url).await.unwrap();
    }

    /// The element, once it is there and seen.
    pub async fn find(&self, css: &str) -> WebElement {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.0.query(By::Css(css)).and_displayed().nowait().first().await {
                Ok(found) => return found,
                // Not there yet, or just drawn anew.
                Err(why) if Instant::now() > deadline => panic!("{css}: {why}\n{}", self.text("body").await),
                Err(_) => tokio::time::sleep(LOOK_AGAIN).await,
            }
        }
    }

    /// Waits until an element that is seen says this, among other words.
    pub async fn sees(&self, css: &str, words: &str) -> WebElement {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self.0.execute(SEEN, vec![json!(css), json!(words)]).await.unwrap();
            if !found.json().is_null() {
                return found.element().unwrap();
            }
            if Instant::now() > deadline {
                panic!("`{words}` was never seen in {css}:\n{}", self.text("body").await);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until no element that is seen says this any more.
    pub async fn misses(&self, css: &str, words: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.0.execute(SEEN, vec![json!(css), json!(words)]).await.unwrap().json().is_null() {
            assert!(Instant::now() < deadline, "`{words}` stayed in {css}:\n{}", self.text("body").await);
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until an expression of the page's is true.
    pub async fn until(&self, expression: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.eval::<bool>(&format!("Boolean({expression})")).await {
            assert!(Instant::now() < deadline, "it never came to {expression}:\n{}", self.text("body").await);
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    pub async fn text(&self, css: &str) -> String {
        self.0.find(By::Css(css)).await.unwrap().text().await.unwrap()
    }

    /// What stands in a field.
    pub async fn value(&self, css: &str) -> String {
        self.script_with("return document.querySelector(arguments[0]).value", vec![json!(css)]).await
    }

    pub async fn click(&self, css: &str) {
        let deadline = Instant::now() + PATIENCE;
        while let Err(why) = self.find(css).await.click().await {
            // Drawn anew between the look and the click.
            assert!(Instant::now() < deadline, "{css} can't be clicked: {why}");
        }
    }

    /// Clicks what says this, among other words.
    pub async fn click_on(&self, css: &str, words: &str) {
        let deadline = Instant::now() + PATIENCE;
        while let Err(why) = self.sees(css, words).await.click().await {
            assert!(Instant::now() < deadline, "`{words}` in {css} can't be clicked: {why}");
        }
    }

    /// Types into a field; it has the focus then.
    pub async fn types(&self, css: &str, text: &str) {
        self.find(css).await.send_keys(text).await.unwrap();
    }

    /// Types a line and presses Enter.
    pub async fn enters(&self, css: &str, text: &str) {
        self.find(css).await.send_keys(text + Key::Enter).await.unwrap();
    }

    /// Presses a key wherever the focus is, with others held down.
    pub async fn presses(&self, held: &[Key], key: impl Into<char>) {
        let mut chain = self.0.action_chain();
        for key in held {
            chain = chain.key_down(key.clone());
        }
        let key: char = key.into();
        chain = chain.key_down(key).key_up(key);
        for key in held.iter().rev() {
            chain = chain.key_up(key.clone());
        }
        chain.perform().await.unwrap();
    }

    /// Types text wherever the focus is.
    pub async fn keys(&self, text: &str) {
        self.0.action_chain().send_keys(text).perform().await.unwrap();
    }

    pub async fn script<Answer: serde::de::DeserializeOwned>(&self, script: &str) -> Answer {
        self.script_with(script, Vec::new()).await
    }

    pub async fn script_with<Answer: serde::de::DeserializeOwned>(&self, script: &str, args: Vec<Value>) -> Answer {
        self.0.execute(script, args).await.unwrap().convert().unwrap()
    }

    /// The value of an expression.
    pub async fn eval<Answer: serde::de::DeserializeOwned>(&self, expression: &str) -> Answer {
        self.script(&format!("return {expression}")).await
    }

    /// A command to the browser itself, by the protocol of its own tools.
    pub async fn browser(&self, command: &str, parameters: Value) -> Value {
        self.0.cdp().send_raw(command, parameters).await.unwrap()
    }

    pub async fn fits_the_width(&self) {
        let (content, window): (u32, u32) =
            self.eval("[document.documentElement.scrollWidth, window.innerWidth]").await;
        assert!(content <= window, "{content} wide on a screen of {window}");
    }
}
