//! The service as a client sees it: its webhook, and the few calls of the API that a desk makes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::access::Access;
use crate::channels::Secrets;
use crate::cli::common::clockwork;
use crate::desk::guard::Rule;
use crate::domain::{ConversationId, ExternalId, ReplyKey, Turn, TurnId};

/// A platform tries a delivery so often.
const ATTEMPTS: u32 = 5;
/// The first wait between two attempts; each next one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// No call takes longer.
const CALL_WITHIN: Duration = Duration::from_secs(20);

/// A client of one shop.
pub(super) struct Service {
    http: Client,
    webhook: String,
    api: String,
    secrets: Secrets,
    token: String,
    server_errors: AtomicU64,
    attempts_again: AtomicU64,
}

/// What the webhook said of a message.
pub(super) enum Receipt {
    /// It was new.
    Accepted(Duration),
    /// It was known.
    Duplicate(Duration),
    /// It was not taken, however often it was tried.
    Refused(String),
}

/// A conversation as the API shows it: what a simulation looks at.
#[derive(Deserialize)]
pub(super) struct Shown {
    pub(super) lines: Vec<Line>,
}

/// One line of it.
#[derive(Deserialize)]
pub(super) struct Line {
    pub(super) from: String,
    pub(super) turn_id: Option<TurnId>,
    pub(super) state: Option<String>,
    pub(super) at: crate::domain::At,
}

#[derive(Deserialize)]
struct Said {
    reply_id: ReplyKey,
}

/// A client that goes straight to where it is sent.
pub(super) fn plain_client() -> anyhow::Result<Client> {
    // Whoever was first has installed the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // Shorter than the service keeps a silent connection, so that none is used that is about to be closed.
    let client = Client::builder().no_proxy().pool_idle_timeout(Duration::from_secs(8)).connect_timeout(CALL_WITHIN);
    client.build().context("the HTTP client")
}

impl Service {
    pub(super) fn new(access: &Access) -> anyhow::Result<Self> {
        let Access { base, shop, channel, secrets, token, .. } = access;
        Ok(Self {
            http: plain_client()?,
            webhook: format!("{base}/webhooks/{shop}/{channel}"),
            api: format!("{base}/api/v1/shops/{shop}"),
            secrets: secrets.clone(),
            token: token.clone(),
            server_errors: AtomicU64::new(0),
            attempts_again: AtomicU64::new(0),
        })
    }

    /// Answers of 500 and above, of any call.
    pub(super) fn server_errors(&self) -> u64 {
        self.server_errors.load(Ordering::Relaxed)
    }

    /// Deliveries that had to be tried again.
    pub(super) fn attempts_again(&self) -> u64 {
        self.attempts_again.load(Ordering::Relaxed)
    }

    /// Delivers one message as a platform does: signed, and tried again under the same name until it is taken.
    pub(super) async fn deliver(&self, message: &ExternalId, body: &Value) -> Receipt {
        let body = body.to_string();
        let (mut wait, mut why) = (FIRST_WAIT, String::new());
        for attempt in 1..=ATTEMPTS {
            if attempt > 1 {
                self.attempts_again.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(wait).await;
                wait *= 2;
            }
            let began = Instant::now();
            match self.signed(message, body.clone()).send().await {
                Ok(answer) if answer.status() == StatusCode::OK => {
                    let said: Value = answer.json().await.unwrap_or_default();
                    let took = began.elapsed();
                    return match said["status"].as_str() {
                        Some("accepted") => Receipt::Accepted(took),
                        Some("duplicate") => Receipt::Duplicate(took),
                        _ => Receipt::Refused("the service answered 200 and neither accepted nor duplicate".to_owned()),
                    };
                }
                Ok(answer) => {
                    self.count(&answer);
                    why = format!("the service answered {}", answer.status());
                    let again = answer.status().is_server_error() || answer.status() == StatusCode::TOO_MANY_REQUESTS;
                    if !again {
                        break;
                    }
                }
                Err(error) => why = format!("{:#}", anyhow::Error::new(error)),
            }
        }
        Receipt::Refused(why)
    }

    fn signed(&self, message: &ExternalId, body: String) -> RequestBuilder {
        let seconds = clockwork().now().0.div_euclid(1000);
        let signature = self.secrets.sign(message.as_str(), seconds, body.as_bytes());
        self.http
            .post(&self.webhook)
            .timeout(CALL_WITHIN)
            .header("content-type", "application/json")
            .header("webhook-id", message.as_str())
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signature)
            .body(body)
    }

    /// The shop's event stream, from now on or after an event.
    pub(super) async fn events(&self, after: Option<&str>) -> anyhow::Result<Response> {
        let mut request = self.http.get(format!("{}/events", self.api)).bearer_auth(&self.token);
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        let answer = request.send().await?;
        self.count(&answer);
        match answer.status() {
            StatusCode::OK => Ok(answer),
            StatusCode::UNAUTHORIZED => bail!(
                "the service does not know a token made here; give the --data or --database that it was started with"
            ),
            status => bail!("the service's events answered {status}"),
        }
    }

    /// A stored turn.
    pub(super) async fn turn(&self, id: &TurnId) -> anyhow::Result<Turn> {
        self.call(self.http.get(format!("{}/turns/{id}", self.api))).await
    }

    /// A conversation with its lines.
    pub(super) async fn conversation(&self, id: &ConversationId) -> anyhow::Result<Shown> {
        self.call(self.http.get(format!("{}/conversations/{id}", self.api))).await
    }

    /// `take`, `release` or `close`.
    pub(super) async fn act(&self, id: &ConversationId, action: &str) -> anyhow::Result<()> {
        let done: anyhow::Result<Value> =
            self.call(self.http.post(format!("{}/conversations/{id}/{action}", self.api))).await;
        done.map(drop)
    }

    /// Says something as the person who holds the chat.
    pub(super) async fn reply(&self, id: &ConversationId, text: &str) -> anyhow::Result<ReplyKey> {
        let path = format!("{}/conversations/{id}/reply", self.api);
        let say = |despite: &[&str]| {
            let words = serde_json::json!({ "text": text, "despite": despite });
            self.http.post(&path).json(&words).bearer_auth(&self.token).timeout(CALL_WITHIN).send()
        };
        let rules = Rule::ALL.map(Rule::key);
        let mut answer = say(&[]).await?;
        if answer.status() == StatusCode::UNPROCESSABLE_ENTITY {
            // What the recorded people said, they said: a warning of the guard's doesn't stop them.
            answer = say(&rules).await?;
        }
        self.count(&answer);
        Ok(read::<Said>(answer).await?.reply_id)
    }

    async fn call<T: DeserializeOwned>(&self, request: RequestBuilder) -> anyhow::Result<T> {
        let answer = request.bearer_auth(&self.token).timeout(CALL_WITHIN).send().await?;
        self.count(&answer);
        read(answer).await
    }

    fn count(&self, answer: &Response) {
        if answer.status().is_server_error() {
            self.server_errors.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn read<T: DeserializeOwned>(answer: Response) -> anyhow::Result<T> {
    let path = answer.url().path().to_owned();
    if !answer.status().is_success() {
        let (status, why) = (answer.status(), answer.text().await.unwrap_or_default());
        bail!("{path} answered {status}: {why}");
    }
    answer.json().await.with_context(|| format!("{path} answered something else than the contract says"))
}
