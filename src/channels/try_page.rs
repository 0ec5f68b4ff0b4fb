//! Messages from our own `/try` page.
//!
//! The page gets a ticket with its conversation's and its customer's id in it, signed by us, and shows it with every
//! message. So a visitor writes and reads in their own conversation alone, though anyone may have one.

use async_trait::async_trait;
use reqwest::header::HeaderMap;

use super::fields::{Fields, Why, read_json};
use super::signature::{issue_ticket, verify_ticket};
use super::{
    Channel, Delivered, IncomingMessage, Malformed, MessageParts, Outgoing, RawRequest, SendOutcome, SignatureError,
    SigningSecret, Verified,
};
use crate::domain::{At, Customer, DAY, ExternalId, ShopId};

/// The header that a page's ticket comes in.
pub const TICKET_HEADER: &str = "x-xiaoer-ticket";

/// How long a ticket lasts, in milliseconds.
pub const TICKET_LIFE: i64 = DAY;

/// Bytes a message may have: the page is open to everybody.
const LONGEST_TEXT: usize = 16 * 1024;

/// Parts the two ids in a ticket; a conversation's id never holds it.
const BETWEEN: char = '|';

/// Who sits in front of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Theirs alone. Made by us: plain ASCII without a `|`, at most 128 bytes.
    pub conversation: ExternalId,
    /// A customer of their own, or one whom they may play. Plain ASCII, at most 128 bytes.
    pub customer: ExternalId,
}

impl Visitor {
    fn of(verified: &Verified<'_>) -> Self {
        let holder = verified.signed_id();
        let (conversation, customer) = holder.split_once(BETWEEN).unwrap_or((holder, holder));
        Self { conversation: conversation.into(), customer: customer.into() }
    }

    /// What the visitor's message is stored under. A page names its own messages; without the conversation one visitor
    /// could use up another's names.
    fn message_id(&self, own: &str) -> ExternalId {
        format!("{}/{own}", self.conversation).into()
    }

    /// The page's own name of a stored message.
    #[must_use]
    pub fn own_id<'a>(&self, message: &'a ExternalId) -> Option<&'a str> {
        message.as_str().strip_prefix(self.conversation.as_str())?.strip_prefix('/')
    }
}

/// The channel of a shop's `/try` page.
#[derive(Clone, Debug)]
pub struct TryPage {
    shop: ShopId,
    secret: SigningSecret,
}

impl TryPage {
    /// A ticket is good where `secret` is the same: on every node, and after a restart, or the page asks for another.
    #[must_use]
    pub fn new(shop: ShopId, secret: SigningSecret) -> Self {
        Self { shop, secret }
    }

    /// The ticket for one visitor.
    #[must_use]
    pub fn ticket(&self, visitor: &Visitor, now: At) -> String {
        let holder = format!("{}{BETWEEN}{}", visitor.conversation, visitor.customer);
        issue_ticket(&self.secret, self.shop.as_str(), &holder, now)
    }

    /// Who shows a ticket in these headers.
    ///
    /// # Errors
    /// There is none, or it is not one of this shop's and of the last day.
    pub fn visitor(&self, headers: &HeaderMap, now: At) -> Result<Visitor, SignatureError> {
        let request = RawRequest { headers, query: None, body: &[] };
        Ok(Visitor::of(&self.verify(&request, now)?))
    }
}

