//! Lines of the layers below, and several clicks in a row.

use super::*;

const BASE: &str = "means: x\nzh:\n  phrases: |\n    包邮吗\n    免邮吗\n  unless: |\n    退\n";

#[test]
fn a_phrase_of_a_layer_below_is_named_in_remove_and_an_own_one_is_taken_out() {
    let drop = Amendment::DropPhrase(line("包邮吗"));
    for (own, wanted) in [
        (None, Some("zh:\n  remove: |\n    包邮吗\n")),
        (Some("zh:\n  remove: |\n    免邮吗\n"), Some("zh:\n  remove: |\n    免邮吗\n    包邮吗\n")),
        (
            Some("zh:\n  phrases: |\n    甲乙\n    包邮吗\n"),
            Some("zh:\n  phrases: |\n    甲乙\n  remove: |\n    包邮吗\n"),
        ),
        (Some("zh:\n  remove: |\n    包邮吗\n  phrases: |\n    包邮吗\n"), Some("zh:\n  remove: |\n    包邮吗\n")),
    ] {
        assert_eq!(over(INTENT, own, BASE, &drop).as_ref().map(Option::as_deref), Ok(wanted), "{own:?}");
    }
    let gone = "zh:\n  remove: |\n    包邮吗\n";
    assert_eq!(over(INTENT, Some(gone), BASE, &drop), Err(Refusal::NotThere));
    assert_eq!(over(INTENT, None, BASE, &Amendment::DropPhrase(line("没有这句"))), Err(Refusal::NotThere));
    // Whichever list and language it stands under.
    let base = format!("{BASE}  whole: |\n    是包邮\n");
    let own = "zh:\n  整句: |\n    是包邮\n    甲乙\n";
    let whole = over(INTENT, Some(own), &base, &Amendment::DropPhrase(line("是包邮")));
    assert_eq!(whole, Ok(Some("zh:\n  整句: |\n    甲乙\n  remove: |\n    是包邮\n".to_owned())));
    let english = Amendment::DropPhrase(line("ok 吗"));
    let own = "# 本店\nen:\n  phrases: |\n    ok 吗\nurgency: low\n";
    assert_eq!(over(INTENT, Some(own), BASE, &english), Ok(Some("# 本店\nurgency: low\n".to_owned())));
    let own = "en:\n  phrases: ok 吗\n";
    assert_eq!(over(INTENT, Some(own), BASE, &english), Ok(None), "nothing is left of the file");
}

#[test]
fn what_a_layer_below_says_is_not_said_again_unless_it_was_taken_away() {
    let phrase = Amendment::Phrase(line("包邮吗"));
    assert_eq!(over(INTENT, None, BASE, &phrase), Err(Refusal::AlreadyThere));
    let again = over(INTENT, Some("zh:\n  remove: |\n    包邮吗\n"), BASE, &phrase).unwrap().unwrap();
    assert_eq!(again, "zh:\n  phrases: |\n    包邮吗\n  remove: |\n    包邮吗\n");
    assert_eq!(layers::lines(&[BASE, &again], Language::Zh, "phrases"), ["免邮吗", "包邮吗"]);
}

#[test]
fn several_clicks_in_a_row_make_one_file() {
    let clicks = [
        Amendment::DropPhrase(line("包邮吗")),
        Amendment::ShouldNotMatch(line("包邮吗")),
        Amendment::Phrase(line("要邮费不")),
        Amendment::Veto(line("运费险")),
        Amendment::Example(line("你们家，要邮费不？")),
        Amendment::ShouldMatch(line("要邮费不")),
        Amendment::Together(line("满 包邮")),
        Amendment::Phrase(line("is it free")),
        Amendment::Phrase(line("出邮费不")),
    ];
    let mut own: Option<String> = None;
    for click in &clicks {
        own = over(INTENT, own.as_deref(), BASE, click).unwrap_or_else(|refusal| panic!("{click:?}: {refusal}"));
        let again = over(INTENT, own.as_deref(), BASE, click).unwrap_err();
        assert!(matches!(again, Refusal::AlreadyThere | Refusal::NotThere), "{click:?}: {again}");
    }
    let wanted = "zh:\n  phrases: |\n    要邮费不\n    出邮费不\n  unless: |\n    运费险\n  together: |\n    满 包邮\n  \
                  examples: |\n    你们家，要邮费不？\n  should_match: |\n    要邮费不\n  should_not_match: |\n    包邮吗\n  \
                  remove: |\n    包邮吗\nen:\n  phrases: |\n    is it free\n";
    let own = own.unwrap();
    assert_eq!(own, wanted, "\n{own}");
    assert_eq!(crate::playbook::format::format(INTENT, &own).as_deref(), Ok(wanted), "as the house lays it out");
}

#[test]
fn what_a_layer_takes_away_is_not_what_it_says_itself() {
    use crate::playbook::Loaded;
    use crate::playbook::layer::{Kind, Layer};
    let of = |kind, name: &str, text: &str| Layer { kind, ..Layer::of(name, [(INTENT.to_owned(), text.to_owned())]) };
    let own = "zh:\n  should_not_match: |\n    包邮吗\n  remove: |\n    包邮吗\n";
    let layers = [Layer::base(), of(Kind::Group, "brand", BASE), of(Kind::Shop, "shop", own)];
    let Loaded { playbook, mistakes } = crate::playbook::Playbook::load("shop".into(), &layers);
    let playbook = playbook.unwrap_or_else(|| panic!("{mistakes:#?}"));
    let wording = &playbook.intents[&IntentId::from("a/b")].wording[&Language::Zh];
    assert_eq!(wording.phrases.iter().map(|line| &*line.text).collect::<Vec<_>>(), ["免邮吗"]);
    assert_eq!(wording.should_not_match.iter().map(|line| &*line.text).collect::<Vec<_>>(), ["包邮吗"]);
}

#[test]
fn new_files_are_new() {
    let files = |text: &str| Amendment::Files { files: BTreeMap::from([(INTENT.to_owned(), text.to_owned())]) };
    assert_eq!(amended(INTENT, None, &files("means: y\n")), Ok(Some("means: y\n".to_owned())));
    assert_eq!(amended(INTENT, Some("means: y\n"), &files("means: y\n")), Err(Refusal::AlreadyThere));
    assert_eq!(amended(INTENT, Some("means: z\n"), &files("means: y\n")).unwrap_err().code(), "file-exists");
}
