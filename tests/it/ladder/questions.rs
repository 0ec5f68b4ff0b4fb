//! The bot asks: which question, which order, which product; and reads the next turn as the answer first.

use xiaoer::domain::MINUTE;

use super::talk::{Shop, Talk};

/// Two intents that claim the same words.
const TWINS: &[(&str, &str)] = &[
    (
        "intents/product/blade_size.yaml",
        "means: A test.\nanswer: when_sure\nzh:\n  phrases: |\n    锯片规格\nen:\n  phrases: |\n    blade spec\n",
    ),
    (
        "intents/product/blade_kind.yaml",
        "means: A test.\nanswer: when_sure\nzh:\n  phrases: |\n    锯片规格\nen:\n  phrases: |\n    blade spec\n",
    ),
    (
        "replies/product/blade_size.yaml",
        "title: {zh: 锯片尺寸, en: Blade sizes}\nzh:\n  default: |\n    尺寸看商品页。\nen:\n  default: |\n    Sizes are on the page.\n",
    ),
    (
        "replies/product/blade_kind.yaml",
        "title: {zh: 锯片种类, en: Blade kinds}\nzh:\n  default: |\n    种类看目录。\nen:\n  default: |\n    Kinds are in the catalogue.\n",
    ),
];
const WITH_TWINS: Shop<'_> = Shop { settings: "", without: &[], files: TWINS };

