//! A customer who talks with the engine: the conversation is carried from turn to turn, the clock is the test's.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use xiaoer::domain::{
    At, Attachment, AttachmentKind, ConversationState, Customer, HOUR, IntentId, Language, MINUTE, Message, Mode,
    Order, OrderNumber, Phase, Rung, SECOND, TurnInput, TurnOutcome, Urgency,
};
use xiaoer::engine::{Engine, Orders};
use xiaoer::orders::{FileSource, OrderSource, SourceDown};
use xiaoer::playbook::Playbook;
use xiaoer::playbook::layer::Layer;
use xiaoer::playbook::tree::SourceFile;
use xiaoer::shops::ShopOrders;

/// An afternoon in Shanghai: 11 November 2026, 14:00.
pub const AFTERNOON: At = At(1_794_376_800_000);
/// The night after it, 23:30.
pub const NIGHT: At = At(AFTERNOON.0 + 9 * HOUR + 30 * MINUTE);
/// A customer takes so long to write the next message.
const WRITES_WITHIN: i64 = 20 * SECOND;

thread_local! {
    static HEARD: RefCell<Vec<Heard>> = const { RefCell::new(Vec::new()) };
}

/// A decided turn, with the engine that decided it.
#[derive(Clone)]
pub struct Heard {
    pub engine: Arc<Engine>,
    pub input: TurnInput,
    pub outcome: TurnOutcome,
}

/// Every turn that was decided on this thread since the last call.
pub fn heard() -> Vec<Heard> {
    HEARD.with_borrow_mut(std::mem::take)
}

/// What a test's shop says other than the demo shop.
#[derive(Clone, Copy, Default)]
pub struct Shop<'a> {
    /// A `shop.yaml` over the demo's.
    pub settings: &'a str,
    /// Lines of the demo's `shop.yaml` that are left out, by how they begin.
    pub without: &'a [&'a str],
    /// Further files, by path below the shop's folder.
    pub files: &'a [(&'a str, &'a str)],
}

impl Shop<'_> {
    fn engine(&self) -> Arc<Engine> {
        static COMPILED: OnceLock<Mutex<HashMap<String, Arc<Engine>>>> = OnceLock::new();
        let mut compiled = COMPILED.get_or_init(Mutex::default).lock().unwrap();
        let key = format!("{:?}", (self.settings, self.without, self.files));
        compiled.entry(key).or_insert_with(|| self.compile()).clone()
    }

    fn compile(&self) -> Arc<Engine> {
        let mut demo = Layer::folder(&demo()).unwrap();
        for file in demo.files.iter_mut().filter(|file| &*file.path == "shop.yaml") {
            let stays = |line: &&str| !self.without.iter().any(|start| line.trim_start().starts_with(start));
            file.text = file.text.lines().filter(stays).map(|line| format!("{line}\n")).collect();
        }
        let mut own = Layer::default();
        let files = [("shop.yaml", self.settings)];
        for (path, text) in files.iter().chain(self.files).filter(|(_, text)| !text.is_empty()) {
            own.files.push(SourceFile::new(*path, *text));
        }
        let loaded = Playbook::load("test".into(), &[Layer::base(), demo, own]);
        let playbook = loaded.playbook.unwrap_or_else(|| panic!("{:#?}", loaded.mistakes));
        Arc::new(Engine::compile(playbook).unwrap())
    }
}

fn demo() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("shops/demo")
}

/// A conversation.
pub struct Talk {
    engine: Arc<Engine>,
    orders: Arc<dyn Orders>,
    runtime: tokio::runtime::Runtime,
    /// As it is before the next turn.
    pub state: ConversationState,
    /// The clock.
    pub now: At,
    /// Who writes.
    pub customer: Customer,
    /// How much the bot may do.
    pub mode: Mode,
    /// The same, about single intents.
    pub intent_modes: BTreeMap<IntentId, Mode>,
    turns: usize,
}

impl Talk {
    /// Somebody the platform doesn't vouch for, with the demo shop.
    pub fn demo() -> Self {
        Self::at(&Shop::default())
    }

