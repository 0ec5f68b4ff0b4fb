//! Words that hold for a while, or for one product.

use xiaoer::domain::{DAY, HOUR, Language};

use super::talk::{AFTERNOON, Shop, Talk};

/// From the day before the afternoon to its evening.
const DOUBLE_ELEVEN: &str = "\
title: {zh: 双十一, en: Double Eleven}
from: 2026-11-10
to: 2026-11-11 20:00
facts:
  ship_within: 72h
intents:
  offer/coupon:
    zh:
      phrases: |
        双十一券雨在哪领
replies:
  logistics/carrier:
    zh:
      default: |
        双十一期间一律发顺丰。
";

/// Paid within the campaign, not sent.
const BOUGHT_THEN: &str = r#"
orders:
  - number: "202688130099000002"
    buyer: {id: demo-wang, name: 王建国, phone: "13812345678"}
    items: [{name: 电钻, product: drill-20v, quantity: 1, price: 39.00}]
    paid_at: "2026-11-11 10:00"
    placed_at: "2026-11-11 10:00"
"#;

fn at_double_eleven() -> Shop<'static> {
    Shop { files: &[("campaigns/1111.yaml", DOUBLE_ELEVEN)], ..Shop::default() }
}

conversations! {
    fn a_campaign_comes_and_goes_by_itself() {
        for (moved, runs) in [(-2 * DAY, false), (0, true), (6 * HOUR - 60_000, true), (6 * HOUR, false), (DAY, false)] {
            let ask = |text: &str| {
                let mut talk = Talk::at(&at_double_eleven());
                talk.now = AFTERNOON.plus(moved);
                talk.says(text)
            };
            let ships = ask("多久发货").is("answer · sure");
            assert_eq!(ships.words().contains("72小时"), runs, "{moved}: {}", ships.words());
            let carrier = ask("发什么快递").is("answer · sure");
            assert_eq!(carrier.words().contains("顺丰"), runs, "{moved}: {}", carrier.words());
            let coupon = ask("双十一券雨在哪领");
            assert_eq!(coupon.rung().key() == "sure", runs, "{moved}");
        }
    }

    fn what_a_campaign_does_not_say_stays_as_it_was() {
        let mut talk = Talk::at(&at_double_eleven());
        talk.says("包邮吗").is("answer · sure").with("59元");
        talk.says("Which courier do you use?").is("answer · sure").in_language(Language::En).without("顺丰");
    }

    fn what_was_promised_when_it_was_paid_holds_after_the_campaign() {
        let mut talk = Talk::at(&at_double_eleven()).of("demo-wang");
        talk.orders_are(BOUGHT_THEN);
        talk.now = AFTERNOON.plus(7 * HOUR);
        talk.says("我的订单什么时候发货").is("answer · sure").with("11月14日 10:00");
    }

    fn a_products_facts_go_before_the_shops() {
        let shop = Shop {
            files: &[("products/drill-20v.yaml", "facts:\n  ship_within: 15d\n")],
            ..Shop::default()
        };
        Talk::at(&shop).looks_at("drill-20v", "多久发货").is("answer · sure").with("15天");
        Talk::at(&shop).looks_at("welder-200", "多久发货").is("answer · sure").with("48小时");
        let mut talk = Talk::at(&shop).of("demo-wang");
        talk.orders_are(BOUGHT_THEN);
        talk.says("我的订单什么时候发货").is("answer · sure").with("11月26日 10:00");
    }

    fn a_products_words_go_before_the_shops() {
        let own = "replies:\n  product/attribute:\n    zh:\n      default: |\n        电钻的参数请看 20V 专页。\n";
        let shop = Shop { files: &[("products/drill-20v.yaml", own)], ..Shop::default() };
        Talk::at(&shop).looks_at("drill-20v", "这个电压多少").is("answer · sure").with("20V 专页");
        Talk::at(&shop).looks_at("welder-200", "这个电压多少").is("answer · sure").with("220V");
        // No twin: another language's words are never said in its place.
        Talk::at(&shop).looks_at("drill-20v", "what is the voltage?").is("answer · sure").with("20 V");
    }

    fn a_size_is_read_out_of_the_table() {
        let table = "sizes:\n  - {size: M, height: 158-168, weight: 48-60}\n  - {size: L, height: 169-178, weight: 61-75}\n";
        let intent = "means: The customer asks which size fits.\nanswer: when_sure\nneeds: [product]\nzh:\n  phrases: |\n    穿多大\n";
        let reply = "zh:\n  default: |\n    建议您选 {推荐尺码}。\n  fact_unknown: |\n    这个尺码我请同事帮您看。\n";
        let shop = Shop {
            files: &[
                ("products/jacket.yaml", table),
                ("intents/product/size_advice.yaml", intent),
                ("replies/product/size_advice.yaml", reply),
            ],
            ..Shop::default()
        };
        Talk::at(&shop).looks_at("jacket", "身高165体重55公斤穿多大").is("answer · sure").with("选 M");
        Talk::at(&shop).looks_at("jacket", "身高175体重140斤穿多大").is("answer · sure").with("选 L");
        Talk::at(&shop).looks_at("jacket", "身高190体重140斤穿多大").is("answer · sure").with("请同事");
    }
}
