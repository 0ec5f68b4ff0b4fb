//! The learnt classifier on labelled messages.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use indicatif::ProgressBar;
use serde::Serialize;

use crate::classify::learnt::{Class, Example, Guess, Learnt};
use crate::domain::Language;
use crate::text::Text;

/// What is learnt, and what it is measured on.
#[derive(Debug)]
pub(super) struct Messages<'a> {
    pub(super) train: &'a Path,
    pub(super) test: &'a Path,
    pub(super) oos: Option<&'a Path>,
    pub(super) valid: Option<&'a Path>,
    pub(super) valid_oos: Option<&'a Path>,
    pub(super) first: Option<usize>,
    pub(super) json: bool,
}

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Figures {
    accuracy: f64,
    macro_f1: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    oos_recall: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oos_precision: Option<f64>,
    in_scope_accuracy_at_threshold: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    joint_accuracy: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auroc: Option<f64>,
    threshold: f32,
    calibration_error: f64,
    train_seconds: f64,
    p50_micros: f64,
    p99_micros: f64,
    messages_per_second: f64,
    model_bytes: usize,
    labels: usize,
    trained_on: usize,
    tested_on: usize,
}

/// A labelled file, with every text in its normal form.
struct Labelled {
    rows: Vec<(String, String)>,
}

impl Messages<'_> {
    pub(super) fn run(&self, language: Language) -> anyhow::Result<ExitCode> {
        let train = Labelled::read(self.train)?.first(self.first);
        let test = Labelled::read(self.test)?;
        let labels = train.labels();
        if labels.len() < 2 {
            bail!("{}: there have to be two labels at least", self.train.display());
        }
        let examples: Vec<Example<'_>> =
            train.rows.iter().map(|(text, label)| Example { text, class: labels[label.as_str()] }).collect();
        let spinner =
            ProgressBar::new_spinner().with_message(format!("{} messages, {} labels", examples.len(), labels.len()));
        spinner.enable_steady_tick(Duration::from_millis(200));
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let started = Instant::now();
        let learnt = Learnt::learn(&examples, labels.len(), threads);
        let train_seconds = started.elapsed().as_secs_f64();
        spinner.finish_and_clear();
        let guess = |file: &Labelled| -> Vec<Judged> { file.judge(&learnt, &labels) };
        let threshold = self.threshold(&guess)?;
        let micros = measure(&learnt, &test);
        let outside = self.oos.map(Labelled::read).transpose()?.map(|file| guess(&file));
        let seen = Seen { inside: guess(&test), outside: outside.unwrap_or_default() };
        let has_outside = self.oos.is_some();
        let figures = Figures {
            accuracy: seen.accuracy(),
            macro_f1: seen.macro_f1(labels.len()),
            oos_recall: has_outside.then(|| seen.oos_recall(threshold)),
            oos_precision: has_outside.then(|| seen.oos_precision(threshold)),
            in_scope_accuracy_at_threshold: seen.accepted_and_right(threshold) / seen.inside.len().max(1) as f64,
            joint_accuracy: has_outside.then(|| seen.joint(threshold)),
            auroc: has_outside.then(|| seen.auroc()),
            threshold,
            calibration_error: seen.calibration_error(),
            train_seconds,
            p50_micros: at(&micros, 0.5),
            p99_micros: at(&micros, 0.99),
            messages_per_second: micros.len() as f64 / (micros.iter().sum::<f64>() / 1e6),
            model_bytes: learnt.bytes(),
            labels: labels.len(),
            trained_on: train.rows.len(),
            tested_on: test.rows.len(),
        };
        if self.json {
            println!("{}", serde_json::to_string(&figures)?);
        } else {
            print!("{}", table(&figures, language));
        }
        Ok(ExitCode::SUCCESS)
    }

    fn threshold(&self, guess: &dyn Fn(&Labelled) -> Vec<Judged>) -> anyhow::Result<f32> {
        let Some(valid) = self.valid else { return Ok(0.5) };
        let inside = guess(&Labelled::read(valid)?);
        let Some(outside) = self.valid_oos else {
            let mut confidences: Vec<f32> = inside.iter().map(|judged| judged.guess.confidence).collect();
            confidences.sort_by(f32::total_cmp);
            return Ok(confidences.get(confidences.len() / 20).copied().unwrap_or(0.5));
        };
        let seen = Seen { inside, outside: guess(&Labelled::read(outside)?) };
        let all = seen.inside.iter().chain(&seen.outside).map(|judged| judged.guess.confidence);
        // Fewer messages from outside than the test has must not make them count less.
        let weight = if seen.outside.is_empty() { 0.0 } else { seen.inside.len() as f64 / seen.outside.len() as f64 };
        let balance = |threshold: f32| {
            seen.accepted_and_right(threshold) + weight.min(OUTSIDE_AT_MOST) * seen.rejected(threshold)
        };
        Ok(all.max_by(|a, b| balance(*a).total_cmp(&balance(*b))).unwrap_or(0.5))
    }
}

