//! The guard before a person's words, and what else the house knows of a text before it is sent.

use std::sync::Arc;

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::super::Service;
use super::super::access::Caller;
use super::super::problem::Problem;
use crate::desk::due::promised_time;
use crate::desk::guard::{self, Action, Finding, Speaker};
use crate::domain::{At, ConversationId, Event, Happening};
use crate::playbook::diagnostic::Bilingual;
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

impl FindingView {
    fn of(finding: &Finding) -> Self {
        let both = |words: Bilingual| json!({ "zh": words.zh, "en": words.en });
        Self {
            rule: finding.rule.key(),
            action: finding.action.key(),
            said: finding.said.clone(),
            message: both(finding.message()),
            help: both(finding.help()),
        }
    }
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

    /// Whether an address is the page of a product of the shop's.
    pub(super) fn sells(&self, url: &str) -> bool {
        let engine = self.shop.engine();
        engine.playbook.products.values().any(|product| product.link.as_deref() == Some(url))
    }

    fn found(&self, text: &str) -> Vec<Finding> {
        guard::findings(text, &self.shop.engine().playbook.settings, Speaker::Person(self.caller.role))
    }

    /// All that the guard would say of a text.
    pub(super) fn findings(&self, text: &str) -> Vec<FindingView> {
        self.found(text).iter().map(FindingView::of).collect()
    }

    /// Refuses a text that is held back, or of which a warning wasn't read; notes what was refused and what was sent all
    /// the same.
    pub(super) async fn pass(&self, id: &ConversationId, text: &str, despite: &[String]) -> Result<(), Problem> {
        let found = self.found(text);
        let is_read =
            |finding: &Finding| finding.action == Action::Warn && despite.iter().any(|rule| rule == finding.rule.key());
        let sent = found.iter().all(is_read);
        let by = format!("agent:{}", self.caller.principal);
        let what = |finding: &Finding| Happening::Guarded {
            by: by.clone(),
            rule: finding.rule.key().to_owned(),
            said: finding.said.clone(),
            sent,
        };
        let at = self.service.clockwork.now();
        let events: Vec<Event> = found.iter().map(|finding| Event { at, what: what(finding) }).collect();
        if !events.is_empty() {
            self.service.store.append_events(&self.caller.shop, Some(id), events).await?;
        }
        if sent {
            return Ok(());
        }
        let views: Vec<FindingView> = found.iter().map(FindingView::of).collect();
        let detail = "the guard holds this back; see `guard`, and `despite` for what is only a warning";
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail);
        Err(problem.with("guard", serde_json::to_value(views).unwrap_or_default()))
    }

    /// A time by which a text promises something.
    pub(super) fn promised(&self, text: &str, now: At) -> Option<PromisedView> {
        let due = promised_time(text, now, &self.shop.engine().playbook.settings.time_zone)?;
        let said = text.get(due.said).unwrap_or_default().to_owned();
        Some(PromisedView { due: due.at.0, said })
    }

    /// The script that says the same as words typed by hand.
    pub(super) async fn equal_script(&self, text: &str) -> Option<String> {
        let library = self.service.libraries.of(&self.shop).await;
        library.equal_to(text).map(str::to_owned)
    }
}
