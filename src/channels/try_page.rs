//! Messages from our own `/try` page.
//!
//! The page gets a ticket with its customer's id in it, signed by us, and shows it with every message. So a visitor
//! writes in their own conversation alone, though anyone may have one.

use async_trait::async_trait;

use super::fields::{Fields, Why, read_json};
use super::signature::{issue_ticket, verify_ticket};
use super::{
    Channel, Delivered, IncomingMessage, Malformed, MessageParts, Outgoing, RawRequest, SendOutcome, SignatureError,
    SigningSecret, Verified,
};
use crate::domain::{At, Customer, DAY, ShopId};

/// The header that a page's ticket comes in.
pub const TICKET_HEADER: &str = "x-xiaoer-ticket";

/// How long a ticket lasts, in milliseconds.
pub const TICKET_LIFE: i64 = DAY;

/// Bytes a message may have: the page is open to everybody.
const LONGEST_TEXT: usize = 16 * 1024;

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

    /// The ticket for one visitor. `customer` is also the id of the conversation: plain ASCII, at most 256 bytes.
    #[must_use]
    pub fn ticket(&self, customer: &str, now: At) -> String {
        issue_ticket(&self.secret, self.shop.as_str(), customer, now)
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
        let customer = verified.signed_id();
        Ok(vec![Delivered::Message(Box::new(IncomingMessage {
            // A page names its own messages; without the customer one visitor could use up another's names.
            external_id: format!("{customer}/{}", body.id("message_id")?).into(),
            conversation: customer.into(),
            // The id is ours and signed; a name, phone or e-mail from an open page would be worth nothing.
            customer: Customer { id: Some(customer.into()), verified: true, ..Customer::default() },
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
    use reqwest::header::HeaderMap;

    const NOW: At = At(1_794_000_000_000);

    fn page(shop: &str, key: u8) -> TryPage {
        TryPage::new(shop.into(), SigningSecret::from_bytes(&[key; 32]).unwrap())
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
        let ticket = page.ticket("try-1", NOW);
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
    fn nobody_writes_without_a_ticket_of_this_shop_and_day() {
        let demo = page("demo", 1);
        let ticket = demo.ticket("try-1", NOW);
        let refused = |ticket: &str, now| match post(&demo, ticket, r#"{"message_id":"m","text":"在吗"}"#, now) {
            Err(Refusal::Signature(error)) => error,
            other => panic!("{other:?}"),
        };
        let forged = ticket.replace("try-1", "try-2");
        let later = ticket.replace(&NOW.0.to_string(), &NOW.plus(DAY).0.to_string());
        for wrong in [&forged, &later, "try-1", "try-1.5.zz", &page("other", 1).ticket("try-1", NOW)] {
            assert_eq!(refused(wrong, NOW), SignatureError::NoMatch, "{wrong}");
        }
        assert_eq!(refused(&page("demo", 2).ticket("try-1", NOW), NOW), SignatureError::NoMatch);
        assert_eq!(refused(&ticket, NOW.plus(DAY + 1)), SignatureError::TooOld);
        assert_eq!(refused("", NOW), SignatureError::BadHeader(TICKET_HEADER));
    }

    #[test]
    fn an_open_page_takes_no_books_and_no_silence() {
        let page = page("demo", 1);
        let ticket = page.ticket("try-1", NOW);
        let book = format!(r#"{{"message_id":"m","text":"{}"}}"#, "好".repeat(6000));
        let refused = |body: &str| post(&page, &ticket, body, NOW).unwrap_err().to_string();
        assert_eq!(refused(&book), "`text` is longer than 16384 bytes");
        assert_eq!(refused(r#"{"message_id":"m"}"#), "`text` is missing");
        assert_eq!(refused(r#"{"text":"在吗"}"#), "`message_id` is missing");
    }
}
