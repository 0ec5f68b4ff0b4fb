//! The ceiling: an axum route that reads the body, checks the same signature, and answers. It stores nothing.

use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use clap::Args;

use crate::app;
use crate::channels::{Secrets, SigningSecret};

#[derive(Args, Debug)]
pub(super) struct Bare {
    /// The secret that deliveries are signed with.
    #[arg(long)]
    secret: String,
}

impl Bare {
    pub(super) async fn run(&self) -> anyhow::Result<()> {
        let secrets = Arc::new(Secrets::new(vec![SigningSecret::parse(&self.secret)?])?);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("bare listens on http://{}", listener.local_addr()?);
        let router = Router::new().route("/webhooks/bench/web", post(receive)).with_state(secrets);
        axum::serve(listener, router).await.context("the bare route")
    }
}

async fn receive(State(secrets): State<Arc<Secrets>>, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
    match secrets.verify(&headers, &body, app::now()) {
        Ok(_) => (StatusCode::OK, r#"{"status":"accepted"}"#),
        Err(_) => (StatusCode::UNAUTHORIZED, ""),
    }
}
