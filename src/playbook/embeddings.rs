//! The `embeddings:` part of `shop.yaml`: an endpoint that helps where the bot is unsure.

use super::channel_settings::{SecretSource, secret_in_file};
use super::diagnostic::{Bilingual, Diagnostic};
use super::keys;
use super::tree::{Key, Node, SourceFile};

/// Its keys.
pub(super) const KEYS: &[&str] = &["url", "model", "key", "timeout"];

/// How it is written.
pub(super) const FORM: &str = "{url: http://127.0.0.1:8080, model: NAME, key: env:NAME, timeout: 300ms}";

/// A turn waits so long unless the settings say otherwise, in milliseconds.
const TIMEOUT: u64 = 300;
/// No turn waits longer.
const LONGEST_TIMEOUT: u64 = 2_000;

/// Where vectors of texts come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddingsSettings {
    /// The address before `/v1/embeddings`.
    pub url: String,
    /// The model's name, as the endpoint knows it.
    pub model: String,
    /// Where the key is, if it wants one.
    pub key: Option<SecretSource>,
    /// A turn waits so long at most, in milliseconds.
    pub timeout_ms: u64,
}

/// Reads the section; what is wrong in it is told.
pub(super) fn read(
    file: &SourceFile,
    at: &Key,
    node: &Node,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<EmbeddingsSettings> {
    let (mut url, mut model, mut secret, mut timeout_ms) = (None, None, None, TIMEOUT);
    let told = mistakes.len();
    for (key, _, value) in keys::known(file, node, KEYS, mistakes) {
        let text = value.text().filter(|text| !text.is_empty());
        let is_read = match (key, text) {
            ("url", Some(text)) if is_address(text) => url.replace(text.to_owned()).is_none(),
            ("model", Some(text)) => model.replace(text.to_owned()).is_none(),
            ("timeout", Some(text)) => millis(text).map(|millis| timeout_ms = millis).is_some(),
            ("key", Some(text)) => {
                match SecretSource::parse(text) {
                    Some(SecretSource::Generated) => {}
                    Some(source) => secret = Some(source),
                    None => {
                        mistakes.push(secret_in_file(file, value));
                        continue;
                    }
                }
                secret.is_some()
            }
            _ => false,
        };
        if !is_read {
            mistakes.push(keys::bad_value(file, value, key, form(key)));
        }
    }
    let missing = [("url", url.is_none()), ("model", model.is_none())].into_iter().find(|(_, is_missing)| *is_missing);
    if let Some((key, _)) = missing.filter(|_| mistakes.len() == told) {
        let message = Bilingual::new(format!("embeddings 缺少 {key}"), format!("`embeddings` needs `{key}`"));
        let place = file.place(at.line, at.column, at.name.chars().count());
        let help = Bilingual::new(format!("写成 {FORM}"), format!("write {FORM}"));
        mistakes.push(keys::with_line(file, Diagnostic::error("bad-value", place, message).with_help(help)));
    }
    Some(EmbeddingsSettings { url: url?, model: model?, key: secret, timeout_ms })
}

fn is_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/')) && !text.contains(char::is_whitespace)
}

/// `300ms` or `1s`.
fn millis(text: &str) -> Option<u64> {
    let (number, one) = match text.strip_suffix("ms") {
        Some(number) => (number, 1),
        None => (text.strip_suffix('s')?, 1_000),
    };
    let millis = number.trim().parse::<u64>().ok()?.checked_mul(one)?;
    (1..=LONGEST_TIMEOUT).contains(&millis).then_some(millis)
}

fn form(key: &str) -> &'static str {
    match key {
        "url" => "http://127.0.0.1:8080 · https://…",
        "key" => "env:NAME · file:PATH",
        "timeout" => "300ms · 1s (2s)",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Option<EmbeddingsSettings>, Vec<Diagnostic>) {
        let file = SourceFile::new("shop.yaml", format!("embeddings: {text}\n"));
        let tree = file.parse().unwrap();
        let (at, node) = &tree.entries()[0];
        let mut mistakes = Vec::new();
        (read(&file, at, node, &mut mistakes), mistakes)
    }

    #[test]
    fn an_endpoint_is_named_with_its_model() {
        let (read, mistakes) = read_text(
            "{url: \"https://api.example\", model: text-embedding-3-small, key: env:EMBEDDINGS_KEY, timeout: 1s}",
        );
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let read = read.unwrap();
        assert_eq!((read.timeout_ms, read.key), (1_000, Some(SecretSource::Environment("EMBEDDINGS_KEY".into()))));
        assert_eq!(read_text("{url: \"http://127.0.0.1:8080\", model: e5}").0.unwrap().timeout_ms, 300);
    }

    #[test]
    fn what_is_wrong_is_told_once_and_no_secret_is_shown() {
        for (text, code) in [
            ("{url: \"http://a\"}", "bad-value"),
            ("{model: e5}", "bad-value"),
            ("{url: localhost, model: e5}", "bad-value"),
            ("{url: \"http://a\", model: e5, timeout: 300}", "bad-value"),
            ("{url: \"http://a\", model: e5, timeout: 10s}", "bad-value"),
            ("{url: \"http://a\", model: e5, key: generated}", "bad-value"),
            ("{url: \"http://a\", model: e5, modle: e5}", "unknown-key"),
            ("{url: \"http://a\", model: e5, key: abc123}", "secret-in-file"),
        ] {
            let (_, mistakes) = read_text(text);
            let told: Vec<&str> = mistakes.iter().map(|mistake| mistake.code).collect();
            assert_eq!(told, [code], "{text}");
            assert!(!format!("{mistakes:?}").contains("abc123"));
        }
    }
}
