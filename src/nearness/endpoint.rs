//! The endpoint: `POST {url}/v1/embeddings` as OpenAI has it. Few requests at once, each within its time, and none while it
//! rests after failures.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Client, Url};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::answer::{self, Vector};
use super::vectors::Vectors;
use crate::breaker::Breaker;
use crate::domain::At;
use crate::playbook::embeddings::EmbeddingsSettings;

/// Turns that ask at once; further ones wait within their time.
const TURNS_AT_ONCE: usize = 8;
/// A batch of examples may take so long: no customer waits for it.
const BATCH_WITHIN: Duration = Duration::from_secs(20);
/// A vector's longest form in JSON, in bytes.
const LARGEST_VECTOR: usize = answer::LONGEST * 32;

/// Why settings make no endpoint. Never quotes the key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEndpoint {
    /// The address isn't one.
    #[error("`{0}` is no address of an embeddings endpoint: write http(s)://host, without /v1/embeddings")]
    Address(String),
    /// The key can't stand in a header.
    #[error("the key of the embeddings endpoint has characters that cannot be sent")]
    Key,
}

/// Why there are no vectors. Nothing of the endpoint's own words is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoVectors {
    #[error("the embeddings endpoint did not answer in time")]
    Timeout,
    #[error("the embeddings endpoint cannot be reached")]
    Unreachable,
    #[error("the embeddings endpoint answered with status {0}")]
    Status(u16),
    #[error("the embeddings endpoint's answer is too large")]
    TooLarge,
    #[error("the embeddings endpoint's answer cannot be read: {0}")]
    Garbage(&'static str),
    #[error("the embeddings endpoint failed several times and is not asked for a while")]
    Resting,
}

impl NoVectors {
    /// In one word, for counting.
    pub(super) fn key(&self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::Status(_) => "status",
            Self::TooLarge => "too_large",
            Self::Garbage(_) => "garbage",
            Self::Resting => "resting",
        }
    }

    /// Whether it may take fewer texts at once.
    pub(super) fn is_of_size(&self) -> bool {
        matches!(self, Self::Status(400 | 413 | 422) | Self::TooLarge)
    }
}

/// An address, a model and a key.
type Named = (String, String, Option<String>);

/// The endpoints of all shops: those with the same address, model and key are one, with one breaker and one set of vectors.
pub struct Endpoints {
    client: Client,
    /// Where vectors are kept.
    folder: PathBuf,
    known: Mutex<HashMap<Named, Weak<Endpoint>>>,
}

impl Endpoints {
    /// Vectors are kept below the data folder; nowhere, if there is none.
    #[must_use]
    pub fn new(client: Client, data: &Path) -> Self {
        Self { client, folder: data.join("embeddings"), known: Mutex::default() }
    }

    /// The endpoint that settings name.
    ///
    /// # Errors
    /// [`BadEndpoint`].
    pub fn of(&self, settings: &EmbeddingsSettings, key: Option<String>) -> Result<Arc<Endpoint>, BadEndpoint> {
        let url = address(&settings.url)?;
        let headers = headers(key.as_deref())?;
        let named = (url.to_string(), settings.model.clone(), key);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(endpoint) = known.get(&named).and_then(Weak::upgrade) {
            return Ok(endpoint);
        }
        known.retain(|_, endpoint| endpoint.strong_count() > 0);
        let endpoint = Arc::new(Endpoint {
            client: self.client.clone(),
            vectors: Vectors::new(&self.folder, &format!("{url}\n{}", settings.model)),
            url,
            model: settings.model.clone(),
            headers,
            breaker: Breaker::default(),
            turns: Semaphore::new(TURNS_AT_ONCE),
            batches: Semaphore::new(1),
        });
        known.insert(named, Arc::downgrade(&endpoint));
        Ok(endpoint)
    }
}

