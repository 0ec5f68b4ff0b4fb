//! What customers send.

use serde::{Deserialize, Serialize};

use super::{At, ExternalId, MessageId, OrderNumber, ProductId};

/// One message of a customer, as it was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Ours.
    pub id: MessageId,
    /// The platform's, by which a reply says what it answers.
    #[serde(default)]
    pub external_id: Option<ExternalId>,
    /// As it was written; empty if only attachments came.
    #[serde(default)]
    pub text: String,
    /// Pictures, videos and the like.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// Order numbers that the platform sent along (an order card).
    #[serde(default)]
    pub order_numbers: Vec<OrderNumber>,
    /// The product the customer was looking at.
    #[serde(default)]
    pub product: Option<ProductId>,
    /// By the platform's clock if it says, else when it was accepted.
    pub sent_at: At,
}

impl Message {
    /// A text and nothing else.
    #[must_use]
    pub fn plain(id: MessageId, text: &str, sent_at: At) -> Self {
        Self {
            id,
            external_id: None,
            text: text.to_owned(),
            attachments: Vec::new(),
            order_numbers: Vec::new(),
            product: None,
            sent_at,
        }
    }
}

/// Something sent that is not text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What it is.
    pub kind: AttachmentKind,
    /// Where it can be fetched.
    pub url: String,
    /// What a link is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// What an attachment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentKind {
    /// A picture or screenshot.
    Image,
    /// A film.
    Video,
    /// A voice message.
    Audio,
    /// A sticker or emoticon.
    Sticker,
    /// Any other file.
    File,
    /// A link to a product, from an agent.
    Product,
    /// A link to a coupon, from an agent.
    Coupon,
}

/// Who writes, as the platform told us.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The platform's id of the customer.
    pub id: Option<ExternalId>,
    /// As the platform shows it.
    pub name: Option<String>,
    /// Digits as given.
    pub phone: Option<String>,
    /// As given.
    pub email: Option<String>,
    /// Whether the platform vouches for id, phone and e-mail.
    #[serde(default)]
    pub verified: bool,
}

/// A stretch of the ORIGINAL text of one of a turn's messages, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Which message of the turn, from 0.
    pub message: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Whether `other` lies inside this span and is shorter.
    #[must_use]
    pub fn strictly_contains(&self, other: &Self) -> bool {
        self.message == other.message
            && self.start <= other.start
            && other.end <= self.end
            && (self.start, self.end) != (other.start, other.end)
    }

    /// Whether the two share a byte.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.message == other.message && self.start < other.end && other.start < self.end
    }
}
