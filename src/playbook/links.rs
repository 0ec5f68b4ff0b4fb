//! The `links:` and `embed:` parts of `shop.yaml`: the hosts whose addresses may be sent to customers, and the pages that
//! may show the desk inside them.

use super::diagnostic::Diagnostic;
use super::keys;
use super::tree::{Node, SourceFile, Value};

/// How a host is written.
pub(super) const HOST_FORM: &str = "shop.example.com";
/// How an origin is written.
pub(super) const ORIGIN_FORM: &str = "https://desk.example.com";
/// A host as a pattern, for editors. Names in other scripts are written as browsers send them: `xn--…`.
pub(super) const HOST_PATTERN: &str =
    "^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$";
/// An origin as a pattern, for editors.
pub(super) const ORIGIN_PATTERN: &str = "^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\\d{1,5})?$";

/// The hosts whose addresses may be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    hosts: Vec<String>,
}

impl Links {
    /// These hosts.
    #[must_use]
    pub fn of(hosts: &[&str]) -> Self {
        Self { hosts: hosts.iter().map(|host| host.to_lowercase()).collect() }
    }

    /// Whether an address of this host (lower case) may be sent: it is on the list, or lies below one that is.
    #[must_use]
    pub fn allow(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.');
        let is_below =
            |known: &str| host.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        self.hosts.iter().any(|known| is_below(known))
    }

    /// Reads the list; what is no host is told.
    pub(super) fn read(file: &SourceFile, node: &Node, mistakes: &mut Vec<Diagnostic>) -> Self {
        Self { hosts: read(file, node, ("links", HOST_FORM), is_host, mistakes) }
    }
}

/// Reads the origins that may embed the desk; what is no origin is told.
pub(super) fn read_origins(file: &SourceFile, node: &Node, mistakes: &mut Vec<Diagnostic>) -> Vec<String> {
    read(file, node, ("embed", ORIGIN_FORM), is_origin, mistakes)
}

/// The entries that are right, in lower case.
fn read(
    file: &SourceFile,
    node: &Node,
    (key, form): (&str, &str),
    is_right: fn(&str) -> bool,
    mistakes: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let one = std::slice::from_ref(node);
    let items = match &node.value {
        Value::List(items) => items,
        Value::Nothing => return Vec::new(),
        Value::Text(_) | Value::Map(_) => one,
    };
    let mut read = Vec::new();
    for item in items {
        match item.text().map(str::to_lowercase).filter(|text| is_right(text)) {
            Some(text) => read.push(text),
            None => mistakes.push(keys::bad_value(file, item, key, form)),
        }
    }
    read
}

/// A host alone: no scheme, no path, no port, at least two labels, letters in the last.
fn is_host(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    let is_tld = |label: &&str| label.starts_with(|c: char| c.is_ascii_alphabetic());
    labels.len() > 1 && labels.iter().all(|label| is_label(label)) && labels.last().is_some_and(is_tld)
}

/// `https://host` or `https://host:8443`, and nothing after it: it goes into a header as it stands.
fn is_origin(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
    let is_port = |port: &str| port.bytes().all(|digit| digit.is_ascii_digit()) && port.parse::<u16>().is_ok();
    host.split('.').all(is_label) && port.is_none_or(is_port)
}

fn is_label(label: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(is_inner)
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    fn told(text: &str, origins: bool) -> Vec<&'static str> {
        let file = SourceFile::new("shop.yaml", text);
        let mut mistakes = Vec::new();
        let node = file.parse().unwrap();
        if origins {
            read_origins(&file, &node, &mut mistakes);
        } else {
            Links::read(&file, &node, &mut mistakes);
        }
        mistakes.iter().map(|mistake| mistake.code).collect()
    }

    #[test]
    fn a_host_lets_those_below_it_through_and_no_look_alike() {
        let links = Links::of(&["Example.com", "shop.tmall.com"]);
        for host in ["example.com", "www.example.com", "example.com.", "item.shop.tmall.com"] {
            assert!(links.allow(host), "{host}");
        }
        for host in ["badexample.com", "example.com.evil.cn", "tmall.com", "com", "", "example.co"] {
            assert!(!links.allow(host), "{host}");
        }
        assert!(!Links::default().allow("example.com"));
    }

    #[test]
    fn hosts_and_origins_are_told_from_what_is_none() {
        let hosts = Regex::new(HOST_PATTERN).unwrap();
        for (text, is_right) in [
            ("shop.example.com", true),
            ("xn--fiq228c.com", true),
            ("https://shop.example.com", false),
            ("shop.example.com/a", false),
            ("*.example.com", false),
            ("localhost", false),
            ("10.0.0.1", false),
            ("-a.com", false),
        ] {
            assert_eq!((is_host(text), hosts.is_match(text)), (is_right, is_right), "{text}");
            assert_eq!(told(&format!("[\"{text}\"]"), false).is_empty(), is_right, "{text}");
        }
        for (text, is_right) in [
            ("https://desk.example.com", true),
            ("http://localhost:8080", true),
            ("https://desk.example.com/", false),
            ("https://*.example.com", false),
            ("https://desk.example.com; script-src *", false),
            ("desk.example.com", false),
            ("https://desk.example.com:99999", false),
            ("javascript://x", false),
            ("https://", false),
        ] {
            assert_eq!(is_origin(text), is_right, "{text}");
            assert_eq!(told(&format!("\"{text}\""), true).is_empty(), is_right, "{text}");
        }
        assert_eq!(told("{a: b}", false), ["bad-value"]);
        assert!(told("[]", false).is_empty());
    }
}