/// One endpoint under one model.
pub struct Endpoint {
    client: Client,
    url: Url,
    model: String,
    headers: HeaderMap,
    breaker: Breaker,
    turns: Semaphore,
    batches: Semaphore,
    pub(super) vectors: Vectors,
}

impl Endpoint {
    /// The vector of a turn's text, within its time.
    pub(super) async fn turn(&self, text: &str, width: usize, within: Duration, now: At) -> Result<Vector, NoVectors> {
        let asking = async {
            let _turn = self.turns.acquire().await.map_err(|_| NoVectors::Resting)?;
            // Made only now: whoever waited in vain for a free place says nothing about the endpoint.
            let attempt = self.breaker.attempt(now).ok_or(NoVectors::Resting)?;
            let vectors = self.ask(&[text], Some(width)).await;
            match &vectors {
                Ok(_) => attempt.succeeded(),
                // It refused this text; others may well be answered.
                Err(NoVectors::Status(400 | 413 | 422)) => attempt.refused(),
                Err(_) => drop(attempt),
            }
            vectors?.pop().ok_or(NoVectors::Garbage("it is empty"))
        };
        timeout(within, asking).await.unwrap_or(Err(NoVectors::Timeout))
    }

    /// The vectors of examples. One batch at a time, in no hurry.
    pub(super) async fn batch(&self, texts: &[&str], width: Option<usize>) -> Result<Vec<Vector>, NoVectors> {
        let _batch = self.batches.acquire().await.map_err(|_| NoVectors::Resting)?;
        timeout(BATCH_WITHIN, self.ask(texts, width)).await.unwrap_or(Err(NoVectors::Timeout))
    }

    async fn ask(&self, texts: &[&str], width: Option<usize>) -> Result<Vec<Vector>, NoVectors> {
        let body = json!({ "model": self.model, "input": texts });
        let request = self.client.post(self.url.clone()).headers(self.headers.clone()).json(&body);
        let mut response = request.send().await.map_err(|error| unreachable(&error))?;
        if !response.status().is_success() {
            return Err(NoVectors::Status(response.status().as_u16()));
        }
        let largest = (texts.len() + 1) * LARGEST_VECTOR;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
            if body.len() + chunk.len() > largest {
                return Err(NoVectors::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        answer::read(&body, texts.len(), width)
    }
}

fn unreachable(error: &reqwest::Error) -> NoVectors {
    if error.is_timeout() { NoVectors::Timeout } else { NoVectors::Unreachable }
}

/// `{url}/v1/embeddings`; who writes the end of it too is understood.
fn address(written: &str) -> Result<Url, BadEndpoint> {
    let wrong = || BadEndpoint::Address(written.to_owned());
    let base = written.trim_end_matches('/');
    let base = base.strip_suffix("/embeddings").unwrap_or(base);
    let base = base.strip_suffix("/v1").unwrap_or(base);
    // `http://` with a path alone would find itself a host in it.
    base.split_once("://").filter(|(_, host)| !host.is_empty()).ok_or_else(wrong)?;
    let url = Url::parse(&format!("{base}/v1/embeddings")).map_err(|_| wrong())?;
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.password().is_none();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && is_plain { Ok(url) } else { Err(wrong()) }
}

fn headers(key: Option<&str>) -> Result<HeaderMap, BadEndpoint> {
    let mut headers = HeaderMap::new();
    if let Some(key) = key {
        let mut value = HeaderValue::try_from(format!("Bearer {key}")).map_err(|_| BadEndpoint::Key)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_written_in_several_ways() {
        for written in ["http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1/embeddings"] {
            assert_eq!(address(written).unwrap().as_str(), "http://127.0.0.1:8080/v1/embeddings");
        }
        let below = address("https://api.example/compatible-mode/v1").unwrap();
        assert_eq!(below.as_str(), "https://api.example/compatible-mode/v1/embeddings");
        for wrong in ["", "localhost", "ftp://a", "http://", "https://a/?key=1", "https://a:b@c"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
