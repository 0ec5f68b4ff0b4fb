use super::*;

fn said<'m>(messages: &[&'m str], groups: &[Group]) -> Vec<Vec<&'m str>> {
    groups.iter().map(|group| group.members.iter().map(|place| messages[*place]).collect()).collect()
}

const MIXED: &[&str] = &[
    "怎么修改发票抬头",
    "发票抬头怎么修改呢",
    "亲，怎么修改发票的抬头",
    "什么时候能发货",
    "请问什么时候能发货啊",
    "什么时候发货",
    "how do I change the name on my invoice",
    "how can I change the name on the invoice please",
    "where is my parcel",
    "谢谢",
];

#[test]
fn what_says_the_same_is_one_group_and_the_biggest_comes_first() {
    let groups = group(MIXED, Alike::WISHES);
    let said = said(MIXED, &groups);
    assert_eq!(said[1], MIXED[..3]);
    assert_eq!(said[0], MIXED[3..6]);
    assert_eq!(said[2], MIXED[6..8]);
    assert_eq!(said.len(), 5, "{said:?}");
}

#[test]
fn the_order_of_messages_does_not_matter() {
    let texts = |messages: &[&str]| {
        let mut groups: Vec<(String, Vec<String>)> = group(messages, Alike::WISHES)
            .iter()
            .map(|group| {
                let mut members: Vec<String> = group.members.iter().map(|place| messages[*place].to_owned()).collect();
                members.sort();
                (messages[group.medoid].to_owned(), members)
            })
            .collect();
        groups.sort();
        groups
    };
    let mut turned = MIXED.to_vec();
    for _ in 0..MIXED.len() {
        turned.rotate_left(1);
        assert_eq!(texts(&turned), texts(MIXED));
        let backwards: Vec<&str> = turned.iter().rev().copied().collect();
        assert_eq!(texts(&backwards), texts(MIXED));
    }
}

#[test]
fn a_group_says_what_it_has_in_common() {
    let groups = group(&MIXED[..6], Alike::WISHES);
    assert_eq!(groups[0].words, ["什么时候能发货"]);
    assert_eq!(groups[1].words, ["怎么修改发票", "发票抬头"]);
}

#[test]
fn nothing_to_read_is_in_no_group() {
    assert_eq!(group(&["", "。。。", "😀"], Alike::REPLIES), []);
    assert_eq!(group(&["在"], Alike::REPLIES).len(), 1);
}

#[test]
fn many_messages_with_one_feature_are_still_grouped() {
    let messages: Vec<String> = (0..3_000).map(|n| format!("您的快递到站点了请尽快来取 第{n}号")).collect();
    let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
    let groups = group(&messages, Alike::REPLIES);
    assert_eq!(groups[0].members.len(), 3_000, "{}", groups.len());
}
