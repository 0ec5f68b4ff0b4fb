//! Sure of every request: answered, in one message, once; and what stands in the way of an answer.

use xiaoer::domain::{Language, MINUTE, Urgency};

use super::talk::{Shop, Talk};

/// One order on its way; its times stand still while the clock goes on.
const ON_ITS_WAY: &str = r#"
orders:
  - number: "202688130099000001"
    buyer: {id: demo-wang, name: 王建国, phone: "13812345678"}
    items: [{name: 扳手, quantity: 1, price: 39.00}]
    paid_at: "2026-11-09 10:00"
    placed_at: "2026-11-09 10:00"
    parcels:
      - carrier: 中通快递
        tracking: "78912345670099"
        shipped_at: "2026-11-10 10:00"
        events: [{at: "2026-11-11 08:00", text: 已到杭州}]
"#;

conversations! {
    fn a_question_that_facts_answer_is_answered() {
        Talk::demo().says("包邮吗").is("answer · sure").with("59元").in_language(Language::Zh);
        Talk::demo().says("请问一下 多久发货呢").is("answer · sure").with("48小时");
        Talk::demo().says("Is shipping free?").is("answer · sure").with("¥59").in_language(Language::En);
        Talk::demo().says("What are your hours?").is("answer · sure").with("00:00-24:00");
    }

    fn several_questions_are_answered_in_one_message() {
        Talk::demo().says("包邮吗？发什么快递？").is("answer · sure").with("59元").with("中通");
        Talk::demo().writes(&["包邮吗", "发什么快递", "能开发票吗"]).is("answer · sure").with("59元").with("中通").with("电子普票");
        Talk::demo().writes(&["Is shipping free?", "Which courier do you use?"]).is("answer · sure").with("¥59").with("usually ship");
    }

    fn words_that_two_intents_share_are_said_once() {
        let words = "zh:\n  default: |\n    请看商品页。\nen:\n  default: |\n    Please see the product page.\n";
        let intent = |zh: &str, en: &str| format!("means: A test.\nanswer: when_sure\nzh:\n  phrases: |\n    {zh}\nen:\n  phrases: |\n    {en}\n");
        let (colour, manual) = (intent("砂轮片颜色", "colour of the disc"), intent("说明书下载", "download the manual"));
        let shop = Shop {
            files: &[
                ("intents/product/colour.yaml", &colour),
                ("intents/product/manual.yaml", &manual),
                ("replies/product/colour.yaml", words),
                ("replies/product/manual.yaml", words),
            ],
            ..Shop::default()
        };
        let turned = Talk::at(&shop).writes(&["砂轮片颜色", "说明书下载"]).is("answer · sure");
        assert_eq!(turned.words(), "请看商品页。");
        assert_eq!(turned.outcome().decision.reply.as_ref().unwrap().parts.len(), 2);
        let turned = Talk::at(&shop).says("colour of the disc, download the manual").is("answer · sure");
        assert_eq!(turned.words(), "Please see the product page.");
    }

    fn the_same_answer_is_not_given_twice_within_ten_minutes() {
        let mut talk = Talk::demo();
        talk.says("包邮吗").is("answer · sure");
        talk.says("运费怎么算").is("hand_off · repeated");
        let mut talk = Talk::demo();
        talk.says("包邮吗").is("answer · sure");
        talk.after(10 * MINUTE).says("运费怎么算").is("answer · sure");
        let mut talk = Talk::demo();
        talk.says("Is shipping free?").is("answer · sure");
        talk.says("How much is the shipping for this?").is("hand_off · repeated");
    }

    fn the_same_question_about_changed_facts_has_a_new_answer() {
        let mut talk = Talk::demo().of("demo-wang");
        talk.orders_are(ON_ITS_WAY);
        talk.says("快递到哪了").is("answer · sure").with("已到杭州");
        talk.orders_are(&ON_ITS_WAY.replace("已到杭州", "正在派送"));
        talk.says("快递到哪了").is("answer · sure").with("正在派送");
        talk.says("快递到哪了").is("hand_off · repeated").to("after_sales", Urgency::Normal);
    }

    fn what_nobody_explains_beside_a_sure_question_goes_to_a_person() {
        Talk::demo().says("包邮吗？你们老板的猫叫什么名字？").is("hand_off · unsure").suggests("59元");
        Talk::demo().writes(&["包邮吗", "你们老板的猫叫什么名字"]).is("hand_off · unsure");
        Talk::demo().says("Is shipping free? What is the name of your cat?").is("hand_off · unsure").suggests("¥59");
    }

    fn what_is_not_understood_goes_to_a_person() {
        Talk::demo().says("你们老板的猫叫什么名字").is("hand_off · unsure").with("正在为您转接");
        Talk::demo().says("what is the name of your cat").is("hand_off · unsure").with("passing you");
        Talk::demo().says("隔壁老王家的那个").is("hand_off · unsure");
        // Evidence that stays under the threshold is none.
        let shop = Shop { settings: "thresholds: {answer: 1.0}\n", ..Shop::default() };
        Talk::at(&shop).says("包邮吗").is("hand_off · unsure").because("logistics/shipping_fee").suggests("59元");
    }

    fn an_answer_that_needs_no_threshold_still_needs_its_facts() {
        let files: &[(&str, &str)] = &[
            ("intents/shop/watchword.yaml", "means: A test.\nanswer: always\nzh:\n  together: |\n    口令 什么\n"),
            ("replies/shop/watchword.yaml", "zh:\n  default: |\n    说对口令，{facts.gifts}。\n"),
        ];
        let strict = "thresholds: {answer: 1.0}\n";
        let shop = Shop { settings: strict, files, ..Shop::default() };
        Talk::at(&shop).says("口令是什么").is("answer · sure").with("擦机布");
        Talk::at(&Shop { without: &["gifts"], ..shop }).says("口令是什么").is("hand_off · fact_unknown");
    }

    fn an_unset_fact_is_spoken_around_or_goes_to_a_person() {
        // The base words for an unknown fee.
        let shop = Shop { without: &["shipping_fee"], ..Shop::default() };
        Talk::at(&shop).says("包邮吗").is("answer · sure").with("结算页").without("{");
        Talk::at(&shop).says("Is shipping free?").is("answer · sure").with("checkout");
        // No words for it: a person.
        let words = "zh:\n  default: |\n    刻字的订单{facts.ship_cutoff}前付款，当天发。\nen:\n  default: |\n    Engraved orders paid before {facts.ship_cutoff} ship the same day.\n";
        let intent = "means: A test.\nanswer: when_sure\nzh:\n  phrases: |\n    当天刻字\nen:\n  phrases: |\n    engraved the same day\n";
        let files: &[(&str, &str)] = &[("intents/shop/engraving.yaml", intent), ("replies/shop/engraving.yaml", words)];
        Talk::at(&Shop { files, ..Shop::default() }).says("能当天刻字吗").is("answer · sure").with("16:00");
        let shop = Shop { files, without: &["ship_cutoff"], ..Shop::default() };
        Talk::at(&shop).says("能当天刻字吗").is("hand_off · fact_unknown").because("facts.ship_cutoff");
        Talk::at(&shop).says("can it be engraved the same day?").is("hand_off · fact_unknown");
        // One of two can't be answered: both go to the person, nothing half is said.
        Talk::at(&shop).says("包邮吗？能当天刻字吗？").is("hand_off · fact_unknown").without("59").suggests("59元");
    }

    fn what_only_looks_like_a_request_is_one_in_the_first_words_alone() {
        let intent = "means: A test.\nanswer: when_sure\nzh:\n  examples: |\n    杯子上可以刻字吗\n    能给我刻个名字吗\n    \
                      刻字怎么弄\n    可以刻两个人的名字吗\n    帮忙在杯子上刻字行吗\n    刻字能刻英文吗\nen:\n  examples: |\n    \
                      can you engrave a name on the cup\n    do you do engraving\n    is engraving possible on this\n    \
                      could I have initials engraved on it\n    can you engrave both names\n    how do I get it engraved\n";
        let words = "zh:\n  default: |\n    可以刻字。\nen:\n  default: |\n    We engrave.\n";
        let files: &[(&str, &str)] = &[("intents/shop/engraving.yaml", intent), ("replies/shop/engraving.yaml", words)];
        let shop = Shop { files, ..Shop::default() };
        for question in ["能把名字刻在上面吗？", "can you engrave a date?"] {
            Talk::at(&shop).says(question).is("answer · sure");
        }
        let mut talk = Talk::at(&shop);
        talk.says("谢谢");
        talk.says("能把名字刻在上面吗？").is("hand_off · unsure");
    }

    fn no_words_for_the_situation_is_no_answer() {
        let shop = Shop {
            files: &[("intents/shop/parking.yaml", "means: A test.\nanswer: when_sure\nzh:\n  phrases: |\n    停车位\nen:\n  phrases: |\n    parking space\n")],
            ..Shop::default()
        };
        Talk::at(&shop).says("有停车位吗").is("hand_off · no_words").because("shop/parking");
        Talk::at(&shop).says("do you have a parking space?").is("hand_off · no_words");
        // The product is known, what was asked of it is not in its file.
        Talk::demo().says("角磨机多高").is_not_answered();
    }

    fn the_reply_speaks_as_the_customer_does() {
        let mut talk = Talk::demo();
        talk.says("包邮吗").in_language(Language::Zh);
        talk.says("Which courier do you use?").in_language(Language::En);
        talk.says("发票怎么开").in_language(Language::Zh);
        // A word or a number tells nothing: as before.
        let mut talk = Talk::demo();
        talk.says("Is shipping free?").in_language(Language::En);
        talk.says("hello").is("answer · talk").in_language(Language::En).with("How can I help");
        // At the start the shop's first language, and always one of its own.
        Talk::demo().says("hello").in_language(Language::Zh);
        let english = Shop { settings: "languages: [en]\n", ..Shop::default() };
        Talk::at(&english).says("hello").in_language(Language::En);
        Talk::at(&english).says("包邮吗").is("answer · sure").in_language(Language::En);
        // Within one turn the last that can be told.
        Talk::demo().writes(&["hello there", "包邮吗"]).in_language(Language::Zh);
    }

    fn a_tone_falls_back_to_plain_and_never_to_another_language() {
        let lively = Shop { settings: "tone: lively\n", ..Shop::default() };
        Talk::at(&lively).says("包邮吗").with("亲～");
        Talk::at(&lively).says("Is shipping free?").is("answer · sure").with("Shipping is free from").without("亲");
        let shop = Shop { settings: "tone: 傲娇\n", ..Shop::default() };
        Talk::at(&shop).says("包邮吗").is("answer · sure").with("满59元包邮");
    }

    fn a_burst_is_read_message_by_message() {
        // The words that veto one message's reading stand in another.
        let turned = Talk::demo().of("demo-zhou").writes(&["快递到哪了", "发货地址在哪"]);
        assert!(turned.outcome().classification.has("logistics/track_parcel"));
        Talk::demo().of("demo-zhou").writes(&["在吗", "这个", "快递到哪了"]).is("answer · sure").with("珞喻路");
        Talk::demo().writes(&["你好", "我想问一下", "包邮吗", "谢谢"]).is("answer · sure");
        Talk::demo().writes(&["hi", "so", "is shipping free?", "thanks"]).is("answer · sure");
        Talk::demo().writes(&["包邮吗", "包邮吗"]).is("answer · sure");
    }

    fn typing_does_not_matter() {
        for words in ["包邮嗎", "包 邮 吗", "包\u{200b}邮吗", "请问：包邮吗？？？？", "包邮吗👌"] {
            Talk::demo().says(words).is("answer · sure").with("59元");
        }
        Talk::demo().says("ＩＳ ＳＨＩＰＰＩＮＧ ＦＲＥＥ？").is("answer · sure").with("¥59");
    }
}

trait Unanswered {
    fn is_not_answered(&self);
}

impl Unanswered for super::talk::Turned {
    #[track_caller]
    fn is_not_answered(&self) {
        assert_ne!(self.outcome().decision.act.key(), "answer", "{}", self.words());
    }
}