conversations! {
    fn two_close_readings_are_asked_about_once() {
        let mut talk = Talk::at(&WITH_TWINS);
        let asked = talk.says("锯片规格").is("ask · which_question").with("锯片尺寸").with("锯片种类");
        let kind = asked.words().lines().position(|line| line.contains("锯片种类")).unwrap();
        talk.says(if kind == 1 { "第一个" } else { "第二个" }).is("answer · answered").with("种类看目录");
        // Once; then a person.
        talk.says("锯片规格").is("hand_off · too_many_questions");
        let mut talk = Talk::at(&WITH_TWINS);
        talk.says("blade spec please").is("ask · which_question").with("Blade sizes").with("Blade kinds");
        talk.says("the second one").is("answer · answered");
        let mut talk = Talk::at(&WITH_TWINS);
        talk.says("blade spec please").is("ask · which_question");
        talk.says("blade spec please").is("hand_off · too_many_questions");
    }

    fn what_was_asked_beside_the_two_readings_is_answered_after_the_choice() {
        let mut talk = Talk::at(&WITH_TWINS);
        let asked = talk.says("包邮吗？锯片规格").is("ask · which_question").without("59元");
        let kind = asked.words().lines().position(|line| line.contains("锯片种类")).unwrap();
        talk.says(&kind.to_string()).is("answer · answered").with("种类看目录").with("59元").without("尺寸");
        let mut talk = Talk::at(&WITH_TWINS);
        talk.says("Is shipping free? And the blade spec?").is("ask · which_question");
        talk.says("1").is("answer · answered").with("¥59");
    }

    fn neither_of_them_is_an_answer_too() {
        let mut talk = Talk::at(&WITH_TWINS);
        talk.says("锯片规格").is("ask · which_question");
        talk.says("都不是").is("hand_off · which_question");
        let mut talk = Talk::at(&WITH_TWINS);
        talk.says("blade spec please").is("ask · which_question");
        talk.says("none of these").is("hand_off · which_question");
    }

    fn a_missing_order_is_asked_for_and_the_question_goes_on() {
        let mut talk = Talk::demo().of("demo-nobody");
        talk.says("快递到哪了").is("ask · missing").with("订单号");
        talk.says("稍等").is("silent · nothing_to_answer");
        talk.customer.id = Some("demo-zhou".into());
        talk.says("202688130105318861").is("answer · answered").with("珞喻路");
        let mut talk = Talk::demo();
        talk.says("Where is my order?").is("ask · missing").with("order number");
        talk.says("one sec").is("silent · nothing_to_answer");
        talk.customer = Talk::demo().of("demo-smith").customer;
        talk.says("it's 202688130138461201").is("answer · answered").with("Heathrow");
    }

    fn every_held_question_goes_on_and_a_new_one_is_answered_with_it() {
        let mut talk = Talk::demo().of("demo-wang");
        talk.says("快递到哪了？发什么快递？").is("ask · missing").with("1. ");
        talk.says("第二个，还有包邮吗").is("answer · answered").with("59元").with("202688130047125601");
    }

    fn an_order_is_asked_for_at_most_twice() {
        let mut talk = Talk::demo();
        talk.says("快递到哪了").is("ask · missing");
        talk.says("我的快递在哪").is("ask · missing");
        talk.says("查一下物流").is("hand_off · too_many_questions");
        let mut talk = Talk::demo();
        talk.says("Where is my order?").is("ask · missing");
        talk.says("wheres my package").is("ask · missing");
        talk.says("where is my order").is("hand_off · too_many_questions");
    }

    fn who_has_no_order_number_is_not_left_alone() {
        for no in ["没有", "我没有订单号", "不记得了", "no"] {
            let mut talk = Talk::demo();
            talk.says("快递到哪了").is("ask · missing");
            talk.says(no).is("hand_off · missing");
        }
        let mut talk = Talk::demo();
        talk.says("Where is my order?").is("ask · missing");
        talk.says("I don't have the order number").is("hand_off · missing").with("passing you");
        // Waving it off is no call for a person.
        let mut talk = Talk::demo();
        talk.says("快递到哪了").is("ask · missing");
        talk.says("不用了，谢谢").is("silent · nothing_to_answer");
    }

    fn several_orders_are_offered_as_a_list() {
        let mut talk = Talk::demo().of("demo-wang");
        let asked = talk.says("快递到哪了").is("ask · missing").with("1. ").with("2. ").with("3. ").without("4. ");
        // The newest first; the one that ended three months ago is not among them.
        let lines: Vec<&str> = asked.words().lines().skip(1).collect();
        assert!(lines[0].contains("电焊面罩") && lines[1].contains("冲击电钻") && lines[2].contains("工具箱"), "{lines:?}");
        talk.says("第二个").is("answer · answered").with("202688130047125601").with("中通快递");
        // The chosen one is in question from now on.
        talk.says("什么时候能到").is("answer · sure").with("202688130047125601");
    }

    fn a_choice_is_read_however_it_is_given() {
        for choice in ["2", "第二个", "选2", "二", "#2", "the second one", "2 please", "第2个吧", "202688130047125601"] {
            let mut talk = Talk::demo().of("demo-wang");
            talk.says("快递到哪了").is("ask · missing");
            talk.says(choice).is("answer · answered").with("202688130047125601");
        }
        let mut talk = Talk::demo().of("demo-wang");
        talk.says("快递到哪了").is("ask · missing");
        talk.says("最后一个").is("answer · answered").with("202688130047125603");
        // One that isn't there.
        let mut talk = Talk::demo().of("demo-wang");
        talk.says("快递到哪了").is("ask · missing");
        talk.says("第九个").is("hand_off · unsure");
        let mut talk = Talk::demo().of("demo-smith");
        talk.says("Where is my order?").is("ask · missing").with("1. ").with("2. ");
        talk.says("the last one").is("answer · answered").with("202688130138461201");
        let mut talk = Talk::demo().of("demo-wang");
        talk.says("快递到哪了").is("ask · missing");
        talk.says("都不是").is("hand_off · missing");
    }

    fn a_question_is_forgotten_after_half_an_hour() {
        let mut talk = Talk::demo().of("demo-wang");
        talk.says("快递到哪了").is("ask · missing");
        talk.after(29 * MINUTE).says("2").is("answer · answered");
        let mut talk = Talk::demo().of("demo-wang");
        talk.says("Where is my order?").is("ask · missing");
        talk.after(31 * MINUTE).says("2").is("hand_off · unsure");
        assert_eq!(talk.state.pending, None);
    }

    fn a_new_request_drops_the_question() {
        let mut talk = Talk::demo().of("demo-wang");
        talk.says("快递到哪了").is("ask · missing");
        talk.says("包邮吗").is("answer · sure").without("2026");
        talk.says("2").is("hand_off · unsure");
        let mut talk = Talk::demo();
        talk.says("Where is my order?").is("ask · missing");
        talk.says("Is shipping free?").is("answer · sure");
        assert_eq!(talk.state.pending, None);
    }

    fn a_missing_product_is_asked_for_and_remembered() {
        let mut talk = Talk::demo();
        talk.says("功率多大").is("ask · missing").with("商品链接或商品名称");
        talk.says("角磨机").is("answer · answered").with("角磨机");
        talk.says("有货吗").is("answer · sure").with("角磨机").with("有货");
        let mut talk = Talk::demo();
        talk.says("Is it in stock?").is("ask · missing").with("name of the product");
        talk.says("the angle grinder").is("answer · answered").with("in stock");
        talk.looks_at("drill-20v", "Is it in stock?").is("answer · sure").with("drill").with("out of stock");
        let mut talk = Talk::demo();
        talk.looks_at("welder-200", "重量多少").is("answer · sure").with("4.6kg");
        let mut talk = Talk::demo();
        talk.says("有货吗").is("ask · missing");
        talk.says("是现货吗").is("ask · missing");
        talk.says("还有货吗").is("hand_off · too_many_questions");
    }

    fn of_two_products_named_at_once_none_is_meant() {
        let mut talk = Talk::demo();
        talk.says("电焊机有货吗").is("answer · sure").with("电焊机");
        // Not the one spoken of before, either.
        talk.says("角磨机和电钻有货吗").is("ask · missing").without("电焊机");
        talk.says("电钻").is("answer · answered").with("缺货");
        let mut talk = Talk::demo();
        talk.says("are the grinder and the drill in stock?").is("ask · missing");
    }
}
