//! Absolute words, rewards and gaps.

use super::*;

#[test]
fn absolute_words_are_found_however_they_are_parted() {
    for (text, expected) in [
        ("绝对正品", &["绝对"][..]),
        ("绝 对正品", &["绝 对"]),
        ("这款絕對好", &["絕對"]),
        ("保.证明天到", &["保.证"]),
        ("保~证明天到", &["保~证"]),
        ("保\u{200b}证", &["保\u{200b}证"]),
        ("1 0 0 %正品", &["1 0 0 %"]),
        ("１００％正品", &["１００％"]),
        ("全网最低价，绝对划算", &["全网最", "绝对"]),
        ("第一行没问题\n第二行保证到货\n第三行最便宜", &["保证", "最便宜"]),
        ("It's guaranteed", &["guaranteed"]),
        ("it is g u a r a n t e e d", &["g u a r a n t e e d"]),
        ("the ｂｅｓｔ drill, the cheapest too", &["ｂｅｓｔ", "cheapest"]),
        ("We prоmise it", &["We prоmise"]),
    ] {
        assert_eq!(said(Rule::AbsoluteWords, &Settings::default(), text), expected, "{text}");
    }
    check(
        Rule::AbsoluteWords,
        &Settings::default(),
        false,
        &[
            "最晚明天发出",
            "您最好先检查外包装",
            "不能保证当天送达",
            "充到 100% 再使用",
            "Best regards",
            "我会第一时间回复您",
            "最 近有货",
        ],
    );
}

#[test]
fn rewards_for_reviews_are_found_however_they_are_parted() {
    check(
        Rule::ReviewReward,
        &Settings::default(),
        true,
        &["五星好评返现5元", "好 评 返 现", "晒图领红包", "好.评返.现2元", "a gift for a 5-star review"],
    );
    check(
        Rule::ReviewReward,
        &Settings::default(),
        false,
        &["收到后欢迎评价", "好评、晒单都不返现", "Thanks for your review"],
    );
}

#[test]
fn gaps_are_found() {
    let rows = ["单号是{order.tracking}", "您好{…}", "在｛时间｝前发出", "{}", "see {facts.ship_within} please"];
    check(Rule::Unresolved, &Settings::default(), true, &rows);
    check(Rule::Unresolved, &Settings::default(), false, &["没有大括号", "【已发货】", "a {line\nbreak}"]);
}

#[test]
fn findings_stand_in_the_order_of_the_text_and_say_what_to_do() {
    let text = "加我微信 abc12345，绝对正品，{…}，好评返现";
    let found = findings(text, &Settings::default(), AGENT);
    let rules: Vec<&str> = found.iter().map(|finding| finding.rule.key()).collect();
    assert_eq!(rules, ["off_list_links", "absolute_words", "unresolved", "review_reward"]);
    for finding in &found {
        assert_eq!(&text[finding.at.clone()], finding.said);
        assert!(!finding.message().zh.is_empty() && !finding.help().en.is_empty());
    }
}

#[test]
fn a_rule_that_is_off_finds_nothing_and_the_bot_is_held_to_the_others() {
    let mut settings = Settings::default();
    let text = "绝对正品 {…}";
    assert_eq!(findings(text, &settings, Speaker::Bot).len(), 2);
    settings.guard = Guard::default().with(Rule::AbsoluteWords, None).with(Rule::Unresolved, Some(Action::Warn));
    let found = findings(text, &settings, Speaker::Bot);
    assert_eq!(
        found.iter().map(|finding| (finding.rule, finding.action)).collect::<Vec<_>>(),
        [(Rule::Unresolved, Action::Warn)]
    );
}

#[test]
fn the_base_packs_own_words_pass() {
    use crate::domain::Language;
    use crate::playbook::Playbook;
    use crate::playbook::layer::Layer;
    let settings = settings("limits: {agent: {refund: 0, coupon: 0}}\n");
    let playbook = Playbook::load("base".into(), &[Layer::base()]).playbook.unwrap();
    let mut wrong = Vec::new();
    for (id, replies) in playbook.replies.iter() {
        for language in Language::ALL {
            let scripts = replies.suggest(language).iter().map(|script| &script.text);
            for template in replies.words(language).map(|(_, _, template)| template).chain(scripts) {
                let value = |name: String| {
                    let is_money = ["order.paid", "order.refund_amount", "product.price"].contains(&name.as_str());
                    Some(if is_money { "98元" } else { "2" }.to_owned())
                };
                let text = template.fill_known(&mut |variable| value(variable.name())).replace("{…}", "2");
                let found = findings(&text, &settings, AGENT);
                wrong.extend(
                    found.into_iter().map(|finding| format!("{id}: {} “{}”", finding.rule.key(), finding.said)),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_long_text_is_read_to_its_end() {
    let text = format!("{}绝对", "好的亲，".repeat(20_000));
    assert_eq!(said(Rule::AbsoluteWords, &Settings::default(), &text), ["绝对"]);
}
