//! The gaps that other programs leave in their phrases, and what they are called here.

use crate::playbook::template::VARIABLES;

/// Names that 千牛 and its like write between braces, and our variables.
const THEIRS: &[(&[&str], &str)] = &[
    (
        &[
            "买家昵称",
            "买家名称",
            "买家旺旺",
            "买家姓名",
            "客户昵称",
            "客户姓名",
            "顾客昵称",
            "用户昵称",
            "昵称",
            "buyer",
        ],
        "customer.name",
    ),
    (&["店铺名称", "店铺", "店名", "店铺昵称", "shop"], "shop.name"),
    (&["客服昵称", "客服姓名", "客服名称", "子账号", "客服", "seller"], "agent.name"),
    (&["订单编号", "订单号码", "交易号"], "order.number"),
    (&["宝贝名称", "宝贝标题", "商品标题", "订单商品"], "order.item"),
    (&["商品名称", "产品名称"], "product.name"),
    (&["物流公司", "快递名称", "承运商"], "order.carrier"),
    (&["运单号", "运单编号", "物流单号", "快递编号"], "order.tracking"),
    (&["付款金额", "订单金额", "实付款", "支付金额"], "order.paid"),
    (&["拍下时间", "付款时间", "订单时间"], "order.placed_at"),
    (&["物流信息", "物流状态", "最新物流信息", "物流进度"], "order.last_event"),
];

/// A text with every gap that is known written as ours; gaps may stand in `{}`, `｛｝`, `${}`, `{{}}`.
pub(super) fn ours(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['{', '｛']) {
        let (before, from) = rest.split_at(open);
        let Some(close) = from.find(['}', '｝']) else { break };
        let end = close + if from[close..].starts_with('}') { 1 } else { '｝'.len_utf8() };
        let name = from[..close].trim_start_matches(['{', '｛']).trim();
        match our_name(name) {
            Some(ours) => {
                out.push_str(before.trim_end_matches('$'));
                out.push('{');
                out.push_str(ours);
                out.push('}');
                // {{name}}
                let doubled = from.starts_with("{{") && from[end..].starts_with('}');
                rest = &from[end + usize::from(doubled)..];
            }
            None => {
                out.push_str(before);
                out.push_str(&from[..end]);
                rest = &from[end..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn our_name(name: &str) -> Option<&str> {
    let theirs = THEIRS.iter().find(|(names, _)| names.contains(&name)).map(|(_, ours)| *ours);
    let own = || VARIABLES.iter().find(|(en, zh)| *en == name || *zh == name).map(|(en, _)| *en);
    theirs.or_else(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn their_gaps_become_ours() {
        for (theirs, wanted) in [
            ("{买家昵称}您好，{ 订单号 }", "{customer.name}您好，{order.number}"),
            ("｛买家昵称｝您好", "{customer.name}您好"),
            ("${买家昵称}：{{运单号}}已发", "{customer.name}：{order.tracking}已发"),
            ("{星座}您好 {…} {", "{星座}您好 {…} {"),
            ("{facts.ship_within} } {订单编号", "{facts.ship_within} } {订单编号"),
        ] {
            assert_eq!(ours(theirs), wanted);
        }
    }
}
