//! A whole service on a port of its own, a platform that receives its replies, and a client that talks like a customer.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use xiaoer::app::{self, App, Start};
use xiaoer::channels::{Secrets, SigningSecret};
use xiaoer::domain::{PrincipalId, Role};
use xiaoer::server::{Limits, new_token, token_hash};
use xiaoer::shops::{Clockwork, Shops};
use xiaoer::store::{Store, TokenRow};

/// The secret of every test shop's channel.
pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
/// Longer than any window and look-up together.
pub const PATIENCE: Duration = Duration::from_secs(12);

/// A running service with one shop, `test`, and the platform its replies go to.
pub struct Running {
    pub base: String,
    pub store: Store,
    pub platform: Platform,
    /// A token of the role `agent`.
    pub token: String,
    pub http: reqwest::Client,
    pub folder: TempDir,
    /// The shops it serves.
    pub shops: Arc<Shops>,
    stop: CancellationToken,
    task: Option<JoinHandle<()>>,
}

/// What a test's shop says besides its channel; the demo shop's facts, products and orders are there already.
#[derive(Default)]
pub struct ShopFiles<'a> {
    /// Added to `shop.yaml`.
    pub settings: &'a str,
    /// Replaces the demo's `orders.yaml`.
    pub orders: Option<&'a str>,
    /// Further files, by path below the shop's folder.
    pub files: &'a [(&'a str, &'a str)],
}

/// Writes the test shop below `folder/shops/test`.
pub fn write_shop(folder: &Path, send_url: &str, shop: &ShopFiles<'_>) {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("shops/demo");
    let test = folder.join("shops/test");
    std::fs::create_dir_all(test.join("products")).unwrap();
    for product in std::fs::read_dir(demo.join("products")).unwrap() {
        let path = product.unwrap().path();
        std::fs::copy(&path, test.join("products").join(path.file_name().unwrap())).unwrap();
    }
    std::fs::copy(demo.join("orders.yaml"), test.join("orders.yaml")).unwrap();
    if let Some(orders) = shop.orders {
        std::fs::write(test.join("orders.yaml"), orders).unwrap();
    }
    std::fs::write(folder.join("secret"), SECRET).unwrap();
    let facts = std::fs::read_to_string(demo.join("shop.yaml")).unwrap();
    let facts = &facts[facts.find("\nfacts:").unwrap()..];
    let has = |key: &str| shop.settings.lines().any(|line| line.starts_with(key));
    let mut text = String::from("name: {zh: 测试店, en: Test Shop}\nlanguages: [zh, en]\ntime_zone: Asia/Shanghai\n");
    for (key, line) in [
        ("human_hours", "human_hours: \"00:00-24:00\"\n"),
        ("try_page", "try_page: true\n"),
        ("orders:", "orders: {kind: file, path: orders.yaml}\n"),
        ("order_numbers", "order_numbers: [\"20\\\\d{16}\"]\n"),
    ] {
        if !has(key) {
            text.push_str(line);
        }
    }
    if !has("channels") {
        text.push_str(&format!(
            "channels:\n  web: {{kind: standard, secret: \"file:../../secret\", send_url: \"{send_url}\"}}\n"
        ));
    }
    std::fs::write(test.join("shop.yaml"), format!("{text}{}{facts}", shop.settings)).unwrap();
    for (path, text) in shop.files {
        let path = test.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

/// What a service is started from.
struct Opened<'a> {
    folder: TempDir,
    platform: Platform,
    shops: &'a Path,
    shop: &'a str,
    url: Option<&'a str>,
    limits: Limits,
}

impl Running {
    /// The demo's shop on SQLite.
    pub async fn start() -> Self {
        Self::with(&ShopFiles::default(), None).await
    }

    /// A shop of the test's own, on SQLite or on the database at `url`.
    pub async fn with(shop: &ShopFiles<'_>, url: Option<&str>) -> Self {
        Self::limited(shop, url, Limits::default()).await
    }

    /// The same with limits of its own for clients.
    pub async fn limited(shop: &ShopFiles<'_>, url: Option<&str>, limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let platform = Platform::start().await;
        write_shop(folder.path(), &platform.url, shop);
        let shops = folder.path().join("shops");
        Self::open(Opened { folder, platform, shops: &shops, shop: "test", url, limits }).await
    }

    /// Over a folder that a test wrote with [`write_shop`].
    pub async fn over(folder: TempDir, platform: Platform) -> Self {
        let shops = folder.path().join("shops");
        Self::open(Opened { folder, platform, shops: &shops, shop: "test", url: None, limits: Limits::default() }).await
    }

    /// The demo shop itself, whose agents' side is open to this machine.
    pub async fn demo() -> Self {
        let shops = Path::new(env!("CARGO_MANIFEST_DIR")).join("shops");
        let (folder, platform) = (tempfile::tempdir().unwrap(), Platform::start().await);
        Self::open(Opened { folder, platform, shops: &shops, shop: "demo", url: None, limits: Limits::default() }).await
    }

    /// Another node over the same shops and the same database.
    pub async fn second(&self, url: &str) -> Self {
        let (folder, platform) = (tempfile::tempdir().unwrap(), self.platform.clone());
        let shops = self.folder.path().join("shops");
        let limits = Limits::default();
        Self::open(Opened { folder, platform, shops: &shops, shop: "test", url: Some(url), limits }).await
    }

    async fn open(Opened { folder, platform, shops, shop, url, limits }: Opened<'_>) -> Self {
        let own = format!("sqlite://{}", folder.path().join("xiaoer.db").display());
        let clockwork = Clockwork::new(Arc::new(app::now));
        let store = Store::open(url.unwrap_or(&own), clockwork.id()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let start = Start { listener, store: store.clone(), shops, data: folder.path(), clockwork, stop: stop.clone() };
        let app = App::prepare(start).await.unwrap().limited(limits);
        let problems = app.shops().problems();
        assert!(problems.is_empty(), "{problems:#?}");
        let shops = app.shops().clone();
        let task = tokio::spawn(app.run());
        let token = token(&store, shop, "xiao-li", Role::Agent).await;
        Self { base, store, platform, token, http: reqwest::Client::new(), folder, shops, stop, task: Some(task) }
    }

    /// Stops the service as SIGTERM does, and waits until it has ended.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(task) = self.task.take() {
            task.await.unwrap();
        }
    }

    /// A customer of the platform, in a conversation of their own.
    pub fn customer<'a>(&'a self, id: &str) -> Customer<'a> {
        Customer { service: self, id: id.to_owned(), name: None, verified: true, said: Mutex::new(0) }
    }

    /// Posts a signed delivery.
    pub async fn deliver(&self, delivery: &str, body: &Value) -> (StatusCode, Value) {
        self.deliver_raw(delivery, body.to_string().into_bytes()).await
    }

    /// Posts signed bytes.
    pub async fn deliver_raw(&self, delivery: &str, body: Vec<u8>) -> (StatusCode, Value) {
        let request = signed(&self.http, &self.base, "test", delivery, body);
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap_or(Value::Null))
    }

    /// `GET` below the shop's API.
    pub async fn get(&self, path: &str) -> Value {
        let url = format!("{}/api/v1/shops/test{path}", self.base);
        let response = self.http.get(url).bearer_auth(&self.token).send().await.unwrap();
        assert!(response.status().is_success(), "GET {path}: {}", response.status());
        response.json().await.unwrap()
    }

    /// `POST` below the shop's API.
    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let url = format!("{}/api/v1/shops/test{path}", self.base);
        let response = self.http.post(url).bearer_auth(&self.token).json(body).send().await.unwrap();
        (response.status(), response.json().await.unwrap_or(Value::Null))
    }
}

