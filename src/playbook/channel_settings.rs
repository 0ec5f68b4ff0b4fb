//! The `channels:` part of `shop.yaml`: the ways in and out, and where their secrets are.

use std::collections::BTreeMap;

use super::diagnostic::{Bilingual, Diagnostic};
use super::keys;
use super::span::millis;
use super::tree::{Node, SourceFile};
use crate::domain::{ChannelName, Mode};

/// The keys of one channel.
pub(super) const KEYS: &[&str] = &["kind", "secret", "send_url", "delivery", "mode", "recall"];

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
    /// So long after a message was sent the platform can still take it back, in milliseconds. `None`: it cannot.
    pub recall: Option<i64>,
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

/// Reads the section over what the layers below say; what is wrong in it is told.
pub(super) fn read(
    channels: &mut BTreeMap<ChannelName, ChannelSettings>,
    file: &SourceFile,
    node: &Node,
    mistakes: &mut Vec<Diagnostic>,
) {
    for (name, channel) in node.entries() {
        let mut read = ChannelSettings::new();
        for (key, _, value) in keys::known(file, channel, KEYS, mistakes) {
            if key == "secret" && value.text().is_some_and(|text| SecretSource::parse(text).is_none()) {
                mistakes.push(secret_in_file(file, value));
            } else if read.read_key(key, value).is_none() {
                mistakes.push(keys::bad_value(file, value, key, form(key)));
            }
        }
        channels.insert(name.name.as_str().into(), read);
    }
}

impl ChannelSettings {
    fn new() -> Self {
        Self {
            kind: "standard".to_owned(),
            secret: None,
            send_to: SendTo::Unset,
            delivery: Delivery::AtMostOnce,
            mode: None,
            recall: None,
        }
    }

    fn read_key(&mut self, key: &str, value: &Node) -> Option<()> {
        let text = value.text()?;
        match key {
            "kind" => self.kind = text.to_owned(),
            "secret" => self.secret = Some(SecretSource::parse(text)?),
            "send_url" => {
                self.send_to = match text {
                    "none" => SendTo::Api,
                    url => SendTo::Url(url.to_owned()),
                }
            }
            "mode" => self.mode = Some(Mode::parse(text)?),
            "recall" => self.recall = Some(millis(text)?),
            _ => {
                self.delivery = match text {
                    "at_most_once" => Delivery::AtMostOnce,
                    "at_least_once" => Delivery::AtLeastOnce,
                    _ => return None,
                }
            }
        }
        Some(())
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
        "kind" => "standard",
        "secret" => "env:NAME · file:PATH · generated",
        "send_url" => "https://… · none",
        "mode" => "shadow · suggest · auto",
        "recall" => "2m · 90s",
        _ => "at_most_once · at_least_once",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Language, MINUTE};

    fn read_text(text: &str) -> (BTreeMap<ChannelName, ChannelSettings>, Vec<Diagnostic>) {
        let file = SourceFile::new("shop.yaml", text);
        let (mut channels, mut mistakes) = (BTreeMap::new(), Vec::new());
        read(&mut channels, &file, &file.parse().unwrap(), &mut mistakes);
        (channels, mistakes)
    }

    #[test]
    fn a_secret_in_the_file_is_refused_and_not_shown() {
        let (_, mistakes) = read_text("web: {kind: standard, secret: whsec_abc}\n");
        assert_eq!(mistakes[0].code, "secret-in-file");
        assert!(!mistakes[0].render(Language::En).contains("whsec"));
    }

    #[test]
    fn how_long_a_message_can_be_taken_back_is_a_span() {
        let (channels, mistakes) = read_text("web: {recall: 2m}\napp: {kind: standard}\n");
        let recall = |name: &str| channels[&ChannelName::from(name)].recall;
        assert_eq!((recall("web"), recall("app"), mistakes.len()), (Some(2 * MINUTE), None, 0));
        for text in ["web: {recall: 2}", "web: {recall: soon}", "web: {recall: 0s}", "web: {delivery: twice}"] {
            let told: Vec<&str> = read_text(text).1.iter().map(|mistake| mistake.code).collect();
            assert_eq!(told, ["bad-value"], "{text}");
        }
    }
}
