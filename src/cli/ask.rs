//! `xiaoer ask`: one message explained, from its normal form to the reply.

use std::io::{BufRead as _, Write as _};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;
use serde_json::json;

use super::common::{ShopOptions, clockwork};
use crate::app;
use crate::domain::{
    At, Candidate, Customer, Decision, EvidenceKind, Language, LostWhy, Message, TurnInput, TurnOutcome,
};
use crate::engine::{Engine, Orders};

use crate::text::Text;

/// Explains what would be done about one message: its normal form, the evidence under the customer's own words, rivals
/// and why they lost, slots, the rung of the ladder, the reply.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer ask 我的快递到哪了\n  xiaoer ask --customer demo-wang 我的快递到哪了\n  \
                        xiaoer ask --at 2026-11-11T23:30:00+08:00 \"where is my parcel?\"\n  \
                        cat messages.txt | xiaoer ask --json -")]
pub(super) struct Ask {
    #[command(flatten)]
    shops: ShopOptions,
    /// Decide as if it were this time (RFC 3339).
    #[arg(long, value_name = "TIME")]
    at: Option<jiff::Timestamp>,
    /// The platform's id of a customer, taken as verified: their orders are looked up.
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    /// One JSON object a message.
    #[arg(long)]
    json: bool,
    /// The message; `-` reads one a line from standard input.
    text: String,
}

impl Ask {
    pub(super) async fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let (id, folder) = self.shops.one_or_first()?;
        let (engine, orders) = app::offline(&id, &folder)?;
        if self.text == "-" {
            let mut out = std::io::stdout().lock();
            for line in std::io::stdin().lock().lines() {
                let line = line.context("standard input is not UTF-8")?;
                let shown = self.answer(&engine, orders.as_ref(), &line, language).await?;
                writeln!(out, "{shown}")?;
            }
            return Ok(ExitCode::SUCCESS);
        }
        println!("{}", self.answer(&engine, orders.as_ref(), &self.text, language).await?);
        Ok(ExitCode::SUCCESS)
    }

    async fn answer(
        &self,
        engine: &Engine,
        orders: &dyn Orders,
        text: &str,
        language: Language,
    ) -> anyhow::Result<String> {
        let input = self.input(engine, text);
        let started = Instant::now();
        let outcome = engine.decide(&input, orders).await;
        let micros = started.elapsed().as_micros();
        if self.json { as_json(text, &outcome, micros) } else { Ok(explain(text, &outcome, micros, language)) }
    }

    fn input(&self, engine: &Engine, text: &str) -> TurnInput {
        let now = self.at.map_or_else(app::now, At::from);
        let message = Message::plain("m-1".into(), text, now);
        let customer = Customer {
            id: self.customer.as_deref().map(Into::into),
            verified: self.customer.is_some(),
            ..Customer::default()
        };
        TurnInput {
            id: clockwork().id(),
            shop: engine.playbook.shop.clone(),
            channel: "ask".into(),
            conversation: "ask".into(),
            customer,
            messages: vec![message],
            state: Default::default(),
            mode: engine.playbook.settings.mode,
            intent_modes: Default::default(),
            now,
        }
    }
}

impl ShopOptions {
    /// The shop that is meant; the first where none is named.
    fn one_or_first(&self) -> anyhow::Result<(crate::domain::ShopId, std::path::PathBuf)> {
        self.folders()?.into_iter().next().context("no shop")
    }
}

fn as_json(text: &str, outcome: &TurnOutcome, micros: u128) -> anyhow::Result<String> {
    let intents = outcome.classification.intents.iter();
    let intents: Vec<_> =
        intents.map(|found| json!({ "id": found.intent, "confidence": rounded(found.confidence) })).collect();
    let Decision { act, rung, reply, .. } = &outcome.decision;
    let line = json!({
        "text": text, "intents": intents, "decision": act.key(), "rung": rung.key(),
        "reply": reply.as_ref().map(|reply| &reply.text), "micros": micros,
    });
    Ok(serde_json::to_string(&line)?)
}

fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 1000.0).round() / 1000.0
}

fn explain(text: &str, outcome: &TurnOutcome, micros: u128, language: Language) -> String {
    let word = |zh: &'static str, en: &'static str| if language == Language::Zh { zh } else { en };
    let mut lines = vec![format!("{} {text}", word("原文", "text     "))];
    let normal = Text::of(text);
    lines.push(format!("{} {}", word("归一", "normal   "), normal.normal().trim_end().replace('\n', " ⏐ ")));
    for candidate in &outcome.classification.intents {
        lines.push(format!("{} {}  {:.2}", word("意图", "intent   "), candidate.intent, candidate.confidence));
        lines.extend(evidence(text, candidate));
    }
    for lost in &outcome.classification.lost {
        lines.push(format!(
            "{} {}  “{}” {}",
            word("落选", "lost     "),
            lost.intent,
            lost.line,
            why(&lost.why, language)
        ));
    }
    for slot in &outcome.classification.slots {
        lines.push(format!("{} {:?} = {}", word("数值", "slot     "), slot.kind, slot.value));
    }
    for mention in &outcome.classification.mentions {
        lines.push(format!("{} {:?} {}", word("提到", "mention  "), mention.kind, mention.id));
    }
    let decision = &outcome.decision;
    lines.push(format!(
        "{} {} · {}  {}",
        word("决定", "decision "),
        decision.act.key(),
        decision.rung.key(),
        decision.reason
    ));
    if let Some(reply) = &decision.reply {
        lines.push(format!("{} {}", word("回复", "reply    "), reply.text.replace('\n', "\n          ")));
    }
    for suggestion in &outcome.suggestions {
        let title = suggestion.title.as_deref().unwrap_or(suggestion.intent.as_str());
        lines.push(format!("{} {:.2} [{title}] {}", word("推荐", "suggest  "), suggestion.score, suggestion.text));
    }
    lines.push(format!("{} {micros} µs", word("用时", "took     ")));
    lines.join("\n")
}

/// Each piece of evidence, under the very characters it stands on.
fn evidence(text: &str, candidate: &Candidate) -> Vec<String> {
    let mut lines = Vec::new();
    for piece in &candidate.evidence {
        let kind = match piece.kind {
            EvidenceKind::Phrase => "phrase",
            EvidenceKind::Whole => "whole",
            EvidenceKind::Together => "together",
            EvidenceKind::Example => "example",
            EvidenceKind::Model => "model",
            EvidenceKind::Form => "form",
        };
        let words: Vec<&str> = piece.spans.iter().filter_map(|span| text.get(span.start..span.end)).collect();
        lines.push(format!("          ^ {kind} “{}” ← {}", piece.line, words.join(" … ")));
    }
    lines
}

fn why(why: &LostWhy, language: Language) -> String {
    let zh = language == Language::Zh;
    match why {
        LostWhy::Unless(line) if zh => format!("被排除词“{line}”否决"),
        LostWhy::Unless(line) => format!("vetoed by its unless “{line}”"),
        LostWhy::Inside(other) if zh => format!("在 {other} 更长的说法之内"),
        LostWhy::Inside(other) => format!("lies inside the longer words of {other}"),
        LostWhy::Weaker(other) if zh => format!("不如 {other} 确定"),
        LostWhy::Weaker(other) => format!("is weaker than {other}"),
        LostWhy::BesideARequest if zh => "同句里有别的请求".to_owned(),
        LostWhy::BesideARequest => "stands beside a request".to_owned(),
    }
}
