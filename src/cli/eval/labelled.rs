//! Files of messages whose meaning is known.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};

use crate::classify::learnt::Class;
use crate::text::Text;

/// A message and its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// As it was written.
    pub(super) text: String,
    /// In its normal form.
    pub(super) normal: String,
    pub(super) label: String,
}

/// A labelled file.
#[derive(Debug)]
pub(super) struct Labelled {
    pub(super) rows: Vec<Row>,
}

impl Labelled {
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn parse(file: &str) -> anyhow::Result<Self> {
        let lines = file.trim_start_matches('\u{feff}').lines().enumerate();
        let mut rows = Vec::new();
        for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let Some((text, label)) = line.rsplit_once('\t').map(|(text, label)| (text.trim(), label.trim())) else {
                bail!("line {}: there is no tab; a line is TEXT<TAB>LABEL", number + 1);
            };
            ensure!(!text.is_empty(), "line {}: there is no text before the tab", number + 1);
            ensure!(!label.is_empty(), "line {}: there is no label after the tab", number + 1);
            let normal = Text::of(text).normal().to_owned();
            rows.push(Row { text: text.to_owned(), normal, label: label.to_owned() });
        }
        ensure!(!rows.is_empty(), "there is no line in it");
        Ok(Self { rows })
    }

    /// The first messages of each label alone.
    pub(super) fn first(mut self, most: Option<usize>) -> Self {
        let Some(most) = most else { return self };
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        self.rows.retain(|row| {
            let number = seen.entry(row.label.clone()).or_default();
            *number += 1;
            *number <= most
        });
        self
    }

    /// Each label, and its class: their order.
    pub(super) fn labels(&self) -> BTreeMap<&str, Class> {
        let labels: BTreeMap<&str, Class> = self.rows.iter().map(|row| (row.label.as_str(), 0)).collect();
        labels.into_keys().zip(0..).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_what_is_wrong_with_them() {
        let read = Labelled::parse("\u{feff}Where's my parcel?\ttrack\r\n\nrefund\tnow\t money \n").unwrap();
        let rows: Vec<_> = read.rows.iter().map(|row| (row.text.as_str(), row.label.as_str())).collect();
        assert_eq!(rows, [("Where's my parcel?", "track"), ("refund\tnow", "money")]);
        assert_eq!(read.labels().into_iter().collect::<Vec<_>>(), [("money", 0), ("track", 1)]);
        let error = |file: &str| Labelled::parse(file).unwrap_err().to_string();
        assert!(error("a\tb\nno tab\n").starts_with("line 2: there is no tab"));
        assert!(error("a\tb\n\nc\t \n").starts_with("line 3: there is no label"));
        assert!(error("\tb\n").starts_with("line 1: there is no text"));
        assert_eq!(error("\n \n"), "there is no line in it");
    }

    #[test]
    fn the_first_of_each_label() {
        let read = Labelled::parse("1\ta\n2\tb\n3\ta\n4\ta\n5\tb\n").unwrap().first(Some(2));
        assert_eq!(read.rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["1", "2", "3", "5"]);
    }
}
