//! Risk, anger, beside the question, still not working; and small talk.

use xiaoer::domain::{AttachmentKind, MINUTE, Phase, Urgency};

use super::talk::{Shop, Talk};

conversations! {
    fn a_risk_word_goes_to_a_person_at_once() {
        for words in ["再不发货我打12315", "插上就触电了，还漏电", "包邮吗？不包邮我找律师", "I will call my lawyer", "it caught fire"] {
            let turned = Talk::demo().says(words).is("hand_off · risk");
            assert_eq!(turned.outcome().decision.urgency, Urgency::High, "{words}");
        }
        // A shop's own words count as much.
        let shop = Shop { settings: "risk_words: [砂轮飞了]\n", ..Shop::default() };
        Talk::at(&shop).says("用着用着砂轮飞了").is("hand_off · risk");
        Talk::demo().says("有漏电保护器吗").is_not_risk();
        Talk::demo().says("防触电手套包邮吗").is("answer · sure");
        Talk::demo().says("寄到派出所旁边的快递站，包邮吗").is_not_risk();
    }

    fn anger_goes_to_a_person_at_once() {
        for words in ["到底发不发！！！", "第三天了还不发货", "太过分了", "where is my order!!!", "this is ridiculous"] {
            let turned = Talk::demo().says(words).is("hand_off · anger");
            assert_eq!(turned.outcome().decision.urgency, Urgency::High, "{words}");
        }
        for words in ["谢谢！！！", "好的！！！", "thanks!!!"] {
            let mut talk = Talk::demo();
            talk.says(words);
            assert_eq!(talk.state.phase, Phase::Bot, "{words}");
        }
    }

    fn a_second_complaint_is_anger() {
        let mut talk = Talk::demo();
        talk.says("还是不行").is("hand_off · not_solved");
        talk.goes_to(Phase::Agent);
        talk.goes_to(Phase::Bot);
        talk.says("答非所问").is("hand_off · anger").because("second");
        let mut talk = Talk::demo();
        talk.says("That is not what I asked").is("hand_off · wrong_answer");
        talk.goes_to(Phase::Bot);
        talk.says("I want to file a complaint").is("hand_off · anger");
        // Two broken cups are two cups, no anger.
        let mut talk = Talk::demo();
        talk.says("刚拆开，杯子碎了一个").is("hand_off · never");
        talk.goes_to(Phase::Bot);
        talk.says("收到是坏的").is("hand_off · never");
    }

    fn who_is_angry_is_spoken_to_plainly() {
        let shop = Shop { settings: "tone: lively\n", ..Shop::default() };
        Talk::at(&shop).says("包邮吗").is("answer · sure").with("亲～");
        Talk::at(&shop).says("我要打12315").is("hand_off · risk").without("亲").without("～");
        Talk::at(&shop).says("我要投诉").is("hand_off · never").without("亲").without("～");
        Talk::at(&shop).says("转人工").is("hand_off · asked_for_person").without("亲");
        Talk::at(&shop).says("this is ridiculous").is("hand_off · anger");
    }

    fn an_answer_beside_the_question_is_not_followed_by_another() {
        let mut talk = Talk::demo();
        talk.says("包邮吗").is("answer · sure");
        talk.says("答非所问").is("hand_off · wrong_answer").because("wrong_answer");
        let mut talk = Talk::demo();
        talk.says("Is shipping free?").is("answer · sure");
        talk.says("That is not what I asked").is("hand_off · wrong_answer").with("passing you to a person");
    }

    fn what_still_does_not_work_goes_to_a_person() {
        let mut talk = Talk::demo();
        talk.says("优惠券用不了").is("answer · sure");
        talk.says("还是不行").is("hand_off · not_solved").suggests("抱歉还没帮您解决");
        let mut talk = Talk::demo();
        talk.says("My coupon code doesn't work").is("answer · sure");
        talk.says("still not working").is("hand_off · not_solved");
    }

    fn greetings_are_answered_once() {
        let mut talk = Talk::demo();
        talk.says("在吗").is("answer · talk").with("欢迎光临大焊五金旗舰店");
        talk.says("你好").is("silent · nothing_to_answer");
        talk.says("包邮吗").is("answer · sure");
        talk.says("谢谢").is("answer · talk").with("不客气");
        talk.says("再见").is("silent · nothing_to_answer");
        let mut talk = Talk::demo();
        talk.says("hi there").is("answer · talk").with("welcome to Dahan Tools");
        talk.says("Is shipping free?").is("answer · sure");
        talk.says("thank you so much").is("answer · talk").with("You're welcome");
    }

    fn a_greeting_beside_a_request_is_only_manners() {
        Talk::demo().says("你好，请问包邮吗？谢谢").is("answer · sure").with("59元").without("欢迎");
        Talk::demo().writes(&["你好，请问有人在吗？", "包邮吗"]).is("answer · sure").without("欢迎");
        Talk::demo().writes(&["在吗", "包邮吗"]).is("answer · sure").without("欢迎");
        Talk::demo().says("Hi! Is shipping free? Thanks").is("answer · sure").without("welcome");
    }

    fn who_asks_whether_we_are_a_machine_is_told() {
        let mut talk = Talk::demo();
        talk.says("在吗").is("answer · talk");
        // Not left unanswered, though it follows small talk.
        talk.says("你是机器人吗？").is("answer · talk").with("智能客服，不是真人");
        // Asked again, a person is wanted.
        talk.says("你是真人还是机器人").is("hand_off · asked_for_person");
        Talk::demo().says("Are you a bot?").is("answer · talk").with("not a person");
        Talk::demo().says("谢谢，你是机器人吗").is("answer · talk").with("不是真人");
    }

    fn a_photo_without_words_is_asked_about_once() {
        let mut talk = Talk::demo();
        talk.shows(AttachmentKind::Image, "").is("answer · talk").with("用文字说一下");
        talk.shows(AttachmentKind::Image, "").is("hand_off · unsure");
        let mut talk = Talk::demo();
        talk.says("Is shipping free?");
        talk.shows(AttachmentKind::Audio, "").is("answer · talk").with("can't read pictures");
    }

    fn what_needs_no_answer_gets_none() {
        for words in ["好的", "嗯嗯", "知道了", "稍等", "我去拍个照", "不用了谢谢", "ok", "one sec", "never mind", "no thanks"] {
            let mut talk = Talk::demo();
            talk.says("包邮吗");
            talk.says(words).is("silent · nothing_to_answer").says_nothing();
        }
        for words in ["😀😀", "👌", "\u{200b}\u{200d}\u{feff}", "", "   ", "？？", "……"] {
            let mut talk = Talk::demo();
            talk.says("包邮吗");
            talk.says(words).is("silent · nothing_to_answer").says_nothing();
        }
    }

    fn a_nudge_in_the_middle_is_no_request_and_at_the_start_a_greeting() {
        let mut talk = Talk::demo();
        talk.says("包邮吗");
        talk.says("人呢").is("silent · nothing_to_answer");
        talk.says("still there?").is("silent · nothing_to_answer");
        Talk::demo().says("人呢").is("answer · talk").with("欢迎光临");
        Talk::demo().says("is anyone there?").is("answer · talk").with("welcome");
    }

    fn advertising_is_left_alone() {
        Talk::demo().says("刷单兼职日赚300").is("silent · nothing_to_answer");
        Talk::demo().says("你好，专业代运营，提升店铺销量").is("silent · nothing_to_answer");
        Talk::demo().says("We offer SEO services").is("silent · nothing_to_answer");
    }

    fn six_messages_in_ten_minutes_are_enough() {
        let questions = ["包邮吗", "发什么快递", "多久发货", "能开发票吗", "优惠券怎么领", "几点下班"];
        let mut talk = Talk::demo();
        for question in questions {
            talk.says(question).is("answer · sure");
        }
        // A thank you needs nobody.
        talk.says("谢谢").is("silent · nothing_to_answer");
        talk.says("支持七天无理由退货吗").is("hand_off · bot_limit");
        let mut talk = Talk::demo();
        for question in questions {
            talk.after(2 * MINUTE).says(question).is("answer · sure");
        }
        talk.says("What is your return policy?").is("answer · sure");
        let english = [
            "Is shipping free?",
            "Which courier do you use?",
            "How soon can you ship?",
            "Can I get an invoice?",
            "Do you have any coupons?",
            "What are your hours?",
        ];
        let mut talk = Talk::demo();
        for question in english {
            talk.says(question).is("answer · sure");
        }
        talk.says("What is your return policy?").is("hand_off · bot_limit");
    }
}

trait Harmless {
    fn is_not_risk(&self);
}

impl Harmless for super::talk::Turned {
    #[track_caller]
    fn is_not_risk(&self) {
        assert_eq!(self.outcome().classification.alarm, None);
        assert_ne!(self.rung().key(), "risk");
    }
}
