//! The bodies that go out, as the outbox stores them and as the generic channel sends them. Other platforms take from
//! them what they can show.

use serde::{Deserialize, Serialize};

use crate::domain::{
    Attachment, ExternalId, IntentId, OrderSummary, PrincipalId, QueueName, ReplyKey, Suggestion, TurnId, Urgency,
};

/// What a platform is told. The same value gives the same bytes, so that every attempt carries the same body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum Notice {
    /// Show this to the customer.
    #[serde(rename = "reply.created")]
    ReplyCreated(ReplyCreated),
    /// A person is needed.
    #[serde(rename = "conversation.handed_off")]
    HandedOff(Box<HandedOff>),
    /// Take this back, if you still can.
    #[serde(rename = "reply.recalled")]
    ReplyRecalled(ReplyRecalled),
}

/// Words that their writer wants back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplyRecalled {
    /// The reply's, as it was told when it was sent.
    pub reply_id: ReplyKey,
    /// The platform's.
    pub conversation_id: ExternalId,
    /// The platform's.
    pub customer_id: Option<ExternalId>,
    /// Whose words they were.
    pub author: Author,
}

/// Words for the customer, of the bot or of a person at our desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplyCreated {
    /// To be given back as `reply_id` when the platform tells of its own messages.
    pub reply_id: ReplyKey,
    /// The platform's.
    pub conversation_id: ExternalId,
    /// The platform's.
    pub customer_id: Option<ExternalId>,
    /// As it is to be shown.
    pub text: String,
    /// Pictures that belong to it.
    pub attachments: Vec<Attachment>,
    /// Whose words.
    pub author: Author,
    /// The platform's ids of the messages it answers.
    pub in_reply_to: Vec<ExternalId>,
    /// What it answers.
    pub intents: Vec<IntentId>,
    /// The turn it was decided in, if it was.
    pub turn_id: Option<TurnId>,
}

/// A conversation that waits for a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HandedOff {
    /// The platform's.
    pub conversation_id: ExternalId,
    /// The platform's.
    pub customer_id: Option<ExternalId>,
    /// For the person who takes it.
    pub reason: String,
    /// How soon.
    pub urgency: Urgency,
    /// To whom.
    pub queue: QueueName,
    /// The turn that decided it.
    pub turn_id: TurnId,
    /// The best first.
    pub suggestions: Vec<Suggestion>,
    /// The order in question.
    pub order: Option<OrderSummary>,
}

/// Whose words a reply has: `bot` or `agent:ID`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Author {
    /// The bot's.
    Bot,
    /// A person's.
    Agent(PrincipalId),
}

impl From<Author> for String {
    fn from(author: Author) -> Self {
        match author {
            Author::Bot => "bot".to_owned(),
            Author::Agent(id) => format!("agent:{id}"),
        }
    }
}

impl TryFrom<String> for Author {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match (text.as_str(), text.strip_prefix("agent:")) {
            ("bot", _) => Ok(Self::Bot),
            (_, Some(id)) => Ok(Self::Agent(id.into())),
            _ => Err("an author is `bot` or `agent:ID`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_reply_reads_as_the_contract_says_and_is_read_back() {
        let reply = Notice::ReplyCreated(ReplyCreated {
            reply_id: "r-1".into(),
            conversation_id: "c-1".into(),
            customer_id: Some("u-1".into()),
            text: "您的订单已由中通发出。".to_owned(),
            attachments: Vec::new(),
            author: Author::Agent("p-7".into()),
            in_reply_to: vec!["m-1".into()],
            intents: vec!["logistics/track_parcel".into()],
            turn_id: None,
        });
        let written = serde_json::to_value(&reply).unwrap();
        let expected = json!({"type": "reply.created", "data": {
            "reply_id": "r-1", "conversation_id": "c-1", "customer_id": "u-1", "text": "您的订单已由中通发出。",
            "attachments": [], "author": "agent:p-7", "in_reply_to": ["m-1"],
            "intents": ["logistics/track_parcel"], "turn_id": null,
        }});
        assert_eq!(written, expected);
        assert_eq!(serde_json::from_value::<Notice>(written).unwrap(), reply);
    }

    #[test]
    fn a_hand_off_reads_as_the_contract_says_and_is_read_back() {
        let notice = Notice::HandedOff(Box::new(HandedOff {
            conversation_id: "c-1".into(),
            customer_id: Some("u-1".into()),
            reason: "risk: 12315".to_owned(),
            urgency: Urgency::High,
            queue: "after_sales".into(),
            turn_id: "t-1".into(),
            suggestions: vec![Suggestion {
                id: "s-1".into(),
                text: "非常抱歉给您带来不好的体验。".to_owned(),
                intent: "after_sales/complaint".into(),
                title: None,
                use_when: None,
                avoid: None,
                images: Vec::new(),
                score: 0.75,
            }],
            order: None,
        }));
        let written = serde_json::to_value(&notice).unwrap();
        assert_eq!(written["type"], "conversation.handed_off");
        assert_eq!(written["data"]["urgency"], "high");
        assert_eq!(written["data"]["order"], serde_json::Value::Null);
        assert_eq!(written["data"]["suggestions"][0]["intent"], "after_sales/complaint");
        let bytes = serde_json::to_vec(&notice).unwrap();
        let again: Notice = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(serde_json::to_vec(&again).unwrap(), bytes);
    }
}