/// A message from outside counts no more than this beside one from within, when the threshold is chosen.
const OUTSIDE_AT_MOST: f64 = 1.0;

/// A message, what it is, and what it was taken for.
struct Judged {
    label: Option<Class>,
    guess: Guess,
}

impl Judged {
    fn is_right(&self) -> bool {
        self.label == Some(self.guess.class)
    }
}

impl Labelled {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let mut rows = Vec::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let Some((text, label)) = line.rsplit_once('\t') else {
                bail!("{}:{}: a line is TEXT<TAB>LABEL", path.display(), number + 1);
            };
            rows.push((Text::of(text).normal().to_owned(), label.trim().to_owned()));
        }
        if rows.is_empty() {
            bail!("{}: there is no line in it", path.display());
        }
        Ok(Self { rows })
    }

    fn first(mut self, most: Option<usize>) -> Self {
        let Some(most) = most else { return self };
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        self.rows.retain(|(_, label)| {
            let number = seen.entry(label.clone()).or_default();
            *number += 1;
            *number <= most
        });
        self
    }

    fn labels(&self) -> BTreeMap<&str, Class> {
        let labels: BTreeMap<&str, Class> = self.rows.iter().map(|(_, label)| (label.as_str(), 0)).collect();
        labels.into_keys().zip(0..).collect()
    }

    fn judge(&self, learnt: &Learnt, labels: &BTreeMap<&str, Class>) -> Vec<Judged> {
        let judge = |(text, label): &(String, String)| Judged {
            label: labels.get(label.as_str()).copied(),
            guess: learnt.guess(text),
        };
        self.rows.iter().map(judge).collect()
    }
}

/// Microseconds a message, sorted.
fn measure(learnt: &Learnt, test: &Labelled) -> Vec<f64> {
    let time = |(text, _): &(String, String)| {
        let started = Instant::now();
        std::hint::black_box(learnt.guess(text));
        started.elapsed().as_secs_f64() * 1e6
    };
    // The first round warms the caches.
    let _ = test.rows.iter().map(time).sum::<f64>();
    let mut micros: Vec<f64> = test.rows.iter().map(time).collect();
    micros.sort_by(f64::total_cmp);
    micros
}

fn at(sorted: &[f64], share: f64) -> f64 {
    sorted.get(((sorted.len().max(1) - 1) as f64 * share) as usize).copied().unwrap_or_default()
}

/// Messages within the labels, and outside of all.
struct Seen {
    inside: Vec<Judged>,
    outside: Vec<Judged>,
}

impl Seen {
    fn accuracy(&self) -> f64 {
        self.inside.iter().filter(|judged| judged.is_right()).count() as f64 / self.inside.len().max(1) as f64
    }

    fn accepted_and_right(&self, threshold: f32) -> f64 {
        self.inside.iter().filter(|judged| judged.is_right() && judged.guess.confidence >= threshold).count() as f64
    }

    fn rejected(&self, threshold: f32) -> f64 {
        self.outside.iter().filter(|judged| judged.guess.confidence < threshold).count() as f64
    }

    fn oos_recall(&self, threshold: f32) -> f64 {
        self.rejected(threshold) / self.outside.len().max(1) as f64
    }

    fn oos_precision(&self, threshold: f32) -> f64 {
        let wrongly = self.inside.iter().filter(|judged| judged.guess.confidence < threshold).count() as f64;
        let rejected = self.rejected(threshold);
        if rejected + wrongly == 0.0 { 0.0 } else { rejected / (rejected + wrongly) }
    }

