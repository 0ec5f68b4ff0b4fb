//! What agents type, and what they find.

use super::*;
use crate::playbook::layer::Layer;

fn base() -> Playbook {
    Playbook::load("base".into(), &[Layer::base()]).playbook.unwrap()
}

fn phrase(number: usize, title: &str, text: &str) -> Phrase {
    Phrase { id: format!("own.{number}"), title: title.to_owned(), text: text.to_owned() }
}

fn own(titles: &[&str]) -> Phrases {
    Phrases::of(titles.iter().enumerate().map(|(number, title)| phrase(number, title, "")))
}

/// The titles that a query finds.
fn titles(own: &Phrases, query: &str) -> Vec<String> {
    let library = Library::default();
    library.search_among(own, query, Language::Zh, 9).iter().map(|hit| hit.found.title().to_owned()).collect()
}

#[test]
fn a_title_is_found_in_every_way_of_typing_it() {
    for (title, queries) in [
        (
            "发货时间",
            &[
                "发货时间",
                "发货",
                "fhsj",
                "fh",
                "FHSJ",
                "ｆｈｓｊ",
                "fahuo",
                "fahuoshijian",
                "fahuoshi",
                "fahsj",
                "fhshijian",
                "时间",
                "sj",
                "shijian",
                "发 时",
                "时间 发货",
                "fh 时间",
                "發貨",
                "发sj",
                "fj",
                "发间",
            ][..],
        ),
        ("物流查询 · 已发货", &["wlcx", "yfh", "已发货", "wlcx yfh", "wuliu"]),
        ("还没收到货", &["hmsdh", "hai", "huan", "haimei"]),
        ("银行卡支付", &["yhk", "yinhang", "yxk"]),
        ("重发快递", &["cfkd", "zfkd", "chongfa"]),
        ("绿色款", &["lsk", "lvse"]),
        ("UPS 单号", &["ups", "udh", "upsdh", "dh", "danhao"]),
        (
            "Refund status",
            &["refund status", "ref", "rs", "status", "refund st", "stat ref", "refnud", "refun", "statsu", "r s"],
        ),
        ("3C 认证", &["3c", "3crz", "rz"]),
    ] {
        let own = own(&[title]);
        let lost: Vec<_> = queries.iter().filter(|query| titles(&own, query).is_empty()).collect();
        assert!(lost.is_empty(), "{title} isn't found by {lost:?}");
    }
    let own = own(&["发货时间", "Refund status"]);
    for query in ["fhsjx", "退货", "tuihuo", "refund price", "xyz", "sjfh", "ref时", "，。"] {
        let found = titles(&own, query);
        assert!(found.is_empty() || query == "，。", "{query} finds {found:?}");
    }
}

#[test]
fn better_matches_come_first() {
    for (query, ordered) in [
        ("发货", &["发货", "发货时间", "什么时候发货"][..]),
        ("fh", &["发货时间", "通知 发货", "什么时候发货"]),
        ("fahuo", &["发货时间", "什么时候发货"]),
        ("refund", &["Refund", "Refund status", "About a refund", "Refnud"]),
        ("sj", &["时间", "发货时间", "所有发给客户的价"]),
    ] {
        let mut reversed: Vec<&str> = ordered.to_vec();
        reversed.reverse();
        assert_eq!(titles(&own(&reversed), query), ordered, "{query}");
    }
}

#[test]
fn what_was_found_is_told_in_units_of_the_browser() {
    for (title, query, hits) in [
        ("发货时间", "fhsj", &[(0, 4)][..]),
        ("发货时间", "时间", &[(2, 4)]),
        ("😀 发货时间", "sj", &[(5, 7)]),
        ("物流 · 已发货", "yfh", &[(5, 8)]),
        ("Refund status", "rs", &[(0, 1), (7, 8)]),
        ("Refund status", "fund", &[(2, 6)]),
        ("Refund status", "refu st", &[(0, 4), (7, 9)]),
        ("UPS单号", "updh", &[(0, 2), (3, 5)]),
    ] {
        let own = own(&[title]);
        let library = Library::default();
        assert_eq!(library.search_among(&own, query, Language::Zh, 9)[0].hits, hits, "{title}: {query}");
    }
}

#[test]
fn the_text_counts_after_the_title() {
    let own =
        Phrases::of([phrase(1, "其他", "我们会在48小时内发出"), phrase(2, "小时候", ""), phrase(3, "无关", "无关")]);
    let library = Library::default();
    let ids = |query: &str| -> Vec<String> {
        library.search_among(&own, query, Language::Zh, 9).iter().map(|hit| hit.found.id().to_owned()).collect()
    };
    assert_eq!(ids("小时"), ["own.2", "own.1"]);
    assert_eq!(ids("48小时内 发出"), ["own.1"]);
    assert_eq!(ids("xsnfc"), ["own.1"]);
}

#[test]
fn the_base_packs_scripts_are_found() {
    let library = Library::of(&base());
    for (query, language, intent) in [
        ("wlcx", Language::Zh, "logistics/track_parcel"),
        ("告知物流进度", Language::Zh, "logistics/track_parcel"),
        ("gzwljd", Language::Zh, "logistics/track_parcel"),
        ("退款金额", Language::Zh, "aftersale/refund_amount"),
        ("latest update", Language::En, "logistics/track_parcel"),
        ("lates updte", Language::En, "logistics/track_parcel"),
    ] {
        let hits = library.search(query, language, 5);
        let Some(Found::Script(entry)) = hits.first().map(|hit| hit.found) else { panic!("{query} finds nothing") };
        assert_eq!((entry.intent.as_str(), entry.language), (intent, language), "{query}: {}", entry.title);
    }
    let mut ids: Vec<&str> = library.entries().map(|entry| entry.id.as_str()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "ids are unique");
    assert!(ids.contains(&"logistics/track_parcel#zh#suggest.1") && ids.contains(&"logistics/track_parcel#en#shipped"));
    assert!(!ids.iter().any(|id| id.starts_with("system/")));
    println!("{all} entries");
}

#[test]
fn nothing_typed_gives_ones_own_first_and_then_what_fits_anywhere() {
    let library = Library::of(&base());
    let own = own(&["我的一", "我的二"]);
    let hits = library.search_among(&own, "  ", Language::Zh, 10);
    assert_eq!((hits[0].found.title(), hits[1].found.title(), hits.len()), ("我的一", "我的二", 10));
    for hit in &hits[2..] {
        let Found::Script(entry) = hit.found else { panic!("one's own twice") };
        assert!(entry.intent.is_talk() && entry.text.variables().count() == 0, "{}", entry.id);
    }
}
