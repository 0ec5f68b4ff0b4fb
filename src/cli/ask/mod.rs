//! `xiaoer ask`: one message explained, from its normal form to the reply.

mod explain;
mod found;
mod names;
mod picture;

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::Args;
use serde_json::json;

use super::common::{ShopOptions, clockwork};
use crate::app;
use crate::domain::{At, Customer, Decision, Language, Message, TurnInput, TurnOutcome};
use crate::engine::{Engine, Orders};
use crate::nearness::{NearExamples, Nearness, Readiness};

use explain::Explanation;

/// What takes longer is announced.
const AT_ONCE: Duration = Duration::from_secs(1);
/// What takes longer is not waited for: the next call finds what was computed so far.
const PATIENCE: Duration = Duration::from_secs(180);

/// Explains what would be done about one message: the evidence under the customer's own words with the lines it comes
/// from, rivals and why they lost, slots, the rung of the ladder, the reply and where its words stand.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  xiaoer ask 我的快递到哪了\n  xiaoer ask --customer demo-wang 我的快递到哪了\n  \
                        xiaoer ask --at \"2026-11-11 23:30\" \"where is my parcel?\"\n  \
                        cat messages.txt | xiaoer ask --json -")]
pub(super) struct Ask {
    #[command(flatten)]
    shops: ShopOptions,
    /// Decide as if it were this time: 2026-11-11, "2026-11-11 20:00" in the shop's zone, or RFC 3339.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// The platform's id of a customer, taken as verified: their orders are looked up.
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    /// The folder of the service's data, where vectors of examples are kept (if the shop names an embeddings endpoint).
    #[arg(long, default_value = "data", env = "XIAOER_DATA")]
    data: PathBuf,
    /// One JSON object a message.
    #[arg(long)]
    json: bool,
    /// The message; `-` reads one a line from standard input.
    text: String,
}

impl Ask {
    pub(super) async fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let (id, folder) = self.shops.one_or_first()?;
        let (engine, orders) = app::offline(&id, &folder, language)?;
        let near = match app::near_examples(&engine, &folder, &self.data) {
            Ok(near) => near,
            Err(error) => {
                without(&format!("{error:#}"), language);
                None
            }
        };
        if let Some(near) = &near {
            ready(near, language).await;
        }
        let stage = Stage { engine, orders, near, language };
        // Colours where a terminal shows them, and NO_COLOR is unset.
        let mut out = anstream::stdout().lock();
        if self.text == "-" {
            for line in std::io::stdin().lock().lines() {
                let line = line.context("standard input is not UTF-8")?;
                let shown = self.answer(&stage, &line).await?;
                writeln!(out, "{shown}")?;
            }
            return Ok(ExitCode::SUCCESS);
        }
        writeln!(out, "{}", self.answer(&stage, &self.text).await?)?;
        Ok(ExitCode::SUCCESS)
    }

    async fn answer(&self, stage: &Stage, text: &str) -> anyhow::Result<String> {
        let Stage { engine, orders, near, language } = stage;
        let mut input = self.input(engine, text)?;
        let started = Instant::now();
        let near = near.as_ref().map(|near| near as &dyn Nearness);
        let outcome = engine.decide_near(&mut input, orders.as_ref(), near).await;
        let micros = started.elapsed().as_micros();
        if self.json {
            return as_json(text, &input, &outcome, micros);
        }
        let (playbook, _) = engine.at(input.now);
        Ok(Explanation { text, input: &input, outcome: &outcome, playbook, language: *language }.write(micros))
    }

    fn input(&self, engine: &Engine, text: &str) -> anyhow::Result<TurnInput> {
        let now = app::now();
        let zone = &engine.playbook.settings.time_zone;
        let now: At = self.at.as_deref().map_or(Ok(now), |at| crate::domain::instant(at, now, zone))?;
        let message = Message::plain("m-1".into(), text, now);
        let customer = Customer {
            id: self.customer.as_deref().map(Into::into),
            verified: self.customer.is_some(),
            ..Customer::default()
        };
        Ok(TurnInput {
            id: clockwork().id(),
            shop: engine.playbook.shop.clone(),
            channel: "ask".into(),
            conversation: "ask".into(),
            customer,
            messages: vec![message],
            state: Default::default(),
            mode: engine.playbook.settings.mode,
            intent_modes: Default::default(),
            neighbours: None,
            now,
        })
    }
}

/// What messages are decided with.
struct Stage {
    engine: Engine,
    orders: Arc<dyn Orders>,
    near: Option<NearExamples>,
    language: Language,
}

/// Waits until examples can be asked for their meaning, or the endpoint fails: then that is said, and it goes on without.
async fn ready(near: &NearExamples, language: Language) {
    let mut err = anstream::stderr();
    let word = |zh: &'static str, en: &'static str| if language == Language::Zh { zh } else { en };
    if tokio::time::timeout(AT_ONCE, near.settled()).await.is_err() {
        let said =
            word("正在计算例句的向量，只需一次……", "computing the vectors of the examples, which is needed once …");
        let _ = writeln!(err, "{said}");
    }
    match tokio::time::timeout(PATIENCE, near.settled()).await {
        Ok(Readiness::Failing(why)) => without(&why, language),
        Ok(_) => {}
        Err(_) => without(word("还没算完，下次接着算", "not all is computed; the next call goes on"), language),
    }
}

fn without(why: &str, language: Language) {
    let said = if language == Language::Zh { "不用邻近例句：" } else { "without near examples: " };
    let _ = writeln!(anstream::stderr(), "{said}{why}");
}

fn as_json(text: &str, input: &TurnInput, outcome: &TurnOutcome, micros: u128) -> anyhow::Result<String> {
    let intents = outcome.classification.intents.iter();
    let intents: Vec<_> =
        intents.map(|found| json!({ "id": found.intent, "confidence": rounded(found.confidence) })).collect();
    let Decision { act, rung, reply, .. } = &outcome.decision;
    let mut line = json!({
        "text": text, "intents": intents, "decision": act.key(), "rung": rung.key(),
        "reply": reply.as_ref().map(|reply| &reply.text), "micros": micros,
    });
    if let Some(neighbours) = &input.neighbours {
        let votes = neighbours.votes.iter().map(|vote| json!({ "id": vote.intent, "share": rounded(vote.share) }));
        line["near"] = votes.collect();
    }
    Ok(serde_json::to_string(&line)?)
}

fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 1000.0).round() / 1000.0
}
