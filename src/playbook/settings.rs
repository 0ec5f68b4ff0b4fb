//! `shop.yaml`: who the shop is, when people are there, how much the bot may do, through which channels.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::assignment::Assignment;
use super::channel_settings;
use super::diagnostic::{Bilingual, Diagnostic};
use super::embeddings::{self, EmbeddingsSettings};
use super::facts::{Facts, Length, Local};
use super::flags::{self, Flags};
use super::guard::Guard;
use super::hours::HumanHours;
use super::keys;
use super::layer::Kind;
use super::limits::Limits;
use super::links::{self, Links};
use super::order_settings::OrdersSettings;
use super::span;
use super::tree::{Key, Node, SourceFile};
use crate::domain::{At, ChannelName, IntentId, Language, MINUTE, Mode, QueueName, SECOND};

pub use super::channel_settings::{ChannelSettings, Delivery, SecretSource, SendTo};

pub(super) const KEYS: &[&str] = &[
    "name",
    "languages",
    "extends",
    "group",
    "time_zone",
    "mode",
    "modes",
    "tone",
    "human_hours",
    "while_waiting",
    "idle_close",
    "keep_days",
    "thresholds",
    "limits",
    "flags",
    "queues",
    "assignment",
    "reply_within",
    "guard",
    "links",
    "embed",
    "channels",
    "orders",
    "embeddings",
    "order_numbers",
    "facts",
    "try_page",
    "risk_words",
];

/// What a group's `shop.yaml` doesn't hand down to the shops that extend it: what is of one shop alone.
const OWN_KEYS: &[&str] = &["name", "extends", "group", "channels", "orders", "try_page"];

/// What `shop.yaml` says, with defaults for what it doesn't.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The shop's name by language.
    pub name: Local,
    /// The languages it speaks; the first is the fallback.
    pub languages: Vec<Language>,
    /// For every time that is shown.
    pub time_zone: TimeZone,
    /// How much the bot may do.
    pub mode: Mode,
    /// How much it may do about one intent.
    pub intent_modes: BTreeMap<IntentId, Mode>,
    /// The tone of the replies.
    pub tone: String,
    /// When people are there. `None`: always.
    pub human_hours: Option<HumanHours>,
    /// Whether the bot answers sure and harmless questions until a person takes the chat.
    pub while_waiting: WhileWaiting,
    /// A chat with no message for so long, in milliseconds, is over.
    pub idle_close: i64,
    /// At or above this the bot answers: 0 to 1.
    pub answer_threshold: f32,
    /// Two readings closer than this are asked about.
    pub ambiguous_gap: f32,
    /// The queues of the desk.
    pub queues: Vec<QueueName>,
    /// Who gets a chat that waits.
    pub assignment: Assignment,
    /// A chat whose holder leaves the customer without an answer for so long goes back to waiting, in milliseconds.
    pub reply_within: i64,
    /// What is done about words that must not be sent.
    pub guard: Guard,
    /// How much money a role may give away.
    pub limits: Limits,
    /// The colours that chats are marked with, and what they mean here.
    pub flags: Flags,
    /// The hosts whose addresses may be sent.
    pub links: Links,
    /// The origins of the pages that may show the desk inside them.
    pub embed: Vec<String>,
    /// The ways in.
    pub channels: BTreeMap<ChannelName, ChannelSettings>,
    /// Where orders are looked up.
    pub orders: Option<OrdersSettings>,
    /// An endpoint that helps where the bot is unsure.
    pub embeddings: Option<EmbeddingsSettings>,
    /// Patterns of the shop's order numbers.
    pub order_numbers: Vec<String>,
    /// Whether `/try/{shop}` is served.
    pub try_page: bool,
    /// Whether this folder is there for others to extend, and no shop itself.
    pub group: bool,
    /// Words of the shop's own that send a chat to a person at once.
    pub risk_words: Vec<String>,
}

/// What the bot does while nobody has taken a chat that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhileWaiting {
    /// Answers sure and harmless questions.
    Answer,
    /// Keeps still.
    Silent,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: Local::same(""),
            languages: Language::ALL.to_vec(),
            time_zone: TimeZone::UTC,
            mode: Mode::Auto,
            intent_modes: BTreeMap::new(),
            tone: "plain".to_owned(),
            human_hours: None,
            while_waiting: WhileWaiting::Answer,
            idle_close: 30 * MINUTE,
            answer_threshold: 0.85,
            ambiguous_gap: 0.10,
            queues: Vec::new(),
            assignment: Assignment::default(),
            reply_within: 180 * SECOND,
            guard: Guard::default(),
            limits: Limits::default(),
            flags: Flags::new(),
            links: Links::default(),
            embed: Vec::new(),
            channels: BTreeMap::new(),
            orders: None,
            embeddings: None,
            order_numbers: Vec::new(),
            try_page: false,
            group: false,
            risk_words: Vec::new(),
        }
    }
}

impl Settings {
    /// Whether people are there.
    #[must_use]
    pub fn people_are_there(&self, now: At) -> bool {
        self.human_hours.as_ref().is_none_or(|hours| hours.contain(now, &self.time_zone))
    }

    /// How much the bot may do on a channel.
    #[must_use]
    pub fn mode_of(&self, channel: &ChannelName) -> Mode {
        self.channels.get(channel).and_then(|channel| channel.mode).map_or(self.mode, |mode| mode.min(self.mode))
    }