/// A client that doesn't wait for long.
pub fn http() -> reqwest::Client {
    // Whoever was first has installed the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(3)).build().unwrap()
}

/// A request signed as the generic channel wants it.
pub fn signed(
    http: &reqwest::Client,
    base: &str,
    shop: &str,
    delivery: &str,
    body: Vec<u8>,
) -> reqwest::RequestBuilder {
    let secrets = Secrets::new(vec![SigningSecret::parse(SECRET).unwrap()]).unwrap();
    let at = app::now().0 / 1000;
    http.post(format!("{base}/webhooks/{shop}/web"))
        .header("content-type", "application/json")
        .header("webhook-id", delivery)
        .header("webhook-timestamp", at.to_string())
        .header("webhook-signature", secrets.sign(delivery, at, &body))
        .body(body)
}

/// A token for a person of a shop, who is made on the way.
pub async fn token(store: &Store, shop: &str, person: &str, role: Role) -> String {
    let principal = PrincipalId::from(person);
    store.add_principal(&principal, person, app::now()).await.unwrap();
    let token = new_token().unwrap();
    let row = TokenRow { principal, shop: shop.into(), role };
    store.create_token(&token_hash(&token), row, app::now(), None).await.unwrap();
    token
}

/// Somebody who writes to the shop.
pub struct Customer<'a> {
    service: &'a Running,
    pub id: String,
    /// As the platform tells it.
    pub name: Option<String>,
    /// Whether the platform vouches for them.
    pub verified: bool,
    said: Mutex<u32>,
}

