//! The classifier on small playbooks: a row a case, in the words of customers.

use crate::domain::{
    Alarm, Attachment, AttachmentKind, Classification, EvidenceKind, LostWhy, Message, OrderNumber, talk,
};
use crate::playbook::Playbook;
use crate::playbook::layer::Layer;
use crate::playbook::tree::SourceFile;
use crate::text::Text;

use super::Classifier;

mod meant;

/// Intents by id and their wordings, one block a line: `zh phrases: 包邮吗 | 运费`.
fn classifier(intents: &[(&str, &str)]) -> Classifier {
    let file = |path: &str, text: String| SourceFile::new(path, text);
    let mut files = vec![file("shop.yaml", "languages: [zh, en]\norder_numbers: [\"20\\\\d{16}\"]\n".to_owned())];
    files.extend(intents.iter().map(|(id, wording)| file(&format!("intents/{id}.yaml"), yaml(wording))));
    let loaded = Playbook::load("test".into(), &[Layer { files, ..Layer::default() }]);
    assert!(loaded.mistakes.is_empty(), "{:#?}", loaded.mistakes);
    Classifier::compile(&loaded.playbook.unwrap()).unwrap()
}

fn yaml(wording: &str) -> String {
    let mut text = "means: A test.\n".to_owned();
    let mut language = "";
    for line in wording.lines() {
        let (place, items) = line.split_once(": ").unwrap();
        let (of, key) = place.split_once(' ').unwrap();
        if of != language {
            language = of;
            text.push_str(&format!("{language}:\n"));
        }
        text.push_str(&format!("  {key}: |\n"));
        items.split(" | ").for_each(|item| text.push_str(&format!("    {item}\n")));
    }
    text
}

fn message(text: &str) -> Message {
    Message::plain("m".into(), text, crate::domain::At(0))
}

fn read(classifier: &Classifier, texts: &[&str]) -> Classification {
    let messages: Vec<Message> = texts.iter().map(|text| message(text)).collect();
    let read: Vec<Text<'_>> = texts.iter().map(|text| Text::of(text)).collect();
    classifier.classify(&messages, &read)
}

/// A turn's messages parted by ` / `, what stands (parted by spaces, in the order of the words), and why.
fn check(intents: &[(&str, &str)], rows: &[(&str, &str, &str)]) {
    let classifier = classifier(intents);
    for (text, expected, why) in rows {
        let understood = read(&classifier, &text.split(" / ").collect::<Vec<_>>());
        let found: Vec<&str> = understood.intents.iter().map(|candidate| candidate.intent.as_str()).collect();
        assert_eq!(found.join(" "), *expected, "{text:?}: {why}\n{understood:#?}");
    }
}

#[test]
fn a_phrase_matches_within_a_clause_and_cuts_no_word() {
    check(
        &[("a/fee", "zh phrases: 包邮吗\nen phrases: free ship | ups | 3 days"), ("a/hundred", "zh phrases: 50元")],
        &[
            ("请问这个包邮吗亲", "a/fee", "anywhere in the clause"),
            ("包邮,吗", "", "never over a comma"),
            ("包邮 / 吗", "", "never over two messages"),
            ("包 邮 吗", "a/fee", "spaces between Han characters part nothing"),
            ("is it free shipping", "", "`ship` is cut out of `shipping`"),
            ("is it free ship", "a/fee", "whole words"),
            ("do you use UPS?", "a/fee", "case"),
            ("groups", "", "`ups` is cut out of `groups`"),
            ("用ups发", "a/fee", "Han beside Latin is a boundary"),
            ("13 days", "", "`3` is cut out of `13`"),
            ("3 days", "a/fee", "a number of its own"),
            ("150元", "", "`50` is cut out of `150`"),
            ("满50元", "a/hundred", "Han beside digits is a boundary"),
        ],
    );
}

#[test]
fn a_whole_line_is_the_clause_but_for_its_fillers() {
    check(
        &[("a/where", "zh whole: 到哪了\nen whole: any news")],
        &[
            ("到哪了", "a/where", "the clause"),
            ("你好，请问到哪了呀？", "a/where", "fillers around it"),
            ("谢谢。到哪了", "a/where", "another clause beside it"),
            ("电影演到哪了", "", "more than fillers"),
            ("hi any news please", "a/where", "English fillers"),
            ("any news about the merger", "", "more than fillers"),
        ],
    );
}