    /// The same with a shop of the test's own.
    pub fn at(shop: &Shop<'_>) -> Self {
        let engine = shop.engine();
        let text = std::fs::read_to_string(demo().join("orders.yaml")).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let orders = from_file(&engine, &text);
        Self {
            engine,
            orders,
            runtime,
            state: ConversationState::default(),
            now: AFTERNOON,
            customer: Customer { id: Some("guest".into()), ..Customer::default() },
            mode: Mode::Auto,
            intent_modes: BTreeMap::new(),
            turns: 0,
        }
    }

    /// Somebody the platform vouches for.
    pub fn of(mut self, customer: &str) -> Self {
        self.customer = Customer { id: Some(customer.into()), verified: true, ..Customer::default() };
        self
    }

    /// The orders are these from now on.
    pub fn orders_are(&mut self, text: &str) {
        self.orders = from_file(&self.engine, text);
    }

    /// The order source answers no more.
    pub fn source_goes_down(&mut self) {
        self.orders = Arc::new(ShopOrders::new(Some(Arc::new(Down)), &self.engine.playbook, None));
    }

    /// The shop has no orders to look up.
    pub fn has_no_source(&mut self) {
        self.orders = Arc::new(ShopOrders::new(None, &self.engine.playbook, None));
    }

    /// Time passes.
    pub fn after(&mut self, millis: i64) -> &mut Self {
        self.now = self.now.plus(millis);
        self
    }

    /// A person takes the chat, gives it back, or it is closed.
    pub fn goes_to(&mut self, phase: Phase) {
        assert!(self.state.phase.may_become(phase), "{:?} may not become {phase:?}", self.state.phase);
        self.state.phase = phase;
    }

    /// Writes one message.
    #[track_caller]
    pub fn says(&mut self, text: &str) -> Turned {
        self.writes(&[text])
    }

    /// Writes several in a burst.
    #[track_caller]
    pub fn writes(&mut self, texts: &[&str]) -> Turned {
        let messages = texts.iter().map(|text| Message { text: (*text).to_owned(), ..self.blank() }).collect();
        self.sends(messages)
    }

    /// Sends an attachment beside a text.
    #[track_caller]
    pub fn shows(&mut self, kind: AttachmentKind, text: &str) -> Turned {
        let attachments = vec![Attachment { kind, url: "https://img.example/1".to_owned(), title: None }];
        self.sends(vec![Message { text: text.to_owned(), attachments, ..self.blank() }])
    }

    /// Sends an order card as platforms do, beside a text.
    #[track_caller]
    pub fn sends_card(&mut self, number: &str, text: &str) -> Turned {
        self.sends(vec![Message { text: text.to_owned(), order_numbers: vec![number.into()], ..self.blank() }])
    }

    /// Writes from a product's page.
    #[track_caller]
    pub fn looks_at(&mut self, product: &str, text: &str) -> Turned {
        self.sends(vec![Message { text: text.to_owned(), product: Some(product.into()), ..self.blank() }])
    }

    fn blank(&self) -> Message {
        Message {
            id: format!("m-{}", self.turns + 1).into(),
            external_id: None,
            text: String::new(),
            attachments: Vec::new(),
            order_numbers: Vec::new(),
            product: None,
            sent_at: self.now,
        }
    }

    fn sends(&mut self, messages: Vec<Message>) -> Turned {
        self.turns += 1;
        self.now = self.now.plus(WRITES_WITHIN);
        let input = TurnInput {
            id: format!("turn-{}", self.turns).into(),
            shop: "test".into(),
            channel: "web".into(),
            conversation: "c-1".into(),
            customer: self.customer.clone(),
            messages,
            state: self.state.clone(),
            mode: self.mode,
            intent_modes: self.intent_modes.clone(),
            neighbours: None,
            now: self.now,
        };
        let outcome = self.runtime.block_on(self.engine.decide(&input, self.orders.as_ref()));
        self.state = outcome.state.clone();
        let heard = Heard { engine: self.engine.clone(), input, outcome };
        HEARD.with_borrow_mut(|all| all.push(heard.clone()));
        Turned(heard)
    }
}

fn from_file(engine: &Engine, text: &str) -> Arc<dyn Orders> {
    let source = FileSource::read(text, engine.playbook.settings.time_zone.clone()).unwrap();
    Arc::new(ShopOrders::new(Some(Arc::new(source)), &engine.playbook, None))
}