impl Customer<'_> {
    fn next(&self) -> u32 {
        let mut said = self.said.lock().unwrap();
        *said += 1;
        *said
    }

    /// Writes, and doesn't wait.
    pub async fn write(&self, text: &str) {
        self.write_with(json!({ "text": text })).await;
    }

    /// Sends whatever `data` says besides the ids.
    pub async fn write_with(&self, mut data: Value) {
        let message = format!("{}-{}", self.id, self.next());
        data["message_id"] = json!(message);
        data["conversation_id"] = json!(format!("c-{}", self.id));
        data["customer"] = json!({ "id": self.id, "name": self.name, "verified": self.verified });
        let body = json!({ "type": "message.created", "data": data });
        let (status, answer) = self.service.deliver(&message, &body).await;
        assert_eq!((status, &answer["status"]), (StatusCode::OK, &json!("accepted")), "{answer}");
    }

    /// Writes, waits until the turn is decided and sent, and tells what was done: `answer · sure`.
    pub async fn says(&self, text: &str) -> Outcome {
        self.says_with(json!({ "text": text })).await
    }

    /// The same with more than text.
    pub async fn says_with(&self, data: Value) -> Outcome {
        let before = self.turns().await.len();
        self.write_with(data).await;
        self.outcome(before).await
    }

    /// Waits for the turn after the first `before`.
    pub async fn outcome(&self, before: usize) -> Outcome {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let turns = self.turns().await;
            if let Some(turn) = turns.get(before) {
                let view = self.view().await;
                let queued = view["lines"].as_array().unwrap().iter().any(|line| {
                    line["turn_id"] == turn["id"] && matches!(line["state"].as_str(), Some("queued" | "sending"))
                });
                if !queued {
                    // Looked for last: what is no longer queued has arrived.
                    let reply = turn["id"].as_str().and_then(|id| self.service.platform.reply_of_turn(id));
                    return Outcome { act: text(turn, "decision"), rung: text(turn, "rung"), reply, view };
                }
            }
            assert!(tokio::time::Instant::now() < deadline, "no turn was decided for {}", self.id);
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    async fn turns(&self) -> Vec<Value> {
        self.view().await["turns"].as_array().cloned().unwrap_or_default()
    }

    /// Our id of the conversation.
    pub async fn conversation(&self) -> Option<String> {
        let external = format!("c-{}", self.id);
        let found = self.service.store.conversation_by_external(&"test".into(), &"web".into(), &external.into()).await;
        found.unwrap().map(|row| row.id.to_string())
    }

    /// The conversation as the API shows it.
    pub async fn view(&self) -> Value {
        match self.conversation().await {
            Some(id) => self.service.get(&format!("/conversations/{id}")).await,
            None => Value::Null,
        }
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

/// What was done about a turn.
#[derive(Debug)]
pub struct Outcome {
    pub act: String,
    pub rung: String,
    /// As the platform received it.
    pub reply: Option<String>,
    /// The conversation after it.
    pub view: Value,
}

impl Outcome {
    /// `answer · sure`
    pub fn decision(&self) -> String {
        format!("{} · {}", self.act, self.rung)
    }

    /// The reply; there must be one.
    pub fn words(&self) -> &str {
        self.reply.as_deref().unwrap_or_else(|| panic!("nothing was said: {self:#?}"))
    }
}

/// Something that came: its key, its body, and when.
type Arrival = (String, Value, Instant);

/// A platform that receives replies, checks their signatures, and keeps them.
#[derive(Clone)]
pub struct Platform {
    pub url: String,
    received: Arc<Mutex<Vec<Arrival>>>,
    /// What it answers with; 200 by default.
    pub status: Arc<Mutex<StatusCode>>,
    /// What it takes before anything counts as received; nothing by default.
    pub pause: Arc<Mutex<Duration>>,
}

#[derive(Clone)]
struct Receiving {
    received: Arc<Mutex<Vec<Arrival>>>,
    status: Arc<Mutex<StatusCode>>,
    pause: Arc<Mutex<Duration>>,
}

impl Platform {
    pub async fn start() -> Self {
        let status = Arc::new(Mutex::new(StatusCode::OK));
        let state = Receiving { received: Arc::default(), status, pause: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/replies", listener.local_addr().unwrap());
        let router = Router::new().route("/replies", post(receive)).with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, received: state.received, status: state.status, pause: state.pause }
    }

    /// Everything that came, with its key.
    pub fn received(&self) -> Vec<(String, Value)> {
        self.arrivals().into_iter().map(|(key, body, _)| (key, body)).collect()
    }

    /// The same with the time of each.
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.received.lock().unwrap().clone()
    }

    /// Waits for the first body of a type: what tells the platform of a turn may come after the turn's own words.
    pub async fn hears(&self, kind: &str) -> Value {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let Some((_, body)) = self.received().into_iter().find(|(_, body)| body["type"] == kind) {
                return body;
            }
            assert!(tokio::time::Instant::now() < deadline, "the platform never heard of {kind}");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// The words for customers that came, in order.
    pub fn replies(&self) -> Vec<Value> {
        let all = self.received();
        all.into_iter()
            .filter(|(_, body)| body["type"] == "reply.created")
            .map(|(_, body)| body["data"].clone())
            .collect()
    }

    fn reply_of_turn(&self, turn: &str) -> Option<String> {
        let replies = self.replies();
        replies.iter().find(|data| data["turn_id"] == turn).map(|data| text(data, "text"))
    }
}

async fn receive(State(state): State<Receiving>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let secrets = Secrets::new(vec![SigningSecret::parse(SECRET).unwrap()]).unwrap();
    if secrets.verify(&headers, &body, app::now()).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    let key = headers["webhook-id"].to_str().unwrap().to_owned();
    let pause = *state.pause.lock().unwrap();
    tokio::time::sleep(pause).await;
    let status = *state.status.lock().unwrap();
    if status.is_success() {
        state.received.lock().unwrap().push((key, serde_json::from_slice(&body).unwrap(), Instant::now()));
    }
    status
}