#[test]
fn words_stand_together_in_one_sentence() {
    check(
        &[
            ("a/lost", "zh together: 包裹 没 收到\nzh unless: 退款\nen together: parcel not_here"),
            ("a/twice", "zh together: 好 好用"),
            (
                "a/when",
                "zh together: 几天/多久／啥时候 收到/到货/送到\nzh unless: 送到没\nen together: how_long/when arrive/get_here",
            ),
            ("a/lap", "zh together: 一码/换 码数"),
        ],
        &[
            ("包裹到现在没收到", "a/lost", "in one clause"),
            ("没有啊，包裹，还没有收到", "a/lost", "across the clauses of a sentence, in any order"),
            ("包裹没动。收到了吗", "", "never across sentences"),
            ("包裹 / 没收到", "", "never across messages"),
            ("包裹没", "", "a word is missing"),
            ("my parcel is not here", "a/lost", "`_` joins words"),
            ("my parcel is here, not there", "", "and keeps them joined"),
            ("包裹没收到，退款吧", "a/lost", "the veto stands in another clause"),
            ("包裹，退款了，没收到", "", "the veto stands between the words"),
            ("退款包裹没收到", "", "the veto stands in a clause of the words"),
            ("这个好用", "", "two words can't be the same letters"),
            ("多久能到货", "a/when", "an alternative of each place"),
            ("送到我家要啥时候", "a/when", "in any order, behind a full-width slash too"),
            ("几天，啥时候", "", "two alternatives of one place are not both places"),
            ("收到几天了。多久", "a/when", "one sentence has both"),
            ("how long will it take to arrive", "a/when", "`_` joins words of an alternative"),
            ("when does it get here", "a/when", "as it does of the other"),
            ("how long, here?", "", "half of an alternative"),
            ("多久送到没", "", "a veto"),
            ("一码数，换", "a/lap", "an alternative on another place's letters leaves it to a later one"),
            ("一码数", "", "and there has to be a later one"),
        ],
    );
}

#[test]
fn a_clause_that_looks_like_the_request_beside_it_is_explained() {
    let intents = [
        (
            "a/fee",
            "zh phrases: 包邮吗\nzh examples: 邮费多少钱呀 | 邮费要几块钱 | 邮费贵不贵\nen phrases: free shipping\nen examples: what is the postage | how much is postage to Leeds",
        ),
        (
            "a/cat",
            "zh examples: 小猫吃什么粮 | 小猫几个月大 | 小猫多大了\nen examples: what does the cat eat | how old is the cat",
        ),
    ];
    let classifier = classifier(&intents);
    for (text, is_all_one) in [
        ("包邮吗，邮费多少呀", true),
        ("包邮吗，小猫吃什么呀", false),
        ("free shipping? how much is the postage?", true),
        ("free shipping? how old is the cat?", false),
    ] {
        let understood = read(&classifier, &[text]);
        let asks_for_one = understood.requests().count() == 1 && !understood.unexplained;
        assert_eq!(asks_for_one, is_all_one, "{text}: {understood:#?}");
    }
}

#[test]
fn an_unless_line_vetoes_its_own_clause_alone() {
    let intents = [("a/track", "zh phrases: 到哪 | 发货了吗\nzh unless: 退 | 00个"), ("a/back", "zh phrases: 退货")];
    check(
        &intents,
        &[
            ("到哪了", "a/track", ""),
            ("退的到哪了", "", "vetoed"),
            ("退货到哪了", "a/back", "vetoes only its own intent"),
            ("发货了吗，能退吗", "a/track", "another clause"),
            ("到哪了 / 怎么退", "a/track", "another message"),
            ("怎么退的 / 到哪了，发货了吗", "a/track", "a burst doesn't veto itself"),
            ("500个到哪了", "", "a veto may begin within a number"),
        ],
    );
    let understood = read(&classifier(&intents), &["退的到哪了"]);
    assert_eq!(understood.lost[0].why, LostWhy::Unless("退".into()));
    assert_eq!(understood.lost[0].line, "到哪");
}

#[test]
fn shorter_words_inside_longer_ones_yield() {
    let intents = [
        ("a/fee", "zh phrases: 运费\nen phrases: shipping"),
        ("a/insurance", "zh phrases: 运费险\nen phrases: shipping insurance"),
    ];
    check(
        &intents,
        &[
            ("有运费险吗", "a/insurance", "the longer stands alone"),
            ("运费多少，有运费险吗", "a/fee a/insurance", "said by itself it stands"),
            ("is there shipping insurance", "a/insurance", ""),
            ("shipping? shipping insurance?", "a/fee a/insurance", ""),
        ],
    );
    let understood = read(&classifier(&intents), &["有运费险吗"]);
    let lost = understood.lost.iter().find(|lost| lost.intent.as_str() == "a/fee").unwrap();
    assert_eq!(lost.why, LostWhy::Inside("a/insurance".into()));
}

