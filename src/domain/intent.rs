//! What a customer can want, and how freely the bot may answer it.

use serde::{Deserialize, Serialize};

/// Whether the bot may answer an intent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerPolicy {
    /// A person answers; the bot may gather what they will need.
    Never,
    /// At or above the shop's threshold.
    #[default]
    WhenSure,
    /// Skips the threshold, not the facts.
    Always,
}

/// How soon a person should look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// Can wait.
    Low,
    /// As it comes.
    #[default]
    Normal,
    /// First.
    High,
}

/// What an intent needs before it can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// An order of the customer's.
    Order,
    /// An order if one is known; without one the reply speaks from facts.
    OrderIfAny,
    /// A product.
    Product,
}

/// Ids of the base pack that the ladder itself speaks of.
pub mod talk {
    macro_rules! well_known {
        ($($name:ident = $id:literal;)*) => {$(
            #[doc = concat!("`", $id, "`")]
            pub const $name: &str = $id;
        )*};
    }

    well_known! {
        GREETING = "talk/greeting";
        ACKNOWLEDGEMENT = "talk/acknowledgement";
        THANKS = "talk/thanks";
        GOODBYE = "talk/goodbye";
        ASK_FOR_HUMAN = "talk/ask_for_human";
        ABUSE = "talk/abuse";
        ARE_YOU_A_BOT = "talk/are_you_a_bot";
        NUDGE = "talk/nudge";
        HOLD_ON = "talk/hold_on";
        ORDER_CARD = "talk/order_card";
        PRODUCT_CARD = "talk/product_card";
        ATTACHMENT = "talk/attachment";
        YES = "talk/yes";
        NO = "talk/no";
        SOLVED = "talk/solved";
        NOT_SOLVED = "talk/not_solved";
        WRONG_ANSWER = "talk/wrong_answer";
        SPAM = "talk/spam";
    }
}
