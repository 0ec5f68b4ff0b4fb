//! One turn through the engine: normalise → classify → decide, with the base pack's phrases, with 1,000 intents and 10,000.
//!
//! `cargo bench --bench turn`. The messages are the base pack's own examples; the further intents are made of pieces of
//! its phrases, so that they share beginnings with what customers write. Orders are as found before: no I/O is timed.
//! What is shown as a ratio holds on any machine; the microseconds hold on the one they were taken on.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, reason = "a benchmark prints and may stop")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use futures_util::FutureExt as _;
use xiaoer::domain::{At, Customer, Language, Message, Mode, OrdersFound, TurnInput};
use xiaoer::engine::{Engine, Recorded};
use xiaoer::playbook::Playbook;
use xiaoer::playbook::layer::Layer;
use xiaoer::playbook::tree::SourceFile;

/// Every message is decided so often.
const ROUNDS: usize = 40;
/// As the base pack has them on average.
const PHRASES: usize = 30;

fn main() {
    let base = engine(0);
    let messages = messages(&base);
    let own = base.playbook.intents.len();
    println!("{} messages, {ROUNDS} rounds each\n", messages.len());
    println!("{:>8} {:>10} {:>9} {:>9} {:>9} {:>9}  build", "intents", "phrases", "p50 µs", "p99 µs", "mean µs", "MB");
    let mut medians = Vec::new();
    for intents in [own, 1_000, 10_000] {
        let started = Instant::now();
        let engine = engine(intents - own);
        let build = started.elapsed();
        let mut micros = measure(&engine, &messages);
        micros.sort_by(f64::total_cmp);
        let at = |share: f64| micros[((micros.len() - 1) as f64 * share) as usize];
        let mean = micros.iter().sum::<f64>() / micros.len() as f64;
        let megabytes = engine.classifier.memory() as f64 / 1e6;
        println!(
            "{intents:>8} {:>10} {:>9.1} {:>9.1} {mean:>9.1} {megabytes:>9.1}  {build:.1?}",
            phrases(&engine),
            at(0.5),
            at(0.99),
        );
        medians.push(at(0.5));
    }
    println!("\n×10 phrases (1,000 → 10,000 intents): ×{:.2} time at the median", medians[2] / medians[1]);
}

fn measure(engine: &Engine, messages: &[TurnInput]) -> Vec<f64> {
    let orders = Recorded(OrdersFound::default());
    let mut micros = Vec::with_capacity(messages.len() * ROUNDS);
    for round in 0..=ROUNDS {
        for input in messages {
            let started = Instant::now();
            let outcome = engine.decide(black_box(input), &orders).now_or_never();
            let elapsed = started.elapsed();
            black_box(outcome.expect("recorded orders are there at once"));
            // The first round warms the caches.
            if round > 0 {
                micros.push(elapsed.as_secs_f64() * 1e6);
            }
        }
    }
    micros
}

fn engine(further: usize) -> Engine {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("shops/demo");
    let mut layers = vec![Layer::base(), Layer::folder(&demo).unwrap()];
    let pieces = pieces(&layers[0]);
    layers.push(Layer { files: (0..further).map(|n| made(n, &pieces)).collect(), ..Layer::default() });
    let loaded = Playbook::load("demo".into(), &layers);
    Engine::compile(loaded.playbook.expect("the pack is clean")).unwrap()
}

/// Beginnings and ends of the base pack's phrases.
fn pieces(base: &Layer) -> Vec<String> {
    let loaded = Playbook::load("demo".into(), std::slice::from_ref(base)).playbook.unwrap();
    let wordings = loaded.intents.values().filter_map(|intent| intent.wording.get(&Language::Zh));
    let phrases: Vec<String> = wordings.flat_map(|wording| &wording.phrases).map(|line| line.text.clone()).collect();
    let halves = phrases.iter().flat_map(|phrase| {
        let letters: Vec<char> = phrase.chars().collect();
        let (first, last) = letters.split_at(letters.len() / 2);
        [first.iter().collect::<String>(), last.iter().collect()]
    });
    halves.filter(|half| half.chars().count() >= 2).collect()
}

/// An intent of phrases that begin like real ones and mean nothing.
fn made(n: usize, pieces: &[String]) -> SourceFile {
    let mut text = String::from("means: The customer says something made up\nzh:\n  phrases: |\n");
    // A small linear congruential generator: the same file in every run.
    let mut state = n as u64 * 2_654_435_761 + 1;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..PHRASES {
        let (a, b, c) = (next(pieces.len()), next(pieces.len()), next(pieces.len()));
        writeln!(text, "    {}{}{}", pieces[a], pieces[b], pieces[c]).unwrap();
    }
    SourceFile::new(format!("intents/made/up_{n}.yaml"), text)
}

fn phrases(engine: &Engine) -> usize {
    let wordings = engine.playbook.intents.values().flat_map(|intent| intent.wording.values());
    wordings.map(|wording| wording.phrases.len() + wording.whole.len() + wording.together.len()).sum()
}

fn messages(engine: &Engine) -> Vec<TurnInput> {
    let wordings = engine.playbook.intents.values().flat_map(|intent| intent.wording.values());
    wordings.flat_map(|wording| &wording.examples).map(|line| input(engine, &line.text)).collect()
}

fn input(engine: &Engine, text: &str) -> TurnInput {
    let now = At(1_794_000_000_000);
    let message = Message::plain("m".into(), text, now);
    TurnInput {
        id: "t".into(),
        shop: engine.playbook.shop.clone(),
        channel: "bench".into(),
        conversation: "c".into(),
        customer: Customer::default(),
        messages: vec![message],
        state: Default::default(),
        mode: Mode::Auto,
        intent_modes: Default::default(),
        neighbours: None,
        now,
    }
}
