//! A shop's playbook on labelled chats: of what it answers, how much is right; of what could be answered, how much is.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use serde::Serialize;

use super::labels::{self, Label};
use crate::app;
use crate::classify::asks_back;
use crate::cli::common::{ShopOptions, clockwork};
use crate::cli::simulate::dialogues::{self, Burst, Part};
use crate::domain::{
    Act, Classification, ConversationState, Customer, EvidenceKind, Language, Message, OrdersFound, Rung, TurnInput,
    TurnOutcome,
};
use crate::engine::{Engine, Recorded};

/// What is measured.
#[derive(Debug)]
pub(super) struct Chats<'a> {
    pub(super) dialogues: &'a Path,
    pub(super) labels: &'a Path,
    pub(super) predictions: Option<&'a Path>,
    pub(super) list: bool,
    pub(super) json: bool,
}

/// What `--json` prints.
#[derive(Debug, Default, Serialize)]
struct Figures {
    turns: usize,
    /// Of them with a request that the pack knows.
    requests: usize,
    answered: usize,
    right: usize,
    /// The 95 % Wilson interval of right / answered.
    right_interval: (f64, f64),
    clear_and_safe: usize,
    clear_and_safe_answered: usize,
    clear_and_safe_right: usize,
    /// Turns with a request that were passed over as small talk.
    ignored: usize,
    calibration_error: f64,
    /// For each tenth of confidence: how many, their mean confidence, how many were right.
    reliability: Vec<(usize, f64, f64)>,
}

/// What `--predictions` writes of a turn.
#[derive(Debug, Serialize)]
struct Prediction<'a> {
    turn: &'a str,
    label: &'a str,
    clear: bool,
    safe: bool,
    act: Act,
    rung: Rung,
    classification: &'a Classification,
}

impl<'a> Prediction<'a> {
    fn of(judged: &'a Judged<'_>) -> Self {
        let TurnOutcome { decision, classification, .. } = &judged.outcome;
        let Label { text, clear, safe, .. } = judged.label;
        let (act, rung) = (decision.act, decision.rung);
        Self { turn: &judged.at, label: text, clear: *clear, safe: *safe, act, rung, classification }
    }
}

/// A turn with its label and what was made of it.
struct Judged<'a> {
    at: String,
    burst: &'a Burst,
    label: &'a Label,
    outcome: TurnOutcome,
}

impl Judged<'_> {
    /// The bot acts on a request: it answers, or asks for what the answer needs.
    fn is_answered(&self) -> bool {
        let acts = matches!(self.outcome.decision.act, Act::Answer | Act::Ask);
        let rung = matches!(self.outcome.decision.rung, Rung::Sure | Rung::Answered | Rung::Missing);
        acts && rung && self.outcome.classification.requests().next().is_some()
    }

    fn is_right(&self) -> bool {
        self.outcome.classification.requests().all(|candidate| self.label.allows(&candidate.intent))
    }

    /// A request that was taken for small talk, or for nothing.
    fn is_ignored(&self) -> bool {
        let passed_over = matches!(self.outcome.decision.rung, Rung::NothingToAnswer | Rung::Talk | Rung::OrderCard);
        passed_over && !self.label.is_no_request() && self.label.clear
    }

    fn is_due(&self) -> bool {
        self.label.clear && self.label.safe
    }
}

impl Chats<'_> {
    pub(super) async fn run(&self, shops: &ShopOptions, language: Language) -> anyhow::Result<ExitCode> {
        let read = |path: &Path| std::fs::read_to_string(path).with_context(|| path.display().to_string());
        let labels = labels::read(&read(self.labels)?).with_context(|| self.labels.display().to_string())?;
        let chats =
            dialogues::read(&read(self.dialogues)?, Part::All).with_context(|| self.dialogues.display().to_string())?;
        let (id, folder) = shops.one_or_first()?;
        let (engine, _) = app::offline(&id, &folder, language)?;
        let mut judged = Vec::new();
        for chat in &chats {
            let mut state = ConversationState::default();
            for burst in &chat.bursts {
                let before = std::mem::replace(&mut state, after(burst));
                let Some(label) = labels.get(&(chat.id.clone(), burst.turn.clone())) else { continue };
                let outcome = engine.decide(&input(&engine, burst, before), &Recorded(OrdersFound::default())).await;
                judged.push(Judged { at: format!("{}/{}", chat.id, burst.turn), burst, label, outcome });
            }
        }
        if let Some(path) = self.predictions {
            let lines: Vec<String> =
                judged.iter().map(|one| serde_json::to_string(&Prediction::of(one))).collect::<Result<_, _>>()?;
            std::fs::write(path, lines.join("\n") + "\n").with_context(|| path.display().to_string())?;
        }
        let figures = figures(&judged);
        if self.json {
            println!("{}", serde_json::to_string(&figures)?);
            return Ok(ExitCode::SUCCESS);
        }
        if self.list {
            for one in &judged {
                if one.is_answered() && !one.is_right() || one.is_due() && !one.is_answered() {
                    println!("{}", line(one));
                }
            }
        }
        print!("{}", table(&figures, language));
        Ok(ExitCode::SUCCESS)
    }
}

