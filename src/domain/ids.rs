//! Newtyped ids: a conversation's id can't be handed where an order's number is meant.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The id's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }
    )*};
}

id! {
    /// A shop: the name of its folder under `shops/`.
    ShopId;
    /// A channel of a shop, as `shop.yaml` names it.
    ChannelName;
    /// Our id of a conversation (UUIDv7); the platform's own is [`ExternalId`].
    ConversationId;
    /// An id that a platform gave: of a conversation, a message, a customer or a delivery.
    ExternalId;
    /// A customer as we know them, over all channels of one shop.
    CustomerId;
    /// A stored message (UUIDv7).
    MessageId;
    /// From first customer message to close; the unit of every rate.
    EpisodeId;
    /// One decided turn (UUIDv7).
    TurnId;
    /// `area/name`, the same for `intents/` and `replies/`.
    IntentId;
    /// An order's number, as the shop writes it.
    OrderNumber;
    /// A product's id in the shop's files or its order source.
    ProductId;
    /// A person or a service that may sign in.
    PrincipalId;
    /// One suggested reply within a set.
    SuggestionId;
    /// The idempotency key of one outgoing message, fixed before its first attempt.
    ReplyKey;
    /// A queue of the desk.
    QueueName;
    /// The content hash of a compiled playbook.
    PlaybookHash;
    /// Something that was promised to a customer (UUIDv7).
    PromiseId;
    /// A quick phrase of an agent or a team (UUIDv7).
    PhraseId;
    /// A running process; leases name their holder by it.
    NodeId;
}

impl IntentId {
    /// The area of the id: `logistics` of `logistics/track_parcel`.
    #[must_use]
    pub fn area(&self) -> &str {
        self.as_str().split('/').next().unwrap_or_default()
    }

    /// Small talk carries no request of its own.
    #[must_use]
    pub fn is_talk(&self) -> bool {
        self.area() == "talk"
    }
}
