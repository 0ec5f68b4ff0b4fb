//! Rows of texts that must be found, and of their neighbours that must not.

mod amounts_en;
mod amounts_zh;
mod links;
mod words;

use super::*;
use crate::playbook::diagnostic::Diagnostic;
use crate::playbook::guard::Guard;

/// Settings as a shop writes them.
fn settings(text: &str) -> Settings {
    use crate::playbook::layer::Layer;
    let shop = Layer::of("shop", [("shop.yaml".to_owned(), text.to_owned())]);
    let loaded = crate::playbook::Playbook::load("shop".into(), &[shop]);
    let told: Vec<&Diagnostic> = loaded.mistakes.iter().collect();
    let playbook = loaded.playbook.unwrap_or_else(|| panic!("{told:?}"));
    (*playbook.settings).clone()
}

const AGENT: Speaker = Speaker::Person(Role::Agent);

/// The words that a rule finds.
fn said(rule: Rule, settings: &Settings, text: &str) -> Vec<String> {
    let found = findings(text, settings, AGENT).into_iter();
    found.filter(|finding| finding.rule == rule).map(|finding| finding.said).collect()
}

/// Each row is found by the rule just once, or not at all; all that aren't are told together.
fn check(rule: Rule, settings: &Settings, are_found: bool, rows: &[&str]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|row| (row, said(rule, settings, row)))
        .filter(|(_, found)| found.is_empty() == are_found)
        .map(|(row, found)| format!("{row} → {found:?}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
