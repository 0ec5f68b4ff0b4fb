//! Whose an order is: cards, proofs, a source that doesn't answer.

use super::talk::{Shop, Talk};

/// demo-zhou's, at the station; the phone ends in 0087.
const AT_STATION: &str = "202688130105318861";
/// Nobody's.
const UNKNOWN: &str = "202600000000000000";

conversations! {
    fn an_order_card_of_ones_own_is_bound_and_named_once() {
        let mut talk = Talk::demo().of("demo-zhou");
        talk.says(AT_STATION).is("ask · order_card").with("两用扳手").with("待取件").with("想了解什么");
        // Sent again, it is known already.
        talk.sends_card(AT_STATION, "").is("silent · order_card");
        talk.says("到哪了").is("answer · sure").with("珞喻路");
        let mut talk = Talk::demo().of("demo-smith");
        talk.says("Is shipping free?");
        talk.sends_card("202688130138461202", "").is("ask · order_card").with("awaiting shipment");
        talk.says("where is it now? where is my order").is("answer · sure").with("202688130138461202");
    }

    fn a_card_with_a_question_answers_the_question() {
        let mut talk = Talk::demo().of("demo-zhou");
        talk.sends_card(AT_STATION, "快递到哪了").is("answer · sure").with("珞喻路");
        let mut talk = Talk::demo().of("demo-zhou");
        talk.writes(&[AT_STATION, "快递到哪了"]).is("answer · sure").with("珞喻路");
    }

    fn two_cards_are_a_choice() {
        let mut talk = Talk::demo().of("demo-wang");
        talk.writes(&["202688130047125601", "202688130047125602"]).is("ask · missing").with("1. ").with("2. ");
        talk.says("第一个").is("ask · order_card").with("电焊面罩");
        talk.says("发货了吗").is("answer · sure").with("202688130047125602");
    }

    fn a_card_of_somebody_elses_reads_like_one_that_does_not_exist() {
        let mut said: Vec<Vec<String>> = Vec::new();
        for number in [AT_STATION, UNKNOWN] {
            let mut talk = Talk::demo().of("demo-wang");
            let first = talk.says(number).is("ask · missing").with("后四位").words().to_owned();
            let second = talk.says("1111").is("ask · missing").words().to_owned();
            let third = talk.says("2222").is("ask · missing").words().to_owned();
            let last = talk.says("3333").is("hand_off · too_many_questions").words().to_owned();
            said.push(vec![first, second, third, last]);
        }
        assert_eq!(said[0], said[1]);
    }

    fn a_question_about_somebody_elses_order_reads_like_one_about_none() {
        for (question, proof) in [("快递到哪了", "后四位"), ("Where is my order?", "last four digits")] {
            let mut said: Vec<Vec<String>> = Vec::new();
            for number in [AT_STATION, UNKNOWN] {
                let mut talk = Talk::demo();
                let ask = talk.says(&format!("{question} {number}")).is("ask · missing").with(proof).words().to_owned();
                let no = talk.says("1234").is("ask · missing").words().to_owned();
                assert!(!ask.contains("扳手") && !no.contains("扳手"));
                said.push(vec![ask, no]);
            }
            assert_eq!(said[0], said[1]);
        }
    }

    fn four_digits_prove_an_order() {
        let mut talk = Talk::demo();
        talk.says(&format!("{AT_STATION} 快递到哪了")).is("ask · missing").with("后四位");
        talk.says("0087").is("answer · answered").with("珞喻路");
        // Proven once, it stays proven.
        talk.says("什么时候发货的").is_about(AT_STATION);
        let mut talk = Talk::demo();
        talk.says(&format!("Where is my order? {AT_STATION}")).is("ask · missing").with("last four digits");
        talk.says("1234").is("ask · missing").with("couldn't find");
        talk.says("sorry, 0087").is("answer · answered").with("珞喻路");
        // The whole phone proves as much.
        let mut talk = Talk::demo();
        talk.says(&format!("{AT_STATION} 快递到哪了")).is("ask · missing");
        talk.says("15900310087").is("answer · answered").with("珞喻路");
        // All at once.
        Talk::demo().says(&format!("快递到哪了 {AT_STATION} 尾号0087")).is("answer · sure").with("珞喻路");
    }

    fn a_bare_card_proven_is_spoken_of() {
        let mut talk = Talk::demo();
        talk.says(AT_STATION).is("ask · missing").with("后四位");
        talk.says("尾号0087，谢谢").is("ask · order_card").with("两用扳手");
        talk.says("到哪了").is("answer · sure").with("珞喻路");
    }

    fn a_corrected_number_goes_on_with_the_question() {
        let mut talk = Talk::demo().of("demo-zhou");
        talk.says(&format!("{UNKNOWN} 快递到哪了")).is("ask · missing").with("后四位");
        talk.says(AT_STATION).is("answer · answered").with("珞喻路");
        let mut talk = Talk::demo();
        talk.says(&format!("{UNKNOWN} 快递到哪了")).is("ask · missing");
        talk.says(AT_STATION).is("ask · missing");
        talk.says("0087").is("answer · answered").with("珞喻路");
    }

    fn three_wrong_proofs_are_enough() {
        let mut talk = Talk::demo();
        talk.says(&format!("{AT_STATION} 快递到哪了")).is("ask · missing");
        talk.says("1111").is("ask · missing").with("没有查到");
        talk.says("2222").is("ask · missing").with("没有查到");
        talk.says("3333").is("hand_off · too_many_questions").because("proof");
        // The right one comes too late, and with a number of its own as well.
        talk.goes_to(xiaoer::domain::Phase::Bot);
        talk.says(&format!("{AT_STATION} 快递到哪了 尾号0087")).is("hand_off · too_many_questions").without("珞喻路");
        let mut talk = Talk::demo();
        talk.says(&format!("Where is my order? {AT_STATION}")).is("ask · missing");
        for wrong in ["1111", "2222"] {
            talk.says(wrong).is("ask · missing").with("couldn't find");
        }
        talk.says("4444").is("hand_off · too_many_questions");
    }

    fn digits_of_one_order_open_no_other() {
        // 5678 are demo-wang's; the order is demo-zhou's.
        let mut talk = Talk::demo().of("demo-wang");
        talk.says(&format!("{AT_STATION} 快递到哪了")).is("ask · missing").without("扳手");
        talk.says("5678").is("ask · missing").with("没有查到");
        // Their own are untouched by it.
        talk.says("202688130047125602 发货了吗").is("answer · answered").with("202688130047125602");
    }

    fn an_unverified_customer_has_no_orders() {
        let mut talk = Talk::demo().of("demo-zhou");
        talk.customer.verified = false;
        talk.says("快递到哪了").is("ask · missing").with("订单号").without("珞喻路");
        talk.says(AT_STATION).is("ask · missing").with("后四位");
    }

    fn a_source_that_does_not_answer_hands_off() {
        let mut talk = Talk::demo().of("demo-zhou");
        talk.source_goes_down();
        talk.says("快递到哪了").is("hand_off · source_down").with("正在为您转接");
        let mut talk = Talk::demo().of("demo-zhou");
        talk.source_goes_down();
        talk.says(AT_STATION).is("hand_off · source_down");
        let mut talk = Talk::demo();
        talk.source_goes_down();
        talk.says("Where is my order?").is_not_found();
        let mut talk = Talk::demo().of("demo-smith");
        talk.source_goes_down();
        talk.says("Where is my order?").is("hand_off · source_down").with("passing you");
        // What needs no order is answered as ever, …
        let mut talk = Talk::demo();
        talk.source_goes_down();
        talk.says("包邮吗").is("answer · sure");
        talk.says("多久发货").is("answer · sure").with("48小时");
        // … but about an order that is named, what holds for any is beside the question.
        talk.says(&format!("{AT_STATION} 多久发货")).is("hand_off · source_down");
    }

    fn a_shop_without_orders_tells_no_untruth() {
        let shop = Shop { without: &["orders:"], ..Shop::default() };
        let mut talk = Talk::at(&shop);
        talk.has_no_source();
        talk.says("快递到哪了").is("ask · missing").with("订单号");
        // Nobody looked, so it was not "not found".
        talk.says(AT_STATION).is("hand_off · source_down");
        let mut talk = Talk::at(&shop);
        talk.has_no_source();
        talk.says("How soon can you ship?").is("answer · sure").with("48 hours");
    }
}

trait About {
    fn is_about(&self, number: &str);
    fn is_not_found(&self);
}

impl About for super::talk::Turned {
    #[track_caller]
    fn is_about(&self, number: &str) {
        let found = self.outcome().orders.lookup.one().map(|order| order.number.to_string());
        assert_eq!(found.as_deref(), Some(number), "{}", self.words());
    }

    /// Either way of not knowing is right for somebody nobody vouches for; an order is not.
    #[track_caller]
    fn is_not_found(&self) {
        assert_eq!(self.outcome().orders.lookup.one(), None);
        assert_ne!(self.outcome().decision.act.key(), "answer");
    }
}
