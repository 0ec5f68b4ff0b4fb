//! A load of signed deliveries, bounded in count and time, to an address of this machine.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::client::conn::http1;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::app;
use crate::channels::{Secrets, SigningSecret};

/// Who sends what to whom.
#[derive(Clone)]
pub(super) struct Load {
    pub(super) target: SocketAddr,
    pub(super) secret: String,
    pub(super) connections: usize,
    pub(super) length: Duration,
    /// Deliveries a second in all; `None`: as many as go.
    pub(super) rate: Option<f64>,
    pub(super) writing: Writing,
}

/// What is written, and by how many.
#[derive(Clone, Copy)]
pub(super) struct Writing {
    /// Begins the ids.
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    /// Deliveries are spread over so many conversations.
    pub(super) conversations: u64,
}

/// What came of it.
pub(super) struct Measured {
    pub(super) done: usize,
    pub(super) refused: usize,
    pub(super) length: Duration,
    /// From the moment each delivery was due to its answer, sorted.
    pub(super) waits: Vec<Duration>,
}

impl Measured {
    pub(super) fn per_second(&self) -> f64 {
        self.done as f64 / self.length.as_secs_f64()
    }

    pub(super) fn at(&self, share: f64) -> Duration {
        let last = self.waits.len().saturating_sub(1);
        self.waits.get((last as f64 * share) as usize).copied().unwrap_or_default()
    }
}

impl Load {
    pub(super) async fn run(&self) -> anyhow::Result<Measured> {
        if !self.target.ip().is_loopback() {
            bail!("a load goes to this machine alone");
        }
        let numbers = Arc::new(AtomicU64::new(0));
        let started = Instant::now();
        let clients: Vec<_> = (0..self.connections)
            .map(|place| tokio::spawn(self.clone().client(place, started, numbers.clone())))
            .collect();
        let (mut waits, mut refused) = (Vec::new(), 0);
        for client in clients {
            let (own, turned_away) = client.await.context("a client broke")??;
            waits.extend(own);
            refused += turned_away;
        }
        waits.sort_unstable();
        Ok(Measured { done: waits.len(), refused, length: started.elapsed(), waits })
    }

    async fn client(
        self,
        place: usize,
        started: Instant,
        numbers: Arc<AtomicU64>,
    ) -> anyhow::Result<(Vec<Duration>, usize)> {
        let secrets = Secrets::new(vec![SigningSecret::parse(&self.secret)?])?;
        let stream = TcpStream::connect(self.target).await?;
        stream.set_nodelay(true)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let (mut waits, mut refused) = (Vec::new(), 0);
        for turn in 0.. {
            let due = match self.rate {
                Some(rate) => started + Duration::from_secs_f64((turn * self.connections + place) as f64 / rate),
                None => Instant::now(),
            };
            if due.duration_since(started) >= self.length {
                break;
            }
            tokio::time::sleep_until(due.into()).await;
            let request = self.request(&secrets, numbers.fetch_add(1, Ordering::Relaxed))?;
            let response = sender.send_request(request).await?;
            let ok = response.status().is_success();
            response.into_body().collect().await?;
            if ok { waits.push(due.elapsed()) } else { refused += 1 }
        }
        Ok((waits, refused))
    }

    fn request(&self, secrets: &Secrets, number: u64) -> anyhow::Result<Request<Full<Bytes>>> {
        let Writing { name, text, conversations } = self.writing;
        let id = format!("{name}-{}-{number}", std::process::id());
        let conversation = format!("{name}-{}", number % conversations);
        let (headers, body) = request(secrets, &id, &conversation, text);
        let mut request = Request::post("/webhooks/bench/web").header("host", self.target.to_string());
        if let Some(all) = request.headers_mut() {
            all.extend(headers);
        }
        Ok(request.body(Full::new(Bytes::from(body)))?)
    }
}

/// A signed message: its headers and its body.
pub(super) fn request(secrets: &Secrets, id: &str, conversation: &str, text: &str) -> (HeaderMap, String) {
    let body = format!(
        r#"{{"type":"message.created","data":{{"message_id":"{id}","conversation_id":"c-{conversation}","text":"{text}","customer":{{"id":"u-{conversation}"}}}}}}"#
    );
    let at = app::now().0 / 1000;
    let signature = secrets.sign(id, at, body.as_bytes());
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", at.to_string()),
        ("webhook-signature", signature),
    ];
    let headers = headers
        .into_iter()
        .filter_map(|(name, value)| Some((HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?)));
    (headers.collect(), body)
}
