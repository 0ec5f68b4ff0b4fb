//! The generic channel from outside: what it takes, what it refuses, what it sends.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking; here in shared functions too")]

mod receive;
mod send;

use std::time::Duration;

use xiaoer::channels::{HttpClient, Secrets, SigningSecret, Standard};
use xiaoer::domain::At;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// 2026-11-11T00:00:05Z.
const NOW: At = At(1_794_355_205_000);

fn secrets() -> Secrets {
    Secrets::new(vec![SigningSecret::parse(SECRET).unwrap()]).unwrap()
}

fn standard(send_url: Option<&str>) -> Standard {
    // Another test may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Standard::new(secrets(), send_url, HttpClient::new(Duration::from_secs(2)).unwrap()).unwrap()
}