struct Down;

#[async_trait]
impl OrderSource for Down {
    async fn by_number(&self, _: &OrderNumber, _: At) -> Result<Option<Order>, SourceDown> {
        Err(SourceDown::Timeout)
    }

    async fn of_customer(&self, _: &Customer, _: At) -> Result<Vec<Order>, SourceDown> {
        Err(SourceDown::Timeout)
    }
}

/// What was done about a turn.
pub struct Turned(Heard);

impl Turned {
    /// `answer · sure`
    #[track_caller]
    pub fn is(self, decision: &str) -> Self {
        let decided = &self.0.outcome.decision;
        let shown = format!("{} · {}", decided.act.key(), decided.rung.key());
        assert_eq!(shown, decision, "{}", self.told());
        self
    }

    /// The reply has these words.
    #[track_caller]
    pub fn with(self, words: &str) -> Self {
        assert!(self.words().contains(words), "`{words}` isn't said: {}", self.told());
        self
    }

    /// The reply hasn't these words.
    #[track_caller]
    pub fn without(self, words: &str) -> Self {
        assert!(!self.words().contains(words), "`{words}` is said: {}", self.told());
        self
    }

    /// Nothing is said.
    #[track_caller]
    pub fn says_nothing(self) -> Self {
        assert!(self.0.outcome.decision.reply.is_none(), "{}", self.told());
        self
    }

    /// A person is offered a script with these words.
    #[track_caller]
    pub fn suggests(self, words: &str) -> Self {
        let offered = self.0.outcome.suggestions.iter().any(|suggestion| suggestion.text.contains(words));
        assert!(offered, "`{words}` isn't suggested: {:#?} {}", self.0.outcome.suggestions, self.told());
        self
    }

    /// The chat goes to this queue, this urgent.
    #[track_caller]
    pub fn to(self, queue: &str, urgency: Urgency) -> Self {
        let decided = &self.0.outcome.decision;
        let shown = (decided.queue.as_ref().map(ToString::to_string), decided.urgency);
        assert_eq!(shown, (Some(queue.to_owned()), urgency), "{}", self.told());
        self
    }

    /// The reply is in this language.
    #[track_caller]
    pub fn in_language(self, language: Language) -> Self {
        let spoken = self.0.outcome.decision.reply.as_ref().map(|reply| reply.language);
        assert_eq!(spoken, Some(language), "{}", self.told());
        self
    }

    /// The reason says so.
    #[track_caller]
    pub fn because(self, words: &str) -> Self {
        assert!(self.0.outcome.decision.reason.contains(words), "{}", self.told());
        self
    }

    /// The reply's text; empty if nothing is said.
    pub fn words(&self) -> &str {
        self.0.outcome.decision.reply.as_ref().map_or("", |reply| reply.text.as_str())
    }

    /// All that came of the turn.
    pub fn outcome(&self) -> &TurnOutcome {
        &self.0.outcome
    }

    pub fn rung(&self) -> Rung {
        self.0.outcome.decision.rung
    }

    fn told(&self) -> String {
        let outcome = &self.0.outcome;
        let texts: Vec<&str> = self.0.input.messages.iter().map(|message| message.text.as_str()).collect();
        let understood = &outcome.classification;
        let decision = &outcome.decision;
        let said: Vec<String> = understood
            .intents
            .iter()
            .map(|one| {
                let lines: Vec<&str> = one.evidence.iter().map(|evidence| evidence.line.as_str()).collect();
                format!("{} {:.2} by {lines:?}, rival {:?}", one.intent, one.confidence, one.rival)
            })
            .collect();
        let numbers = outcome.orders.lookup.one().map(|order| order.number.to_string());
        format!(
            "{texts:?}\n{} · {} ({}): {:?}\nunderstood: {said:#?}\nlost: {:?}\nslots: {:?}, unexplained: {}, alarm: {:?}, \
             order: {numbers:?}",
            decision.act.key(),
            decision.rung.key(),
            decision.reason,
            self.words(),
            understood.lost,
            understood.slots.iter().map(|slot| (slot.kind, &slot.value)).collect::<Vec<_>>(),
            understood.unexplained,
            understood.alarm,
        )
    }
}
