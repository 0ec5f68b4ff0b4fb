//! What turns of recorded chats mean, as people labelled them.

use std::collections::HashMap;

use anyhow::{Context as _, ensure};

use crate::domain::IntentId;

/// The meaning of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// As it was written: readings parted by `|`, the intents of one by `+`; `none` and `other` are no intents.
    pub(super) text: String,
    /// Whoever sees this turn alone knows what is asked.
    pub(super) clear: bool,
    /// A script with the shop's facts is a proper answer.
    pub(super) safe: bool,
}

impl Label {
    /// Whether some reading holds the intent.
    pub(super) fn allows(&self, intent: &IntentId) -> bool {
        self.text.split(['|', '+']).any(|one| one == intent.as_str())
    }

    /// Whether the turn asks for nothing that the pack knows: small talk, fragments, answers.
    pub(super) fn is_no_request(&self) -> bool {
        self.text.split(['|', '+']).all(|one| matches!(one, "none" | "other") || IntentId::from(one).is_talk())
    }
}

/// The label of each turn: dialogue and turn number.
pub(super) type Labels = HashMap<(String, String), Label>;

/// Reads the table.
pub(super) fn read(table: &str) -> anyhow::Result<Labels> {
    let mut lines = table.trim_start_matches('\u{feff}').lines();
    let heads: Vec<&str> = lines.next().context("the file is empty")?.split('\t').map(str::trim).collect();
    ensure!(
        heads == ["dialog", "turn", "intents", "clear", "safe"],
        "the first line has to be: dialog, turn, intents, clear, safe"
    );
    let mut labels = Labels::new();
    for (number, line) in lines.enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let [dialog, turn, intents, clear, safe] = cells[..] else {
            anyhow::bail!("line {}: {} columns, not 5", number + 2, cells.len());
        };
        let label = Label { text: intents.to_owned(), clear: clear == "y", safe: safe == "y" };
        labels.insert((dialog.to_owned(), turn.to_owned()), label);
    }
    ensure!(!labels.is_empty(), "there is no label in it");
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_among_several() {
        let table = "dialog\tturn\tintents\tclear\tsafe\n5\t3\tinvoice/request|invoice/find+talk/thanks\ty\tn\n5\t4\tnone\tn\tn\n";
        let labels = read(table).unwrap();
        let label = &labels[&("5".to_owned(), "3".to_owned())];
        assert!(label.clear && !label.safe && label.allows(&"invoice/find".into()) && !label.is_no_request());
        assert!(!label.allows(&"invoice".into()));
        assert!(labels[&("5".to_owned(), "4".to_owned())].is_no_request());
        let error = |table: &str| read(table).unwrap_err().to_string();
        assert!(error("dialog\tturn\tintents\tclear\tsafe\n5\t3\tnone\n").contains("line 2: 3 columns"));
        assert!(error("dialog\tintents\n").contains("the first line"));
    }
}