#[test]
fn intents_that_claim_the_same_words_are_rivals() {
    let intents = [
        ("a/one", "zh phrases: 换一个\nen phrases: swap it"),
        ("a/two", "zh phrases: 换一个\nen phrases: swap it"),
        ("a/sure", "zh phrases: 保修\nzh whole: 保修卡呢"),
        ("a/weak", "zh together: 保修 呢"),
    ];
    let classifier = classifier(&intents);
    for text in ["换一个", "I want to swap it"] {
        let understood = read(&classifier, &[text]);
        let pairs: Vec<_> = understood.intents.iter().map(|one| (one.intent.as_str(), one.rival.clone())).collect();
        let expected = [("a/one", Some("a/two".into())), ("a/two", Some("a/one".into()))];
        assert_eq!(pairs, expected, "{text}");
    }
    // The clearly surer one stands alone.
    let understood = read(&classifier, &["保修卡呢"]);
    assert_eq!(understood.intents.len(), 1, "{understood:#?}");
    assert_eq!((understood.intents[0].intent.as_str(), &understood.intents[0].rival), ("a/sure", &None));
}

#[test]
fn disjoint_words_are_several_intents_in_their_order() {
    check(
        &[
            ("a/fee", "zh phrases: 包邮吗\nen phrases: free shipping"),
            ("a/invoice", "zh phrases: 开发票\nen phrases: an invoice"),
        ],
        &[
            ("能开发票吗，包邮吗", "a/invoice a/fee", ""),
            ("包邮吗 / 能开发票吗", "a/fee a/invoice", ""),
            ("free shipping and an invoice", "a/fee a/invoice", "in one clause too"),
            ("包邮吗 / 包邮吗", "a/fee", "said twice it is one"),
        ],
    );
}

#[test]
fn more_evidence_is_surer_and_never_certain() {
    let classifier = classifier(&[("a/fee", "zh phrases: 包邮 | 包邮吗 | 运费\nzh whole: 包邮吗")]);
    let sure = |texts: &[&str]| read(&classifier, texts).intents[0].confidence;
    assert!(sure(&["包邮吗"]) > sure(&["听说你们家的所有东西都是包邮的"]), "a short phrase in a long clause says less");
    assert!(sure(&["听说你们家的所有东西都是包邮的"]) < 0.85, "and isn't enough alone");
    assert!(sure(&["包邮吗", "运费呢", "包邮吧"]) < 1.0);
}

#[test]
fn small_talk_steps_back_behind_a_request() {
    check(
        &[
            (talk::GREETING, "zh whole: 你好 | 在吗\nzh phrases: 有人在吗\nen whole: hi\nen examples: hello friend"),
            (talk::THANKS, "zh phrases: 谢谢\nzh examples: 多谢啦"),
            (talk::NOT_SOLVED, "zh phrases: 还是不行"),
            ("a/fee", "zh phrases: 包邮吗\nen phrases: free shipping"),
        ],
        &[
            ("你好", talk::GREETING, "alone it stands"),
            ("你好，包邮吗，谢谢", "a/fee", "beside a request it doesn't"),
            ("在吗 / 包邮吗 / 多谢啦", "a/fee", "an example neither"),
            ("hello friend. free shipping?", "a/fee", ""),
            ("你好，谢谢", "talk/greeting talk/thanks", "beside each other they do"),
            ("包邮吗，还是不行", "a/fee talk/not_solved", "that it doesn't work is no manners"),
        ],
    );
}

#[test]
fn an_example_to_the_letter_outweighs_words() {
    let intents = [
        ("a/fee", "zh phrases: 运费\nzh examples: 两份\nen phrases: shipping"),
        ("a/back", "zh phrases: 谁出\nzh examples: 运费谁出 | 两份 | ？？\nen examples: who pays for shipping"),
    ];
    check(
        &intents,
        &[
            ("运费谁出", "a/back", "the example's own intent, though another's words stand in it"),
            ("请问：运费谁出呀？", "a/back", "fillers and marks aside"),
            ("Who pays for shipping?", "a/back", ""),
            ("who pays for the shipping", "a/fee", "not to the letter"),
            ("运费 / 运费谁出", "a/fee a/back", "in its own message alone"),
            ("两份", "", "an example under two intents says nothing"),
            ("？？", "", "marks alone are no example"),
        ],
    );
    let understood = read(&classifier(&intents), &["运费谁出"]);
    assert!(understood.intents[0].evidence.iter().any(|evidence| evidence.kind == EvidenceKind::Example));
    assert_eq!(understood.intents[0].rival, None);
    assert_eq!(understood.lost[0].why, LostWhy::Weaker("a/back".into()));
}

