//! Who speaks: modes, a person who holds the chat, hand-offs and what is said while somebody waits.

use xiaoer::domain::{Act, AttachmentKind, Language, MINUTE, Mode, Phase, Urgency};

use super::talk::{NIGHT, Shop, Talk, Turned};

conversations! {
    fn in_shadow_nothing_is_said_and_nothing_moves() {
        let mut talk = Talk::demo();
        talk.mode = Mode::Shadow;
        let turned = talk.says("包邮吗").is("silent · mode").says_nothing().suggests("59元");
        assert_eq!(turned.outcome().decision.held_back.map(Act::key), Some("answer"));
        assert_eq!(talk.state.phase, Phase::Bot);
        assert!(talk.state.said.is_empty(), "what was not said is not remembered as said");
        talk.says("我要投诉你们").is("silent · mode").says_nothing();
        talk.says("Is shipping free?").is("silent · mode").suggests("¥59");
        talk.says("好的").is("silent · nothing_to_answer");
    }

    fn what_answers_a_persons_question_is_no_new_request() {
        for answer in ["我用微信付的", "I live in Manchester"] {
            let mut talk = Talk::demo();
            talk.goes_to(Phase::Agent);
            let guessed = talk.says(answer).is("silent · held");
            let of_requests = |turned: &Turned| {
                let suggestions = &turned.outcome().suggestions;
                suggestions.iter().filter(|one| !one.intent.as_str().starts_with("system/")).count()
            };
            assert_ne!(of_requests(&guessed), 0, "{answer}: looks like a request by itself");
            talk.state.person_asked = true;
            let answered = talk.says(answer).is("silent · held");
            assert_eq!(of_requests(&answered), 0, "{answer}: it is what the person asked for");
            assert!(!talk.state.person_asked, "answered once");
        }
        // Words that ask for something ask for it after a question too.
        let mut talk = Talk::demo();
        talk.goes_to(Phase::Agent);
        talk.state.person_asked = true;
        talk.says("包邮吗").is("silent · held").suggests("59元");
        talk.state.person_asked = true;
        talk.says("Is shipping free?").is("silent · held").suggests("¥59");
    }

    fn in_suggest_mode_people_see_every_turn_and_the_bot_keeps_still() {
        let mut talk = Talk::demo();
        talk.mode = Mode::Suggest;
        talk.says("包邮吗").is("hand_off · mode").says_nothing().suggests("59元");
        assert_eq!(talk.state.phase, Phase::Waiting);
        // Waiting or not: what the bot would have handed off is offered to people too.
        talk.says("杯子碎了一个").is("hand_off · mode").says_nothing();
        talk.says("Which courier do you use?").is("hand_off · mode").says_nothing().suggests("We usually ship");
    }

    fn one_intent_can_be_turned_down_alone() {
        let mut talk = Talk::demo();
        talk.intent_modes.insert("logistics/shipping_fee".into(), Mode::Suggest);
        talk.says("发什么快递").is("answer · sure");
        talk.says("包邮吗").is("hand_off · mode").says_nothing();
        let shop = Shop { settings: "modes: {logistics/shipping_fee: shadow}\n", ..Shop::default() };
        let mut talk = Talk::at(&shop);
        talk.says("Is shipping free?").is("silent · mode");
        // The least that one of them allows holds for the turn.
        talk.says("发什么快递？包邮吗？").is("silent · mode");
        talk.says("发什么快递").is("answer · sure");
    }

    fn a_person_who_holds_the_chat_is_not_spoken_over() {
        let mut talk = Talk::demo();
        talk.goes_to(Phase::Agent);
        talk.says("包邮吗").is("silent · held").says_nothing().suggests("59元");
        talk.says("我要打12315").is("silent · held").says_nothing();
        talk.says("Where is my order?").is("silent · held");
        talk.goes_to(Phase::Bot);
        talk.says("Is shipping free?").is("answer · sure").with("¥59");
        talk.goes_to(Phase::Closed);
        talk.says("好的谢谢").is("silent · held");
    }

    fn who_asks_for_a_person_gets_one() {
        for words in ["转人工", "我要找人工客服！", "包邮吗？算了，转人工", "转人工！！！"] {
            Talk::demo().says(words).is("hand_off · asked_for_person").urgently().with("正在为您转接人工客服");
        }
        for words in ["agent", "I want to speak to a real person!", "Where is my order? Let me talk to an agent"] {
            Talk::demo().says(words).is("hand_off · asked_for_person").urgently();
        }
        let mut talk = Talk::demo();
        talk.says("I want to speak to a real person!").with("passing you to a person").in_language(Language::En);
        assert_eq!(talk.state.phase, Phase::Waiting);
    }

    fn out_of_hours_the_hand_off_says_when_people_are_back() {
        let shop = Shop { settings: "human_hours: \"09:00-23:00\"\n", ..Shop::default() };
        let mut talk = Talk::at(&shop);
        talk.says("转人工").with("正在为您转接").without("09:00");
        let mut talk = Talk::at(&shop);
        talk.now = NIGHT;
        let turned = talk.says("转人工").is("hand_off · asked_for_person").with("09:00-23:00").with("上班后优先");
        let reply = turned.outcome().decision.reply.as_ref().unwrap();
        assert_eq!(reply.parts[0].intent.as_str(), "system/handed_off_closed", "the inbox opens a promise by this name");
        let mut talk = Talk::at(&shop);
        talk.now = NIGHT;
        talk.says("I want to file a complaint").is("hand_off · never").with("online 09:00-23:00").with("order number");
        // Questions the bot can answer are answered at night as by day.
        let mut talk = Talk::at(&shop);
        talk.now = NIGHT;
        talk.says("包邮吗").is("answer · sure");
    }

    fn a_shop_can_say_by_when_it_answers() {
        let promise = "zh:\n  default: |\n    {promise.due}前回复您。\nen:\n  default: |\n    By {promise.due}.\n";
        let shop = Shop {
            settings: "human_hours: \"09:00-23:00\"\n",
            files: &[("replies/system/handed_off_closed.yaml", promise)],
            ..Shop::default()
        };
        let mut talk = Talk::at(&shop);
        talk.now = NIGHT;
        talk.says("转人工").with("11月12日 09:00前回复您");
    }

    fn while_a_person_is_awaited_sure_questions_are_answered() {
        let mut talk = Talk::demo();
        talk.says("转人工").is("hand_off · asked_for_person");
        talk.says("包邮吗").is("answer · sure").with("59元");
        assert_eq!(talk.state.phase, Phase::Waiting, "an answer doesn't take the chat from the queue");
        talk.says("在吗").is("silent · waiting");
        talk.says("转人工转人工").is("silent · waiting");
        talk.says("快递到哪了").is("silent · waiting");
        talk.says("Is shipping free?").is("answer · sure");
        talk.says("好的").is("silent · nothing_to_answer");
    }

    fn a_shop_can_keep_the_bot_silent_while_a_person_is_awaited() {
        let shop = Shop { settings: "while_waiting: silent\n", ..Shop::default() };
        let mut talk = Talk::at(&shop);
        talk.says("转人工");
        talk.says("包邮吗").is("silent · waiting").says_nothing().suggests("59元");
        talk.says("Is shipping free?").is("silent · waiting");
        talk.goes_to(Phase::Bot);
        talk.says("发什么快递").is("answer · sure");
    }

    fn who_gets_angry_while_waiting_moves_up_without_words() {
        let mut talk = Talk::demo();
        let turned = talk.says("没用").is("hand_off · not_solved");
        assert_eq!(turned.outcome().decision.urgency, Urgency::Normal);
        let turned = talk.says("再不来我打12315了").is("silent · waiting").says_nothing();
        assert_eq!(turned.outcome().decision.urgency, Urgency::High);
        assert_eq!(talk.state.complaints, 2, "complaints count while nobody answers them");
    }

    fn what_the_bot_may_not_answer_goes_to_a_person_who_is_spared_asking() {
        Talk::demo()
            .says("刚拆开，杯子碎了一个")
            .is("hand_off · never")
            .to("after_sales", Urgency::Normal)
            .with("能看清问题的商品照片、订单号");
        Talk::demo().says("It arrived damaged").is("hand_off · never").with("a photo that shows the problem").with("order number");
        // The photo is there already.
        let turned = Talk::demo().shows(AttachmentKind::Image, "收到是坏的").is("hand_off · never").with("订单号");
        turned.without("照片");
        // A sticker shows nothing.
        Talk::demo().shows(AttachmentKind::Sticker, "收到是坏的").with("照片");
        // So is the order: looked up, or at least named.
        let mut talk = Talk::demo().of("demo-zhou");
        talk.says("收到是坏的").is("hand_off · never").with("照片").without("订单号");
        Talk::demo().says("202688130105318861 收到是坏的").is("hand_off · never").without("订单号");
        // Nothing is missing: nothing is asked.
        let mut talk = Talk::demo().of("demo-zhou");
        talk.shows(AttachmentKind::Video, "It arrived damaged").is("hand_off · never").without("please send");
    }

    fn a_complaint_is_urgent_and_goes_where_complaints_go() {
        Talk::demo().says("我要投诉").is("hand_off · never").to("after_sales", Urgency::High);
        Talk::demo().says("I want to file a complaint").is("hand_off · never").to("after_sales", Urgency::High);
        // Whatever else was asked, the queue is that of what only a person may answer.
        Talk::demo().says("包邮吗？刚拆开，杯子碎了一个").is("hand_off · never").to("after_sales", Urgency::Normal);
        Talk::demo().says("你们都是骗子").is("hand_off · never").to("default", Urgency::High);
        Talk::demo().says("you idiots").is("hand_off · never").to("default", Urgency::High);
    }

    fn an_urgent_request_stays_urgent_whatever_rung_it_leaves_by() {
        let shop = Shop {
            settings: "orders: {kind: file, path: orders.yaml}\n",
            files: &[("intents/order/fix.yaml", "means: A test.\nanswer: when_sure\nurgency: high\nzh:\n  phrases: |\n    改一下规格型号\n")],
            ..Shop::default()
        };
        Talk::at(&shop).says("改一下规格型号").is("hand_off · no_words").to("default", Urgency::High);
    }

    fn after_half_an_hour_of_waiting_words_nothing_resumes_by_itself() {
        let mut talk = Talk::demo();
        talk.says("转人工");
        talk.after(40 * MINUTE).says("在吗").is("silent · waiting");
        assert_eq!(talk.state.phase, Phase::Waiting);
    }
}

trait Urgent {
    fn urgently(self) -> Self;
}

impl Urgent for super::talk::Turned {
    #[track_caller]
    fn urgently(self) -> Self {
        assert_eq!(self.outcome().decision.urgency, Urgency::High, "{:?}", self.outcome().decision);
        self
    }
}