    fn joint(&self, threshold: f32) -> f64 {
        let all = (self.inside.len() + self.outside.len()).max(1) as f64;
        (self.accepted_and_right(threshold) + self.rejected(threshold)) / all
    }

    /// How often a message from within is surer than one from outside.
    fn auroc(&self) -> f64 {
        let inside = self.inside.iter().map(|judged| (judged.guess.confidence, true));
        let mut all: Vec<(f32, bool)> =
            inside.chain(self.outside.iter().map(|judged| (judged.guess.confidence, false))).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut below, mut won) = (0.0, 0.0);
        for ties in all.chunk_by(|a, b| a.0 == b.0) {
            let within = ties.iter().filter(|(_, within)| *within).count() as f64;
            let outside = ties.len() as f64 - within;
            won += within * (below + outside / 2.0);
            below += outside;
        }
        won / (self.inside.len() as f64 * self.outside.len() as f64).max(1.0)
    }

    fn macro_f1(&self, classes: usize) -> f64 {
        let of = |class: Class| {
            let is = |judged: &&Judged| judged.label == Some(class);
            let said = self.inside.iter().filter(|judged| judged.guess.class == class).count() as f64;
            let there = self.inside.iter().filter(is).count() as f64;
            let right = self.inside.iter().filter(is).filter(|judged| judged.is_right()).count() as f64;
            (there > 0.0).then(|| 2.0 * right / (said + there))
        };
        let all: Vec<f64> = (0..classes as Class).filter_map(of).collect();
        all.iter().sum::<f64>() / all.len().max(1) as f64
    }

    /// Expected calibration error over ten bins of confidence: how far it is from how often it is right, on average.
    fn calibration_error(&self) -> f64 {
        let mut bins = [(0.0, 0.0, 0.0); 10];
        for judged in self.inside.iter().chain(&self.outside) {
            let bin = &mut bins[((judged.guess.confidence * 10.0) as usize).min(9)];
            bin.0 += f64::from(judged.guess.confidence);
            bin.1 += f64::from(u8::from(judged.is_right()));
            bin.2 += 1.0;
        }
        let all = (self.inside.len() + self.outside.len()).max(1) as f64;
        bins.iter().map(|(said, right, _)| (said - right).abs()).sum::<f64>() / all
    }
}

fn table(figures: &Figures, language: Language) -> String {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let word = |zh: &'static str, en: &'static str| if language == Language::Zh { zh } else { en };
    let mut rows = vec![
        (
            word("训练 / 测试 / 类别", "trained on / tested on / labels"),
            format!("{} / {} / {}", figures.trained_on, figures.tested_on, figures.labels),
        ),
        (word("准确率", "accuracy"), percent(figures.accuracy)),
        (word("宏平均 F1", "macro F1"), percent(figures.macro_f1)),
        (word("阈值", "threshold"), format!("{:.2}", figures.threshold)),
        (word("达到阈值且正确", "at the threshold and right"), percent(figures.in_scope_accuracy_at_threshold)),
    ];
    let optional = [
        (word("范围外召回率", "out of scope, recall"), figures.oos_recall),
        (word("范围外精确率", "out of scope, precision"), figures.oos_precision),
        (word("综合准确率", "joint accuracy"), figures.joint_accuracy),
        ("AUROC", figures.auroc),
    ];
    rows.extend(optional.into_iter().filter_map(|(name, share)| Some((name, percent(share?)))));
    rows.extend([
        (word("校准误差", "calibration error"), percent(figures.calibration_error)),
        (word("训练用时", "training"), format!("{:.2} s", figures.train_seconds)),
        (
            word("每条消息 p50 / p99", "a message, p50 / p99"),
            format!("{:.1} / {:.1} µs", figures.p50_micros, figures.p99_micros),
        ),
        (word("每秒消息数", "messages a second"), format!("{:.0}", figures.messages_per_second)),
        (word("模型大小", "model"), format!("{:.1} MB", figures.model_bytes as f64 / 1e6)),
    ]);
    let width = rows.iter().map(|(name, _)| unicode_width::UnicodeWidthStr::width(*name)).max().unwrap_or(0);
    rows.iter()
        .map(|(name, value)| {
            let gap = width - unicode_width::UnicodeWidthStr::width(*name);
            format!("{name}{}  {value}\n", " ".repeat(gap))
        })
        .collect()
}