#[test]
fn the_form_of_a_message_speaks_where_words_do_not() {
    let classifier = classifier(&[("a/broken", "zh phrases: 坏的\nen phrases: is broken")]);
    let photo = || vec![Attachment { kind: AttachmentKind::Image, url: "https://img.example/1".into(), title: None }];
    let card = || vec![OrderNumber::from("202688130047125601")];
    let rows = [
        (Message { attachments: photo(), ..message("") }, talk::ATTACHMENT),
        (Message { attachments: photo(), ..message("😀") }, talk::ATTACHMENT),
        (Message { attachments: photo(), ..message("收到是坏的") }, "a/broken"),
        (Message { order_numbers: card(), ..message("") }, talk::ORDER_CARD),
        (Message { order_numbers: card(), ..message("it is broken") }, "a/broken"),
        (message("202688130047125601"), talk::ORDER_CARD),
        (message("订单号：202688130047125601"), talk::ORDER_CARD),
        (message("Order #202688130047125601"), talk::ORDER_CARD),
        (message("202688130047125601 收到是坏的"), "a/broken"),
        (message("https://shop.example/p/1"), talk::PRODUCT_CARD),
        (Message { product: Some("p".into()), ..message("") }, talk::PRODUCT_CARD),
        (message(""), ""),
    ];
    for (message, expected) in rows {
        let understood = classifier.classify(std::slice::from_ref(&message), &[Text::of(&message.text)]);
        let found: Vec<&str> = understood.intents.iter().map(|candidate| candidate.intent.as_str()).collect();
        assert_eq!(found.join(" "), expected, "{message:?}");
    }
    // A card beside a question in another message is no question of its own.
    let texts = ["202688130047125601", "收到是坏的"];
    assert_eq!(read(&classifier, &texts).intents.len(), 1);
}

#[test]
fn a_question_that_nothing_explains_is_seen() {
    let classifier = classifier(&[
        ("a/fee", "zh phrases: 包邮吗\nen phrases: free shipping"),
        (talk::GREETING, "zh phrases: 有人在吗"),
    ]);
    for (texts, unexplained) in [
        (&["包邮吗"][..], false),
        (&["包邮吗，你们老板叫什么名字"], true),
        (&["包邮吗", "你们老板叫什么名字"], true),
        (&["我住在山里"], false),
        (&["包邮吗，什么"], false),
        (&["有人在吗？包邮吗？"], false),
        (&["我想问一下", "包邮吗"], false),
        (&["我想问一下你们老板的事"], true),
        (&["free shipping? what is your cat called?"], true),
        (&["free shipping? why?"], false),
        (&["my cat sleeps"], false),
        (&["包邮吗，能不能啊"], false),
        (&["包邮吗，那怎么办呢？"], false),
        (&["那怎么办呢？"], true),
        (&["free shipping? is that possible?"], false),
        (&["is that possible?"], true),
        (&["包邮吗，我前几天买了两件"], false),
        (&["包邮吗，过几天能到"], true),
    ] {
        assert_eq!(read(&classifier, texts).unexplained, unexplained, "{texts:?}");
    }
}

#[test]
fn alarms_ring_for_danger_and_anger_alone() {
    let classifier =
        classifier(&[(talk::THANKS, "zh phrases: 谢谢\nen phrases: thank you"), ("a/stock", "zh phrases: 有货吗")]);
    for (text, alarm) in [
        ("我要打12315", Some(Alarm::Risk)),
        ("插上就漏电", Some(Alarm::Risk)),
        ("漏电保护器有货吗", None),
        ("装了漏电保护器还是漏电", Some(Alarm::Risk)),
        ("防触电手套有货吗", None),
        ("烫伤膏有吗", None),
        ("被烫伤了", Some(Alarm::Risk)),
        ("送到法院旁边的小区", None),
        ("我去法院告你们", Some(Alarm::Risk)),
        ("my lawyer will write to you", Some(Alarm::Risk)),
        ("does it have electric shock protection", None),
        ("I got an electric shock", Some(Alarm::Risk)),
        ("what a hospitality", None),
        ("太过分了", Some(Alarm::Anger)),
        ("到底发不发！！！", Some(Alarm::Anger)),
        ("第三天了", Some(Alarm::Anger)),
        ("第二天了", None),
        ("谢谢！！！", None),
        ("thank you!!!", None),
        ("谢谢！！！有货吗！！！", Some(Alarm::Anger)),
        ("太过分了，我要起诉", Some(Alarm::Risk)),
        ("第十三中学", None),
        ("12315678", None),
    ] {
        assert_eq!(read(&classifier, &[text]).alarm, alarm, "{text}");
    }
    // The worst of the turn.
    assert_eq!(read(&classifier, &["谢谢", "太过分了", "我要起诉", "谢谢"]).alarm, Some(Alarm::Risk));
}
