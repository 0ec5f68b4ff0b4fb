//! Finding the shop's words for what is to be said, and filling them in. Nothing half filled leaves this file.

use crate::domain::{At, IntentId, Need, OrderLookup, OrderSummary, Reply, ReplyPart, Rung, Said, Situation, SlotKind};
use crate::playbook::Playbook;
use crate::playbook::reply::{Found, ReplyBook};
use crate::playbook::template::{Template, Variable};

use super::moment::{Moment, Request};
use super::values::Values;

/// Words for one request, or what stands in the way.
pub(super) enum Words {
    /// Ready to be said.
    Ready(String, ReplyPart),
    /// There are none, and why.
    Missing(Rung, String),
}

/// The tone that every script has.
pub(super) const PLAIN: &str = "plain";

/// The speaker: a moment with its orders.
pub(super) struct Speaker<'a> {
    pub(super) moment: &'a Moment<'a>,
    pub(super) lookup: &'a OrderLookup,
    pub(super) due: Option<At>,
    pub(super) tone: &'a str,
}

impl<'a> Speaker<'a> {
    /// Speaks in the shop's tone.
    pub(super) fn new(moment: &'a Moment<'a>, lookup: &'a OrderLookup) -> Self {
        Self { moment, lookup, due: None, tone: &moment.playbook.settings.tone }
    }