#[async_trait]
impl Channel for TryPage {
    fn verify<'a>(&self, request: &RawRequest<'a>, now: At) -> Result<Verified<'a>, SignatureError> {
        verify_ticket(&self.secret, self.shop.as_str(), TICKET_LIFE, TICKET_HEADER, request, now)
    }

    /// `{"message_id","text","order_numbers"?,"product_id"?}`; who writes is in the ticket.
    fn parse(&self, verified: &Verified<'_>, now: At) -> Result<Vec<Delivered>, Malformed> {
        let document = read_json(verified.body())?;
        let body = Fields::of(&document)?;
        let text = body.text("text")?.unwrap_or_default();
        let order_numbers: Vec<_> = body.ids("order_numbers")?.into_iter().map(Into::into).collect();
        if text.len() > LONGEST_TEXT {
            return Err(body.invalid("text", Why::TooLong(LONGEST_TEXT)));
        }
        if text.is_empty() && order_numbers.is_empty() {
            return Err(body.missing("text"));
        }
        let visitor = Visitor::of(verified);
        Ok(vec![Delivered::Message(Box::new(IncomingMessage {
            external_id: visitor.message_id(body.id("message_id")?),
            conversation: visitor.conversation,
            // The id is ours and signed; a name, phone or e-mail from an open page would be worth nothing.
            customer: Customer { id: Some(visitor.customer), verified: true, ..Customer::default() },
            parts: MessageParts {
                text: text.to_owned(),
                attachments: Vec::new(),
                order_numbers,
                product: body.optional_id("product_id")?.map(Into::into),
                sent_at: now,
            },
        }))])
    }

    /// The page reads the conversation itself; there is nobody to send to.
    async fn send(&self, _outgoing: &Outgoing, _now: At) -> SendOutcome {
        SendOutcome::Sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::Refusal;
    use crate::domain::SECOND;

    const NOW: At = At(1_794_000_000_000);

    fn page(shop: &str, key: u8) -> TryPage {
        TryPage::new(shop.into(), SigningSecret::from_bytes(&[key; 32]).unwrap())
    }

    fn visitor(id: &str) -> Visitor {
        Visitor { conversation: id.into(), customer: id.into() }
    }

    fn post(page: &TryPage, ticket: &str, body: &str, now: At) -> Result<Vec<Delivered>, Refusal> {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "application/json".parse().unwrap());
        headers.insert(TICKET_HEADER, ticket.parse().unwrap());
        page.receive(&RawRequest { headers: &headers, query: None, body: body.as_bytes() }, now)
    }

    #[test]
    fn a_visitor_writes_in_their_own_conversation() {
        let page = page("demo", 1);
        let ticket = page.ticket(&visitor("try-1"), NOW);
        let body =
            r#"{"message_id":"m-1","text":"在吗","customer":{"id":"u-9","verified":true},"conversation_id":"c"}"#;
        let delivered = post(&page, &ticket, body, NOW.plus(5 * SECOND)).unwrap();
        let [Delivered::Message(message)] = &delivered[..] else { panic!("{delivered:?}") };
        assert_eq!(message.external_id.as_str(), "try-1/m-1");
        assert_eq!(message.conversation.as_str(), "try-1");
        assert_eq!(message.customer.id.as_ref().unwrap().as_str(), "try-1");
        assert_eq!(message.parts.text, "在吗");
    }

    #[test]
    fn a_visitor_may_play_a_customer_in_a_conversation_of_their_own() {
        let page = page("demo", 1);
        let wang = Visitor { conversation: "try-1".into(), customer: "demo-wang".into() };
        let ticket = page.ticket(&wang, NOW);
        let delivered = post(&page, &ticket, r#"{"message_id":"m-1","text":"我的快递到哪了"}"#, NOW).unwrap();
        let [Delivered::Message(message)] = &delivered[..] else { panic!("{delivered:?}") };
        assert_eq!(message.conversation.as_str(), "try-1");
        assert_eq!(message.customer.id.as_ref().unwrap().as_str(), "demo-wang");
        assert_eq!(wang.own_id(&message.external_id), Some("m-1"));
        let mut headers = HeaderMap::new();
        assert_eq!(page.visitor(&headers, NOW), Err(SignatureError::MissingHeader(TICKET_HEADER)));
        headers.insert(TICKET_HEADER, ticket.parse().unwrap());
        assert_eq!(page.visitor(&headers, NOW), Ok(wang));
        headers.insert(TICKET_HEADER, ticket.replace("demo-wang", "demo-lili").parse().unwrap());
        assert_eq!(page.visitor(&headers, NOW), Err(SignatureError::NoMatch));
    }

    #[test]
    fn nobody_writes_without_a_ticket_of_this_shop_and_day() {
        let demo = page("demo", 1);
        let ticket = demo.ticket(&visitor("try-1"), NOW);
        let refused = |ticket: &str, now| match post(&demo, ticket, r#"{"message_id":"m","text":"在吗"}"#, now) {
            Err(Refusal::Signature(error)) => error,
            other => panic!("{other:?}"),
        };
        let forged = ticket.replace("try-1", "try-2");
        let later = ticket.replace(&NOW.0.to_string(), &NOW.plus(DAY).0.to_string());
        for wrong in [&forged, &later, "try-1", "try-1.5.zz", &page("other", 1).ticket(&visitor("try-1"), NOW)] {
            assert_eq!(refused(wrong, NOW), SignatureError::NoMatch, "{wrong}");
        }
        assert_eq!(refused(&page("demo", 2).ticket(&visitor("try-1"), NOW), NOW), SignatureError::NoMatch);
        assert_eq!(refused(&ticket, NOW.plus(DAY + 1)), SignatureError::TooOld);
        assert_eq!(refused("", NOW), SignatureError::BadHeader(TICKET_HEADER));
    }

    #[test]
    fn an_open_page_takes_no_books_and_no_silence() {
        let page = page("demo", 1);
        let ticket = page.ticket(&visitor("try-1"), NOW);
        let book = format!(r#"{{"message_id":"m","text":"{}"}}"#, "好".repeat(6000));
        let refused = |body: &str| post(&page, &ticket, body, NOW).unwrap_err().to_string();
        assert_eq!(refused(&book), "`text` is longer than 16384 bytes");
        assert_eq!(refused(r#"{"message_id":"m"}"#), "`text` is missing");
        assert_eq!(refused(r#"{"text":"在吗"}"#), "`message_id` is missing");
    }
}
