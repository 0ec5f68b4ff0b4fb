//! The order summary in words: the demo shop's orders, one of each state, as a person reads them in both languages.

use std::path::Path;

use xiaoer::decide::order_card;
use xiaoer::domain::{At, Language, OrderState};
use xiaoer::orders::{FileSource, OrderSource as _, SummaryRules, summarise};
use xiaoer::shops::load_playbook;

const NOW: At = At(1_794_291_600_000);

#[tokio::test]
async fn every_state_reads_well_in_both_languages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("shops/demo");
    let playbook = load_playbook(&"demo".into(), &folder).unwrap().playbook.expect("the demo shop is clean");
    let text = std::fs::read_to_string(folder.join("orders.yaml")).unwrap();
    let source = FileSource::read(&text, playbook.settings.time_zone.clone()).unwrap().as_of(NOW.plus(-90_000));
    let rules = SummaryRules {
        ship_within_ms: playbook.facts.millis("ship_within"),
        stuck_after_ms: playbook.facts.millis("stuck_after").unwrap(),
        refund_within_ms: playbook.facts.millis("refund_within"),
    };
    let mut shown = String::new();
    let mut states: Vec<OrderState> = Vec::new();
    for number in text.lines().filter_map(|line| line.trim().strip_prefix("- number: \"")?.split('"').next()) {
        let order = source.by_number(&number.into(), NOW).await.unwrap().expect("it stands in the file");
        let summary = summarise(&order, &rules, NOW);
        if states.contains(&summary.state) {
            continue;
        }
        states.push(summary.state);
        for language in Language::ALL {
            let card = order_card(&playbook, &summary, language);
            shown.push_str(&format!("## {number} {}\n{}\n", language.key(), card.headline));
            for line in card.lines {
                shown.push_str(&format!("{}: {}   ({})\n", line.label, line.value, line.origin));
            }
            shown.push('\n');
        }
    }
    assert_eq!(states.len(), 12, "the demo shop has an order of each state: {states:?}");
    insta::assert_snapshot!(shown);
}
