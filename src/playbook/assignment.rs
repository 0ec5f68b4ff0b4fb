//! The `assignment:` part of `shop.yaml`: who gets a chat that waits.

use super::diagnostic::Diagnostic;
use super::keys;
use super::tree::{Node, SourceFile};

/// Its keys.
pub(super) const KEYS: &[&str] = &["how", "cap"];

/// Nobody holds more chats than this at once.
pub(super) const MOST: usize = 500;

/// Whether chats that wait are taken or given out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum How {
    /// People take them from the queue.
    #[default]
    Manual,
    /// They go to whoever is online and holds the fewest.
    Automatic,
}

impl How {
    /// The words in files.
    pub(super) const KEYS: [&str; 2] = ["manual", "automatic"];
}

/// Who gets a chat that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Whether they are given out.
    pub how: How,
    /// How many chats one person is given at most; people may take more by hand.
    pub cap: usize,
}

impl Default for Assignment {
    fn default() -> Self {
        Self { how: How::Manual, cap: 30 }
    }
}

impl Assignment {
    /// Reads the section over what the layers below say; what is wrong in it is told.
    pub(super) fn read(&mut self, file: &SourceFile, node: &Node, mistakes: &mut Vec<Diagnostic>) {
        for (key, value) in node.entries() {
            let text = value.text();
            match (key.name.as_str(), text) {
                ("how", Some("manual")) => self.how = How::Manual,
                ("how", Some("automatic")) => self.how = How::Automatic,
                ("how", _) => mistakes.push(keys::bad_value(file, value, "how", &How::KEYS.join(" · "))),
                ("cap", _) => match text.and_then(|text| text.parse().ok()).filter(|cap| (1..=MOST).contains(cap)) {
                    Some(cap) => self.cap = cap,
                    None => mistakes.push(keys::bad_value(file, value, "cap", &format!("1–{MOST}"))),
                },
                _ => mistakes.push(keys::unknown(file, key, KEYS)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_and_cap_are_read_and_others_told() {
        for (text, expected, codes) in [
            ("{how: automatic, cap: 8}", Assignment { how: How::Automatic, cap: 8 }, &[][..]),
            ("{how: auto}", Assignment::default(), &["bad-value"]),
            ("{cap: 0}", Assignment::default(), &["bad-value"]),
            ("{cap: many}", Assignment::default(), &["bad-value"]),
            ("{caps: 3}", Assignment::default(), &["unknown-key"]),
        ] {
            let file = SourceFile::new("shop.yaml", text);
            let (mut read, mut mistakes) = (Assignment::default(), Vec::new());
            read.read(&file, &file.parse().unwrap(), &mut mistakes);
            assert_eq!(read, expected, "{text}");
            assert_eq!(mistakes.iter().map(|mistake| mistake.code).collect::<Vec<_>>(), codes, "{text}");
        }
    }
}
