//! The platform's side: where the shop's `send_url` points. Believes signed deliveries alone and passes each on.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use std::sync::atomic::Ordering;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::board::{Delivered, Delivery, News};
use super::stage::Stage;
use crate::channels::Notice;
use crate::cli::common::clockwork;
use crate::domain::ReplyKey;
use crate::server::{Limits, serve};

/// Listens until the guard is dropped.
pub(super) async fn listen(stage: Arc<Stage>, address: SocketAddr) -> anyhow::Result<DropGuard> {
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| {
        format!("{address} can't be listened on for replies; is another receiver of this shop running?")
    })?;
    let router = Router::new().fallback(receive).with_state(stage);
    let stop = CancellationToken::new();
    tokio::spawn(serve(listener, router, Limits::default(), stop.clone()));
    Ok(stop.drop_guard())
}

async fn receive(State(stage): State<Arc<Stage>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let now = clockwork().now();
    let Ok(verified) = stage.secrets.verify(&headers, &body, now) else {
        stage.unbelieved.fetch_add(1, Ordering::Relaxed);
        return StatusCode::UNAUTHORIZED;
    };
    let Ok(notice) = serde_json::from_slice::<Notice>(verified.body()) else {
        stage.unbelieved.fetch_add(1, Ordering::Relaxed);
        return StatusCode::BAD_REQUEST;
    };
    let key = ReplyKey::from(verified.signed_id());
    let (conversation, turn, what) = match notice {
        Notice::ReplyCreated(reply) => (reply.conversation_id, reply.turn_id, Delivered::Reply),
        Notice::HandedOff(news) => (news.conversation_id, Some(news.turn_id), Delivered::HandedOff),
        // Nobody takes anything back here.
        Notice::ReplyRecalled(_) => return StatusCode::OK,
    };
    stage.board.tell(&conversation, News::Delivery(Delivery { key, turn, what, at: now }));
    StatusCode::OK
}
