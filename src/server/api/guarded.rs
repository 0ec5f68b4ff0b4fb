//! The guard before a person's words, and what else the house knows of a text before it is sent.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use crate::domain::{At, ConversationId};
use crate::shops::Shop;

/// What the guard found in a text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FindingView {
    /// absolute_words, review_reward, amount, unresolved or off_list_links.
    rule: &'static str,
    /// warn or block.
    action: &'static str,
    /// The words it speaks of.
    said: String,
    /// By language.
    #[schema(value_type = Object)]
    message: Value,
    /// By language.
    #[schema(value_type = Object)]
    help: Value,
}

/// A time by which a text promises something.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PromisedView {
    due: i64,
    said: String,
}

/// The house's eyes on what a person is about to send.
pub(super) struct Guarding<'a> {
    service: &'a Service,
    caller: &'a Caller,
    shop: Arc<Shop>,
}

impl<'a> Guarding<'a> {
    pub(super) fn new(service: &'a Service, caller: &'a Caller) -> Result<Self, Problem> {
        let shop = service.shops.get(&caller.shop).ok_or_else(|| Problem::not_found("there is no such shop"))?;
        Ok(Self { service, caller, shop })
    }

    pub(super) fn findings(&self, _text: &str) -> Vec<FindingView> {
        Vec::new()
    }

    pub(super) async fn pass(&self, _id: &ConversationId, _text: &str, _despite: &[String]) -> Result<(), Problem> {
        let _ = (&self.service, &self.caller, &self.shop);
        Ok(())
    }

    pub(super) fn promised(&self, _text: &str, _now: At) -> Option<PromisedView> {
        None
    }

    pub(super) async fn equal_script(&self, _text: &str) -> Result<Option<String>, Problem> {
        Ok(None)
    }
}
