//! The closed list of situations that a reply may speak to, and what stands in for a missing one.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! situations {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)*) => {
        /// The situation a reply is written for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Situation { $($(#[$doc])* $name,)* }

        impl Situation {
            /// Every situation, in the order of SHOP.md.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The key in the files.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

situations! {
    /// Nothing particular.
    Default = "default";
    /// A fact that the reply needs is unset.
    FactUnknown = "fact_unknown";
    /// It isn't clear which product is meant.
    ProductUnknown = "product_unknown";
    /// Ordered, not paid.
    Unpaid = "unpaid";
    /// The deposit is paid, the balance is not.
    Presale = "presale";
    /// Paid, not sent, in time.
    Paid = "paid";
    /// Paid, not sent, late.
    Overdue = "overdue";
    /// Some parcels are on their way, some not sent.
    PartShipped = "part_shipped";
    /// On its way.
    Shipped = "shipped";
    /// On its way, but without a movement for the shop's hours.
    Stuck = "stuck";
    /// Waits at a station or locker.
    AtStation = "at_station";
    /// Received.
    Signed = "signed";
    /// Called off.
    Cancelled = "cancelled";
    /// The money is to go back.
    Refunding = "refunding";
    /// The money went back.
    Refunded = "refunded";
    /// Several orders could be meant.
    Several = "several";
    /// No order is known.
    OrderUnknown = "order_unknown";
    /// The order source does not answer.
    SourceDown = "source_down";
}

impl Situation {
    /// Reads a file's key.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|situation| situation.key() == key)
    }

    /// What is said where this situation has no words. `None`: hand off.
    /// `source_down`, `fact_unknown` and `product_unknown` have none: a general sentence would be beside the question.
    #[must_use]
    pub fn fallback(self) -> Option<Self> {
        match self {
            Self::Default | Self::SourceDown | Self::FactUnknown | Self::ProductUnknown => None,
            Self::Overdue => Some(Self::Paid),
            Self::Stuck | Self::AtStation => Some(Self::Shipped),
            Self::Presale => Some(Self::Unpaid),
            Self::Refunded => Some(Self::Refunding),
            _ => Some(Self::Default),
        }
    }

    /// Whether only intents that need an order can reach it.
    #[must_use]
    pub fn is_about_an_order(self) -> bool {
        !matches!(self, Self::Default | Self::FactUnknown | Self::ProductUnknown)
    }
}

impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fallback_chain_ends() {
        for situation in Situation::ALL {
            let steps = std::iter::successors(Some(*situation), |s| s.fallback()).count();
            assert!(steps <= 4, "{situation} falls back for ever");
            assert_eq!(Situation::parse(situation.key()), Some(*situation));
        }
    }
}
