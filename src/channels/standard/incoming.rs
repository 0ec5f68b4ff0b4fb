//! The bodies that the generic channel takes.
//!
//! Required fields are demanded, unknown ones passed over. An unknown `type` is [`Delivered::Ignored`], not an error:
//! a sender that is newer than we are must not be told that it sends nonsense, or it may stop sending at all.

use serde_json::Value;

use crate::channels::fields::{Fields, Malformed, read_json};
use crate::channels::signature::{TOLERANCE, Verified};
use crate::channels::{ClosedBy, Delivered, IncomingMessage, MessageParts, OrderUpdated, Signal, SignalKind};
use crate::domain::{At, Attachment, AttachmentKind, Customer, ExternalId, ReplyKey};

/// Reads one delivery.
pub(super) fn parse(verified: &Verified<'_>, now: At) -> Result<Delivered, Malformed> {
    let document = read_json(verified.body())?;
    let body = Fields::of(&document)?;
    let delivery = verified.signed_id();
    let data = || body.required_object("data");
    match body.id("type")? {
        "message.created" => message(&data()?, now),
        "message.agent_sent" => signal(delivery, &data()?, now, agent_sent),
        "message.recalled" => {
            signal(delivery, &data()?, now, |data| Ok(SignalKind::Recalled { message: data.id("message_id")?.into() }))
        }
        "conversation.assigned" => {
            signal(delivery, &data()?, now, |data| Ok(SignalKind::Assigned { agent: agent(data)? }))
        }
        "conversation.released" => {
            signal(delivery, &data()?, now, |data| Ok(SignalKind::Released { agent: agent(data)? }))
        }
        "conversation.closed" => signal(delivery, &data()?, now, |data| {
            let read = |value: &Value| ClosedBy::parse(value.as_str()?);
            Ok(SignalKind::Closed { by: data.one_of("closed_by", "customer, agent, bot, idle", read)? })
        }),
        "conversation.rated" => signal(delivery, &data()?, now, |data| {
            let read = |value: &Value| u8::try_from(value.as_u64()?).ok().filter(|rating| (1..=5).contains(rating));
            Ok(SignalKind::Rated { rating: data.one_of("rating", "1, 2, 3, 4, 5", read)? })
        }),
        "order.updated" => order_updated(delivery, &data()?, now),
        unknown => Ok(Delivered::Ignored { kind: unknown.to_owned() }),
    }
}

fn message(data: &Fields<'_>, now: At) -> Result<Delivered, Malformed> {
    Ok(Delivered::Message(Box::new(IncomingMessage {
        external_id: data.id("message_id")?.into(),
        conversation: data.id("conversation_id")?.into(),
        customer: customer(&data.required_object("customer")?)?,
        parts: parts(data, now)?,
    })))
}

/// Text of any length is kept whole; the engine reads only its beginning.
fn parts(data: &Fields<'_>, now: At) -> Result<MessageParts, Malformed> {
    let text = data.text("text")?.unwrap_or_default().to_owned();
    let attachments = data.objects("attachments")?.iter().map(attachment).collect::<Result<Vec<_>, _>>()?;
    let order_numbers = data.ids("order_numbers")?;
    // A bare order card is a message too.
    if text.is_empty() && attachments.is_empty() && order_numbers.is_empty() {
        return Err(data.missing("text"));
    }
    let context = data.object("context")?;
    let product = context.map(|context| context.optional_id("product_id")).transpose()?.flatten();
    Ok(MessageParts {
        text,
        attachments,
        order_numbers: order_numbers.into_iter().map(Into::into).collect(),
        product: product.map(Into::into),
        sent_at: data.time("sent_at", now, TOLERANCE)?.unwrap_or(now),
    })
}

/// A kind we don't know is a file: a person can still open it.
fn attachment(item: &Fields<'_>) -> Result<Attachment, Malformed> {
    let kind = match item.id("kind")? {
        "image" => AttachmentKind::Image,
        "video" => AttachmentKind::Video,
        "audio" => AttachmentKind::Audio,
        "sticker" => AttachmentKind::Sticker,
        _ => AttachmentKind::File,
    };
    Ok(Attachment { kind, url: item.link("url")?.to_owned(), title: None })
}

fn customer(data: &Fields<'_>) -> Result<Customer, Malformed> {
    Ok(Customer {
        id: Some(data.id("id")?.into()),
        name: data.name("name")?,
        phone: data.name("phone")?,
        email: data.name("email")?,
        verified: data.bool("verified")?.unwrap_or(false),
    })
}

fn signal(
    delivery: &str,
    data: &Fields<'_>,
    now: At,
    what: impl Fn(&Fields<'_>) -> Result<SignalKind, Malformed>,
) -> Result<Delivered, Malformed> {
    Ok(Delivered::Signal(Signal {
        delivery: delivery.into(),
        conversation: data.id("conversation_id")?.into(),
        occurred_at: occurred_at(data, now)?,
        what: what(data)?,
    }))
}

fn agent_sent(data: &Fields<'_>) -> Result<SignalKind, Malformed> {
    let reply = data.optional_id("reply_id")?.map(ReplyKey::from);
    let automatic = data.bool("automatic")?.ok_or_else(|| data.missing("automatic"))?;
    let agent = agent(data)?;
    // Nobody in particular speaks for a machine; but a takeover has a name.
    if agent.is_none() && !automatic && reply.is_none() {
        return Err(data.missing("agent_id"));
    }
    Ok(SignalKind::AgentSent {
        message: data.id("message_id")?.into(),
        agent,
        text: data.text("text")?.ok_or_else(|| data.missing("text"))?.to_owned(),
        automatic,
        reply,
    })
}

fn agent(data: &Fields<'_>) -> Result<Option<ExternalId>, Malformed> {
    Ok(data.optional_id("agent_id")?.map(ExternalId::from))
}

fn order_updated(delivery: &str, data: &Fields<'_>, now: At) -> Result<Delivered, Malformed> {
    Ok(Delivered::Order(OrderUpdated {
        delivery: delivery.into(),
        conversation: data.optional_id("conversation_id")?.map(ExternalId::from),
        occurred_at: occurred_at(data, now)?,
        number: data.id("order_number")?.into(),
        update: data.whole(),
    }))
}

/// Never from the future: such a one would shut out all that follow.
fn occurred_at(data: &Fields<'_>, now: At) -> Result<At, Malformed> {
    data.time("occurred_at", now, TOLERANCE)?.ok_or_else(|| data.missing("occurred_at"))
}
