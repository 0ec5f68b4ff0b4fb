//! The HTTP client that channels send with.

use std::error::Error;
use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Response, Url, redirect};

use super::outcome::{SendOutcome, judge};
use crate::domain::At;

/// How long one attempt may take in all.
pub const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// The most that is read of an answer, in bytes.
const LONGEST_ANSWER: usize = 4096;
/// Once the status is known the rest must not hold the outbox up.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);
/// What is kept of an answer for a person to read, in characters.
const LONGEST_QUOTE: usize = 200;
/// A connection that the other side closes under our write leaves a send unknown. Servers close idle ones after 5 s
/// (Node.js) or more; so we are first.
const IDLE: Duration = Duration::from_secs(4);

/// Sends requests without following redirects or reading proxies from the environment. Clones share connections.
#[derive(Clone, Debug)]
pub struct HttpClient {
    inner: reqwest::Client,
    timeout: Duration,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum HttpClientError {
    /// `rustls::crypto::ring::default_provider().install_default()` must be called first.
    #[error("no TLS provider is installed")]
    NoProvider,
    /// The system's certificates can't be read, say.
    #[error("the HTTP client cannot be made: {0}")]
    Build(#[from] reqwest::Error),
}

impl HttpClient {
    /// A client whose attempts take `timeout` at most, half of it to connect; usually [`SEND_TIMEOUT`].
    ///
    /// # Errors
    /// TLS isn't ready.
    pub fn new(timeout: Duration) -> Result<Self, HttpClientError> {
        // Without a provider reqwest panics.
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(HttpClientError::NoProvider);
        }
        let inner = reqwest::Client::builder()
            .user_agent(concat!("xiaoer/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .no_proxy()
            // Shorter than the whole, so that a connection that never came about is told from an answer that didn't.
            .connect_timeout(timeout / 2)
            .pool_idle_timeout(IDLE)
            .build()?;
        Ok(Self { inner, timeout })
    }

    /// Posts once and reads what came of it.
    pub(super) async fn post(&self, url: Url, headers: HeaderMap, body: Vec<u8>, now: At) -> SendOutcome {
        let request = self.inner.post(url).headers(headers).body(body).timeout(self.timeout);
        match request.send().await {
            Ok(response) => {
                let status = response.status();
                let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
                let retry_after = retry_after.map(str::to_owned);
                let said = beginning_of(response).await;
                judge(status, retry_after.as_deref(), &said, now)
            }
            Err(error) if error.is_connect() || error.is_builder() => SendOutcome::NotSent { why: cause_of(error) },
            Err(error) => SendOutcome::Unknown { why: cause_of(error) },
        }
    }
}

/// The first words of an answer. They are read off a success as well: the connection can then be used again.
async fn beginning_of(mut response: Response) -> String {
    let mut bytes = Vec::new();
    let read = async {
        while bytes.len() < LONGEST_ANSWER
            && let Ok(Some(chunk)) = response.chunk().await
        {
            bytes.extend_from_slice(&chunk[..chunk.len().min(LONGEST_ANSWER - bytes.len())]);
        }
    };
    // What came in time is enough.
    let _ = tokio::time::timeout(ANSWER_TIMEOUT, read).await;
    let words = String::from_utf8_lossy(&bytes);
    words.trim().chars().take(LONGEST_QUOTE).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The innermost cause. The outer ones only say that a request failed, and hold the address, which may hold a token.
fn cause_of(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return if error.is_connect() { "no connection in time" } else { "no answer in time" }.to_owned();
    }
    let error = error.without_url();
    let mut cause: &dyn Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
