//! Where messages come in and replies go out: one file a platform, all behind [`Channel`].
//!
//! The way in is `verify` → `parse`. `parse` takes a [`Verified`], and only a comparison in `signature.rs` that
//! succeeded can make one, so an unsigned byte cannot be parsed:
//!
//! ```compile_fail,E0451
//! let forged = xiaoer::channels::Verified { body: b"{}", signed_id: "m-1" };
//! ```
//!
//! Nothing here stores, decides or reads a clock: `now` is an argument. Whoever makes an [`HttpClient`] must first
//! install rustls's provider: `rustls::crypto::ring::default_provider().install_default()`.

mod backoff;
mod delivered;
mod fields;
mod http;
mod outcome;
mod signature;
mod standard;
mod try_page;

use std::borrow::Cow;

use async_trait::async_trait;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use crate::domain::{At, ReplyKey};

pub use backoff::{ATTEMPTS, next_attempt};
pub use delivered::{ClosedBy, Delivered, IncomingMessage, MessageParts, OrderUpdated, Signal, SignalKind};
pub use fields::{Malformed, Why};
pub use http::{HttpClient, HttpClientError, SEND_TIMEOUT};
pub use outcome::SendOutcome;
pub use signature::{SecretError, Secrets, SignatureError, SigningSecret, TOLERANCE, Verified};
pub use standard::{Author, HandedOff, Notice, ReplyCreated, ReplyRecalled, SendUrlError, Standard};
pub use try_page::{TICKET_HEADER, TICKET_LIFE, TryPage, Visitor};

/// A platform that customers write on.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Answers a platform's GET handshake. `query` is decoded; `None`: this platform has none.
    ///
    /// # Errors
    /// The handshake does not prove itself.
    fn challenge(&self, _query: &[(String, String)], _now: At) -> Result<Option<Acknowledgement>, SignatureError> {
        Ok(None)
    }

    /// The media type of the platform's deliveries.
    fn media_type(&self) -> &'static str {
        "application/json"
    }

    /// Proves that the raw bytes come from the platform and are fresh.
    ///
    /// # Errors
    /// They do not; all of these are a 401.
    fn verify<'a>(&self, request: &RawRequest<'a>, now: At) -> Result<Verified<'a>, SignatureError>;

    /// Reads proven bytes. One delivery may carry several messages, or none.
    ///
    /// # Errors
    /// The delivery lacks what it must have; a 400 that names the field and quotes nothing.
    fn parse(&self, verified: &Verified<'_>, now: At) -> Result<Vec<Delivered>, Malformed>;

    /// The way in: verify, check the media type, parse.
    ///
    /// # Errors
    /// The first of the three that refuses.
    fn receive(&self, request: &RawRequest<'_>, now: At) -> Result<Vec<Delivered>, Refusal> {
        let verified = self.verify(request, now)?;
        if !is_media_type(request.headers, self.media_type()) {
            return Err(Refusal::MediaType { expected: self.media_type() });
        }
        Ok(self.parse(&verified, now)?)
    }

    /// What the platform wants to read once everything in its delivery is stored.
    fn acknowledge(&self, receipt: Receipt) -> Acknowledgement {
        Acknowledgement::json(match receipt {
            Receipt::Accepted => r#"{"status":"accepted"}"#,
            Receipt::Duplicate => r#"{"status":"duplicate"}"#,
        })
    }

    /// Fetches what lies after `cursor`, for platforms that only ring a bell. `None`: from the beginning.
    ///
    /// # Errors
    /// The platform has nothing to pull, or could not be asked.
    async fn pull(&self, _cursor: Option<&str>, _now: At) -> Result<Pulled, PullError> {
        Err(PullError::NotSupported)
    }

    /// Sends once. Trying again, and when, is the outbox's business.
    async fn send(&self, outgoing: &Outgoing, now: At) -> SendOutcome;
}

/// A request as it arrived.
#[derive(Clone, Copy, Debug)]
pub struct RawRequest<'a> {
    /// As they came.
    pub headers: &'a HeaderMap,
    /// After the `?`, still encoded; some platforms sign in it.
    pub query: Option<&'a str>,
    /// The bytes that were signed.
    pub body: &'a [u8],
}

/// Why a delivery was refused. The server maps each to its status; no text in it quotes the body or a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// 401.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// 415.
    #[error("the content type must be {expected}")]
    MediaType {
        /// What this channel takes.
        expected: &'static str,
    },
    /// 400.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// Something in it was new, or there was nothing to store.
    Accepted,
    /// All of it was known.
    Duplicate,
}

/// The body of a 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub body: Cow<'static, str>,
}

impl Acknowledgement {
    /// A JSON answer.
    #[must_use]
    pub fn json(body: &'static str) -> Self {
        Self { content_type: "application/json", body: Cow::Borrowed(body) }
    }
}

/// One page of what was pulled.
#[derive(Clone, Debug, PartialEq)]
pub struct Pulled {
    /// May be empty even when there is more.
    pub delivered: Vec<Delivered>,
    /// To be stored with what was delivered, and handed in next time.
    pub cursor: String,
    /// Pull again at once.
    pub more: PullNext,
}

/// Whether a pull ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullNext {
    /// There is more to fetch.
    More,
    /// Wait for the next bell.
    Done,
}

/// Why nothing was pulled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PullError {
    /// Messages of this platform come by webhook alone.
    #[error("this channel has nothing to pull")]
    NotSupported,
    /// Worth another try.
    #[error("the platform could not be asked: {0}")]
    Unreachable(String),
    /// A person has to look.
    #[error("the platform refused: {0}")]
    Refused(String),
}

/// One thing for a platform to show or to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Fixed before the first attempt, the same at every attempt.
    pub key: ReplyKey,
    /// What it is. A platform that cannot show it says so with [`SendOutcome::Final`].
    pub notice: Notice,
}

/// Parameters such as `charset=utf-8` don't matter; the case of the type doesn't either.
fn is_media_type(headers: &HeaderMap, expected: &str) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(expected))
}
