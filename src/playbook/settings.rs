//! `shop.yaml`: who the shop is, when people are there, how much the bot may do, through which channels.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::diagnostic::{Bilingual, Diagnostic};
use super::embeddings::{self, EmbeddingsSettings};
use super::facts::{Facts, Length, Local};
use super::hours::HumanHours;
use super::keys;
use super::layer::Kind;
use super::order_settings::OrdersSettings;
use super::tree::{Key, Node, SourceFile};
use crate::domain::{At, ChannelName, IntentId, Language, MINUTE, Mode, QueueName};

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
    "guard",
    "channels",
    "orders",
    "embeddings",
    "order_numbers",
    "facts",
    "try_page",
    "risk_words",
];

/// The keys of one channel.
pub(super) const CHANNEL_KEYS: &[&str] = &["kind", "secret", "send_url", "delivery", "mode"];

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

/// One way in and out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelSettings {
    /// Which protocol: `standard`, `try`.
    pub kind: String,
    /// Where its secret is.
    pub secret: Option<SecretSource>,
    /// Where replies go.
    pub send_to: SendTo,
    /// What is done about a send whose result is unknown.
    pub delivery: Delivery,
    /// How much the bot may do here, if other than the shop's.
    pub mode: Option<Mode>,
}

/// Where a channel's replies go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SendTo {
    /// Nothing is said of it: they are kept for the API, and `check` asks whether that is meant.
    #[default]
    Unset,
    /// `send_url: none`: they are kept for whoever reads the conversation in the API.
    Api,
    /// `send_url: https://…`
    Url(String),
}

impl SendTo {
    /// The address, if there is one.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Url(url) => Some(url),
            Self::Unset | Self::Api => None,
        }
    }
}

/// What is done about a send whose result is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// A person looks; the customer never sees it twice.
    #[default]
    AtMostOnce,
    /// Sent again under the same key.
    AtLeastOnce,
}

impl Delivery {
    /// The word in files and tables.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::AtMostOnce => "at_most_once",
            Self::AtLeastOnce => "at_least_once",
        }
    }
}

/// Where a secret is kept. A secret itself never stands in a file that is edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// `env:NAME`
    Environment(String),
    /// `file:PATH`
    File(String),
    /// `generated`: made at the first start, kept in the data folder.
    Generated,
}

impl SecretSource {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            Some(("env", name)) => Some(Self::Environment(name.trim().to_owned())),
            Some(("file", path)) => Some(Self::File(path.trim().to_owned())),
            _ => (text == "generated").then_some(Self::Generated),
        }
    }
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
            if self.read_key(key, value, file, facts, mistakes).is_none() {
                mistakes.push(keys::bad_value(file, value, key, form(key)));
            }
            match key {
                "orders" => self.read_orders(file, at, mistakes),
                "embeddings" => self.embeddings = embeddings::read(file, at, value, mistakes),
                _ => {}
            }
        }
    }

    fn read_key(
        &mut self,
        key: &str,
        value: &Node,
        file: &SourceFile,
        facts: &mut Facts,
        mistakes: &mut Vec<Diagnostic>,
    ) -> Option<()> {
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
            "keep_days" => drop(value.text()?.parse::<u32>().ok()?),
            "thresholds" => self.read_thresholds(value)?,
            "queues" => self.queues = value.entries().iter().map(|(key, _)| key.name.as_str().into()).collect(),
            "channels" => self.read_channels(file, value, mistakes)?,
            "order_numbers" => self.order_numbers = value.items().into_iter().map(str::to_owned).collect(),
            "facts" => facts.read(file, value, mistakes),
            "try_page" => self.try_page = value.text()?.parse().ok()?,
            "group" => self.group = value.text()?.parse().ok()?,
            "risk_words" => self.risk_words = value.items().into_iter().map(str::to_owned).collect(),
            // `extends` is followed when the layers are read; limits, flags and guard are accepted for what is to come, and do nothing yet.
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

    fn read_channels(&mut self, file: &SourceFile, value: &Node, mistakes: &mut Vec<Diagnostic>) -> Option<()> {
        for (name, channel) in value.entries() {
            let mut read = ChannelSettings {
                kind: "standard".to_owned(),
                secret: None,
                send_to: SendTo::Unset,
                delivery: Delivery::AtMostOnce,
                mode: None,
            };
            for (key, _, value) in keys::known(file, channel, CHANNEL_KEYS, mistakes) {
                match key {
                    "kind" => read.kind = value.text()?.to_owned(),
                    "send_url" => {
                        read.send_to = match value.text()? {
                            "none" => SendTo::Api,
                            url => SendTo::Url(url.to_owned()),
                        }
                    }
                    "mode" => read.mode = Some(Mode::parse(value.text()?)?),
                    "delivery" => {
                        read.delivery = match value.text()? {
                            "at_most_once" => Delivery::AtMostOnce,
                            "at_least_once" => Delivery::AtLeastOnce,
                            _ => return None,
                        }
                    }
                    _ => match SecretSource::parse(value.text()?) {
                        Some(secret) => read.secret = Some(secret),
                        None => mistakes.push(secret_in_file(file, value)),
                    },
                }
            }
            self.channels.insert(name.name.as_str().into(), read);
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

pub(super) fn secret_in_file(file: &SourceFile, value: &Node) -> Diagnostic {
    let place = file.place(value.line, value.column, value.text().map_or(1, |text| text.chars().count()));
    let message = Bilingual::new("密钥不能写在文件里", "a secret must not stand in a file");
    // The line is not shown: it holds the secret.
    Diagnostic::error("secret-in-file", place, message).with_help(Bilingual::new(
        "写 env:变量名、file:路径 或 generated（首次启动时生成）",
        "write env:NAME, file:PATH or generated (made at the first start)",
    ))
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
        "channels" => {
            "{kind: standard, secret: env:NAME, send_url: https://… · none, delivery: at_most_once · at_least_once}"
        }
        "try_page" | "group" => "true · false",
        "keep_days" => "180",
        _ => "text · {zh: …, en: …}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_the_file_is_refused_and_not_shown() {
        let text = "channels:\n  web: {kind: standard, secret: whsec_abc}\n";
        let file = SourceFile::new("shop.yaml", text);
        let (mut settings, mut mistakes) = (Settings::default(), Vec::new());
        settings.read(Kind::Shop, &file, &file.parse().unwrap(), &mut Facts::default(), &mut mistakes);
        assert_eq!(mistakes[0].code, "secret-in-file");
        assert!(!mistakes[0].render(Language::En).contains("whsec"));
    }
}