/// What is known after a burst was answered by the recorded agent. Each burst is judged by itself but for that.
fn after(burst: &Burst) -> ConversationState {
    let person_asked = burst.agent.as_deref().is_some_and(asks_back);
    ConversationState { underway: true, person_asked, ..ConversationState::default() }
}

fn input(engine: &Engine, burst: &Burst, state: ConversationState) -> TurnInput {
    let now = app::now();
    let messages = burst.said.iter().enumerate();
    TurnInput {
        id: clockwork().id(),
        shop: engine.playbook.shop.clone(),
        channel: "eval".into(),
        conversation: "eval".into(),
        customer: Customer::default(),
        messages: messages.map(|(n, text)| Message::plain(format!("m-{n}").as_str().into(), text, now)).collect(),
        state,
        mode: engine.playbook.settings.mode,
        intent_modes: Default::default(),
        neighbours: None,
        now,
    }
}

fn figures(judged: &[Judged<'_>]) -> Figures {
    let count = |is: &dyn Fn(&Judged<'_>) -> bool| judged.iter().filter(|one| is(one)).count();
    let (answered, right) = (count(&|one| one.is_answered()), count(&|one| one.is_answered() && one.is_right()));
    let mut bins = [(0usize, 0.0f64, 0.0f64); 10];
    for one in judged {
        for candidate in one.outcome.classification.requests() {
            let bin = &mut bins[((candidate.confidence * 10.0) as usize).min(9)];
            bin.0 += 1;
            bin.1 += f64::from(candidate.confidence);
            bin.2 += f64::from(u8::from(one.label.allows(&candidate.intent)));
        }
    }
    let all = bins.iter().map(|bin| bin.0).sum::<usize>().max(1) as f64;
    Figures {
        turns: judged.len(),
        requests: count(&|one| !one.label.is_no_request()),
        answered,
        right,
        right_interval: wilson(right, answered),
        clear_and_safe: count(&|one| one.is_due()),
        clear_and_safe_answered: count(&|one| one.is_due() && one.is_answered()),
        clear_and_safe_right: count(&|one| one.is_due() && one.is_answered() && one.is_right()),
        ignored: count(&|one| one.is_ignored()),
        calibration_error: bins.iter().map(|(_, said, right)| (said - right).abs()).sum::<f64>() / all,
        reliability: bins.to_vec(),
    }
}

/// The 95 % interval of a share, after Wilson, “Probable Inference” (JASA 1927).
fn wilson(right: usize, all: usize) -> (f64, f64) {
    const Z: f64 = 1.96;
    if all == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (all as f64, right as f64 / all as f64);
    let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    (middle - half, middle + half)
}

fn line(one: &Judged<'_>) -> String {
    let found: Vec<String> = one
        .outcome
        .classification
        .requests()
        .map(|candidate| {
            let mut kinds: Vec<&str> = candidate.evidence.iter().map(|evidence| kind(evidence.kind)).collect();
            kinds.dedup();
            format!("{} {:.2} ({})", candidate.intent, candidate.confidence, kinds.join(" "))
        })
        .collect();
    let mark = match () {
        () if one.is_answered() && !one.is_right() => "wrong",
        () if one.is_ignored() => "ignored",
        () => "missed",
    };
    let said = one.burst.said.join(" / ");
    format!(
        "{mark} {}: {said}\n    label {} · {} · {}",
        one.at,
        one.label.text,
        one.outcome.decision.rung.key(),
        found.join(" · ")
    )
}

fn kind(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Phrase => "phrase",
        EvidenceKind::Whole => "whole",
        EvidenceKind::Together => "together",
        EvidenceKind::Example => "example",
        EvidenceKind::Model => "model",
        EvidenceKind::Form => "form",
        EvidenceKind::Near => "near",
    }
}

fn table(figures: &Figures, language: Language) -> String {
    let word = |zh: &'static str, en: &'static str| if language == Language::Zh { zh } else { en };
    let share = |part: usize, all: usize| format!("{part} / {all} = {:.1} %", 100.0 * part as f64 / all.max(1) as f64);
    let (low, high) = figures.right_interval;
    let mut out = format!(
        "{}: {} ({}: {})\n{}: {} ({:.1}–{:.1} %)\n{}: {}; {}: {}\n{}: {}\n{}: {:.3}\n",
        word("标注的轮次", "labelled turns"),
        figures.turns,
        word("有诉求", "with a request"),
        figures.requests,
        word("所答中答对的", "right of what is answered"),
        share(figures.right, figures.answered),
        low * 100.0,
        high * 100.0,
        word("清楚且可答中已答的", "answered of what is clear and safe"),
        share(figures.clear_and_safe_answered, figures.clear_and_safe),
        word("其中答对", "and rightly"),
        figures.clear_and_safe_right,
        word("清楚的诉求被当作闲聊", "clear requests passed over as small talk"),
        figures.ignored,
        word("校准误差", "calibration error"),
        figures.calibration_error,
    );
    for (number, said, right) in figures.reliability.iter().filter(|bin| bin.0 > 0) {
        let all = *number as f64;
        out.push_str(&format!("  {:.2} → {:.2}  ({number})\n", said / all, right / all));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        let (low, high) = wilson(19, 20);
        assert!((low - 0.764).abs() < 0.001 && (high - 0.991).abs() < 0.001, "{low} {high}");
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }
}