    /// Reads a `shop.yaml` over those of the layers below; what is wrong in it is told and left as it was.
    pub(super) fn read(
        &mut self,
        kind: Kind,
        file: &SourceFile,
        node: &Node,
        facts: &mut Facts,
        mistakes: &mut Vec<Diagnostic>,
    ) {
        for (key, at, value) in keys::known(file, node, KEYS, mistakes) {
            if kind == Kind::Group && OWN_KEYS.contains(&key) {
                continue;
            }
            match key {
                // Followed when the layers are read.
                "extends" => {}
                "facts" => facts.read(file, value, mistakes),
                "channels" => channel_settings::read(&mut self.channels, file, value, mistakes),
                "orders" => self.read_orders(file, at, mistakes),
                "embeddings" => self.embeddings = embeddings::read(file, at, value, mistakes),
                "guard" => self.guard.read(file, value, mistakes),
                "limits" => self.limits.read(file, value, mistakes),
                "flags" => flags::read(&mut self.flags, file, value, mistakes),
                "assignment" => self.assignment.read(file, value, mistakes),
                "links" => self.links = Links::read(file, value, mistakes),
                "embed" => self.embed = links::read_origins(file, value, mistakes),
                _ => {
                    if self.read_key(key, value).is_none() {
                        mistakes.push(keys::bad_value(file, value, key, form(key)));
                    }
                }
            }
        }
    }

    fn read_key(&mut self, key: &str, value: &Node) -> Option<()> {
        match key {
            "name" => self.name = Local::read(value)?,
            "languages" => {
                self.languages = value.items().into_iter().map(Language::parse).collect::<Option<_>>()?;
                (!self.languages.is_empty()).then_some(())?;
            }
            "time_zone" => self.time_zone = TimeZone::get(value.text()?).ok()?,
            "mode" => self.mode = Mode::parse(value.text()?)?,
            "modes" => {
                for (intent, mode) in value.entries() {
                    self.intent_modes.insert(intent.name.as_str().into(), Mode::parse(mode.text()?)?);
                }
            }
            "tone" => self.tone = value.text()?.to_owned(),
            "human_hours" => self.human_hours = Some(HumanHours::parse(value.text()?)?),
            "while_waiting" => {
                self.while_waiting = match value.text()? {
                    "answer" => WhileWaiting::Answer,
                    "silent" => WhileWaiting::Silent,
                    _ => return None,
                }
            }
            "idle_close" => self.idle_close = Length::parse(value.text()?)?.millis(),
            "reply_within" => self.reply_within = span::millis(value.text()?)?,
            // Nothing is deleted by age yet; a wrong number is told all the same.
            "keep_days" => drop(value.text()?.parse::<u32>().ok()?),
            "thresholds" => self.read_thresholds(value)?,
            "queues" => self.queues = value.entries().iter().map(|(key, _)| key.name.as_str().into()).collect(),
            "order_numbers" => self.order_numbers = value.items().into_iter().map(str::to_owned).collect(),
            "try_page" => self.try_page = value.text()?.parse().ok()?,
            "group" => self.group = value.text()?.parse().ok()?,
            "risk_words" => self.risk_words = value.items().into_iter().map(str::to_owned).collect(),
            _ => {}
        }
        Some(())
    }

    fn read_thresholds(&mut self, value: &Node) -> Option<()> {
        for (key, number) in value.entries() {
            let number: f32 = number.text()?.parse().ok()?;
            let field = match key.name.as_str() {
                "answer" => &mut self.answer_threshold,
                "ambiguous_gap" => &mut self.ambiguous_gap,
                _ => return None,
            };
            *field = (0.0..=1.0).contains(&number).then_some(number)?;
        }
        Some(())
    }

    /// The orders section has a shape of its own; serde reads it out of the same text.
    fn read_orders(&mut self, file: &SourceFile, key: &Key, mistakes: &mut Vec<Diagnostic>) {
        #[derive(serde::Deserialize)]
        struct OrdersOnly {
            orders: OrdersSettings,
        }
        let options = serde_saphyr::options! { with_snippet: false };
        match serde_saphyr::from_str_with_options::<OrdersOnly>(&file.text, options) {
            Ok(read) => self.orders = Some(read.orders),
            Err(error) => {
                let said = error.without_snippet().to_string();
                let message =
                    Bilingual::new(format!("orders 读不懂：{said}"), format!("`orders` can't be read: {said}"));
                let place = file.place(key.line, key.column, key.name.chars().count());
                mistakes.push(keys::with_line(file, Diagnostic::error("bad-value", place, message)));
            }
        }
    }
}

fn form(key: &str) -> &'static str {
    match key {
        "languages" => "[zh, en]",
        "time_zone" => "Asia/Shanghai · Europe/London …",
        "mode" | "modes" => "shadow · suggest · auto",
        "human_hours" => "\"09:00-23:00\"",
        "while_waiting" => "answer · silent",
        "idle_close" => "30m · 2h",
        "thresholds" => "{answer: 0.85, ambiguous_gap: 0.10}",
        "try_page" | "group" => "true · false",
        "keep_days" => "180",
        "reply_within" => span::FORM,
        _ => "text · {zh: …, en: …}",
    }
}
