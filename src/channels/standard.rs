//! The generic channel: Standard Webhooks 1.0.0 both ways, for every platform and bridge without a file of its own.

mod incoming;
mod outgoing;

use async_trait::async_trait;
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue};

use super::signature::{ID, SIGNATURE, TIMESTAMP};
use super::{
    Channel, Delivered, HttpClient, Malformed, Outgoing, RawRequest, Secrets, SendOutcome, SignatureError, Verified,
};
use crate::domain::At;

pub use outgoing::{Author, HandedOff, Notice, ReplyCreated, ReplyRecalled};

/// A channel of kind `standard`.
#[derive(Clone, Debug)]
pub struct Standard {
    secrets: Secrets,
    send_url: Option<Url>,
    client: HttpClient,
}

/// Why an address can't be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendUrlError {
    /// Not `http://…` or `https://…`.
    #[error("send_url must be an http or https address")]
    NotALink,
}

impl Standard {
    /// A channel that believes and signs with `secrets` and sends to `send_url`. Without one its replies are
    /// kept for whoever reads the conversation in the API, and count as sent.
    ///
    /// # Errors
    /// The address is none.
    pub fn new(secrets: Secrets, send_url: Option<&str>, client: HttpClient) -> Result<Self, SendUrlError> {
        let send_url = match send_url.map(Url::parse) {
            None => None,
            Some(Ok(url)) if matches!(url.scheme(), "http" | "https") => Some(url),
            Some(_) => return Err(SendUrlError::NotALink),
        };
        Ok(Self { secrets, send_url, client })
    }

    fn headers(&self, key: &str, now: At, body: &[u8]) -> Result<HeaderMap, InvalidHeaderValue> {
        let seconds = now.0.div_euclid(1000);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(HeaderName::from_static(ID), HeaderValue::from_str(key)?);
        headers.insert(HeaderName::from_static(TIMESTAMP), HeaderValue::from(seconds));
        let signature = self.secrets.sign(key, seconds, body);
        headers.insert(HeaderName::from_static(SIGNATURE), HeaderValue::from_str(&signature)?);
        Ok(headers)
    }
}

#[async_trait]
impl Channel for Standard {
    fn verify<'a>(&self, request: &RawRequest<'a>, now: At) -> Result<Verified<'a>, SignatureError> {
        self.secrets.verify(request.headers, request.body, now)
    }

    fn parse(&self, verified: &Verified<'_>, now: At) -> Result<Vec<Delivered>, Malformed> {
        incoming::parse(verified, now).map(|delivered| vec![delivered])
    }

    async fn send(&self, outgoing: &Outgoing, now: At) -> SendOutcome {
        let Some(url) = self.send_url.clone() else {
            return SendOutcome::Sent;
        };
        let Ok(body) = serde_json::to_vec(&outgoing.notice) else {
            return SendOutcome::Final { why: "the message cannot be written as JSON".to_owned() };
        };
        let Ok(headers) = self.headers(outgoing.key.as_str(), now, &body) else {
            return SendOutcome::Final { why: "the key cannot stand in a header".to_owned() };
        };
        self.client.post(url, headers, body, now).await
    }
}
