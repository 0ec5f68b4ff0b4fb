//! The customers of the demo shop whom a newcomer may play, so that there are orders to ask about.

use serde::Serialize;

/// A customer in `shops/demo/orders.yaml`.
#[derive(Debug, Serialize)]
pub(super) struct Person {
    /// The id their orders are under.
    pub(super) id: &'static str,
    zh: &'static str,
    en: &'static str,
}

const fn person(id: &'static str, zh: &'static str, en: &'static str) -> Person {
    Person { id, zh, en }
}

/// Each shows something else.
pub(super) const DEMO_CUSTOMERS: &[Person] = &[
    person("demo-wang", "王建国 · 三笔订单，一笔在路上", "Wang Jianguo · three orders, one on its way"),
    person("demo-li", "李秀英 · 超时未发货，另一笔退款中", "Li Xiuying · one order late, a refund under way"),
    person("demo-zhao", "赵敏 · 部分发货", "Zhao Min · partly shipped"),
    person("demo-sun", "孙丽娟 · 物流多日未更新", "Sun Lijuan · a parcel that doesn't move"),
    person("demo-zhou", "周强 · 包裹在驿站", "Zhou Qiang · a parcel to collect"),
    person("demo-chen", "陈晓东 · 预售", "Chen Xiaodong · a pre-order"),
    person("demo-smith", "John Smith · 两笔订单", "John Smith · two orders"),
];

/// Whether this is one of them.
pub(super) fn is_demo(id: &str) -> bool {
    DEMO_CUSTOMERS.iter().any(|person| person.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_on_the_list_has_orders() {
        let orders = include_str!("../../../shops/demo/orders.yaml");
        for person in DEMO_CUSTOMERS {
            assert!(
                orders.contains(&format!("id: {},", person.id)) || orders.contains(&format!("id: {}\n", person.id))
            );
        }
        assert!(!is_demo("u-1"));
    }
}