    fn playbook(&self) -> &'a Playbook {
        self.moment.playbook
    }

    /// What scripts can speak of now.
    pub(super) fn values<'s>(&'s self, system: &'s [(&'s str, String)]) -> Values<'s> {
        Values {
            playbook: self.playbook(),
            language: self.moment.language,
            customer: &self.moment.input.customer,
            order: self.lookup.one(),
            product: self.moment.product,
            attributes: &self.moment.attributes,
            height: self.moment.measure(SlotKind::Height),
            weight: self.moment.measure(SlotKind::Weight).map(|grams| grams / 1000.0),
            due: self.due,
            system,
        }
    }

    /// The situation of a request.
    pub(super) fn situation(&self, request: &Request<'_>) -> Situation {
        let needs = |need| request.intent.needs.contains(&need);
        if needs(Need::Product) && self.moment.product.is_none() {
            return Situation::ProductUnknown;
        }
        match self.lookup {
            OrderLookup::One(order) if request.intent.wants_order() => order.state.situation(),
            // What holds for any order is beside the question of one that was named.
            OrderLookup::SourceDown if needs(Need::OrderIfAny) && self.moment.names_order() => Situation::SourceDown,
            _ if !needs(Need::Order) => Situation::Default,
            OrderLookup::SourceDown => Situation::SourceDown,
            OrderLookup::Several(_) => Situation::Several,
            _ => Situation::OrderUnknown,
        }
    }

    /// The words that answer a request.
    pub(super) fn answer(&self, request: &Request<'_>) -> Words {
        let id = &request.intent.id;
        let situation = self.situation(request);
        match self.said(id, situation) {
            Words::Missing(Rung::FactUnknown, fact) => match self.said(id, Situation::FactUnknown) {
                Words::Missing(..) => Words::Missing(Rung::FactUnknown, fact),
                ready @ Words::Ready(..) => ready,
            },
            words => words,
        }
    }

    /// The words of an intent for just this situation, without falling back.
    pub(super) fn exactly(&self, id: &IntentId, situation: Situation) -> Option<(String, ReplyPart)> {
        let found = self.find(id, situation)?;
        (found.situation == situation).then(|| self.fill(id, found, &[]).ok()).flatten()
    }

    /// The product's own words go before the shop's, unless the shop's speak of the situation more closely.
    fn find(&self, id: &IntentId, situation: Situation) -> Option<Found<'a>> {
        let find = |book: &'a ReplyBook| book.get(id)?.find(self.moment.language, situation, self.tone);
        let own = self.moment.product.and_then(|product| find(&product.replies));
        let shops = find(&self.playbook().replies);
        match (own, shops) {
            (Some(own), Some(shops)) if own.situation != situation && shops.situation == situation => Some(shops),
            (own, shops) => own.or(shops),
        }
    }

    fn said(&self, id: &IntentId, situation: Situation) -> Words {
        let Some(found) = self.find(id, situation) else {
            return Words::Missing(Rung::NoWords, format!("{id} · {situation}"));
        };
        match self.fill(id, found, &[]) {
            Ok((text, part)) => Words::Ready(text, part),
            Err(missing) => {
                // A size that no table tells is as unknown as a fact that nobody set.
                let is_fact = |variable: &&Variable| {
                    matches!(variable, Variable::Fact(_)) || variable.named() == Some("product.size")
                };
                let fact = missing.iter().find(is_fact);
                let rung = if fact.is_some() { Rung::FactUnknown } else { Rung::NoWords };
                let first = fact.or(missing.first()).map(Variable::name).unwrap_or_default();
                Words::Missing(rung, format!("{id} · {{{first}}}"))
            }
        }
    }

    fn fill(
        &self,
        id: &IntentId,
        found: Found<'_>,
        system: &[(&str, String)],
    ) -> Result<(String, ReplyPart), Vec<Variable>> {
        let values = self.values(system);
        let mut used = Vec::new();
        let text = found.template.fill(&mut |variable| {
            let value = values.get(variable);
            used.push(variable.name());
            value
        })?;
        let tone = (found.tone != PLAIN).then(|| found.tone.to_owned());
        Ok((text, ReplyPart { intent: id.clone(), situation: found.situation, tone, used }))
    }

    /// The system's own words under a name.
    pub(super) fn system(&self, name: &str, values: &[(&str, String)]) -> Option<(String, ReplyPart)> {
        let id = Playbook::system(name);
        self.fill(&id, self.find(&id, Situation::Default)?, values).ok()
    }

    /// A script with the values that are known.
    pub(super) fn draft(&self, template: &Template) -> String {
        let values = self.values(&[]);
        template.fill_known(&mut |variable| values.get(variable))
    }

    /// Whether a script speaks of something that isn't known now. An agent's own name is always missing here.
    pub(super) fn lacks_values(&self, template: &Template) -> bool {
        let values = self.values(&[]);
        template.variables().any(|variable| variable.named() != Some("agent.name") && values.get(variable).is_none())
    }

    /// Several answers as one message.
    pub(super) fn reply(&self, pieces: Vec<(String, ReplyPart)>) -> Option<Reply> {
        let mut texts: Vec<String> = Vec::new();
        let mut parts = Vec::new();
        for (text, part) in pieces {
            // Two intents can share their words; they are said once.
            if !texts.contains(&text) {
                texts.push(text);
            }
            parts.push(part);
        }
        let text = texts.join("\n");
        (!text.trim().is_empty()).then_some(Reply { text, images: Vec::new(), language: self.moment.language, parts })
    }

    /// A numbered list of orders with short descriptions.
    pub(super) fn order_choices(&self, orders: &[OrderSummary]) -> String {
        let lines = orders.iter().enumerate().map(|(n, order)| {
            let values = Values { order: Some(order), ..self.values(&[]) };
            let get = |name: &str| values.get(&Variable::Named(name.into())).unwrap_or_default();
            let (item, placed, state) = (get("order.item"), get("order.placed_at"), get("order.state"));
            let number = (n + 1).to_string();
            let filled = [("n", number.as_str()), ("item", &item), ("placed_at", &placed), ("state", &state)];
            self.playbook().words.fill(self.moment.language, "order_choice", &filled)
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// A numbered list of questions.
    pub(super) fn question_choices(&self, intents: &[&IntentId]) -> String {
        let title = |id: &IntentId| {
            let title = self.playbook().replies.get(id).and_then(|replies| replies.title.as_ref());
            title.map(|title| title.of(self.moment.language).to_owned()).unwrap_or_else(|| id.to_string())
        };
        let lines = intents.iter().enumerate().map(|(n, id)| {
            let (number, title) = ((n + 1).to_string(), title(id));
            self.playbook().words.fill(
                self.moment.language,
                "question_choice",
                &[("n", number.as_str()), ("title", &title)],
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// What of a reply is remembered, so that the same answer to the same facts isn't given twice.
pub(super) fn remember(reply: &Reply, at: At) -> Vec<Said> {
    let hash = fingerprint(&reply.text);
    reply.parts.iter().map(|part| Said { intent: part.intent.clone(), situation: part.situation, hash, at }).collect()
}

/// FNV-1a. It is stored with the turn, so it has to be the same under every version of the compiler.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
