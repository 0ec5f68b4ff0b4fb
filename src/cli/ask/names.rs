//! What the explanation calls things, in the reader's language.

use crate::domain::{Act, EvidenceKind, Language, MentionKind, Rung, SlotKind};

/// Chinese and English; the reader has one of them.
pub(super) type Pair = (&'static str, &'static str);

/// The one the reader has.
pub(super) fn of(pair: Pair, language: Language) -> &'static str {
    if language == Language::Zh { pair.0 } else { pair.1 }
}

pub(super) fn evidence(kind: EvidenceKind) -> Pair {
    match kind {
        EvidenceKind::Phrase => ("关键词", "phrase"),
        EvidenceKind::Whole => ("整句", "whole clause"),
        EvidenceKind::Together => ("同时含", "together"),
        EvidenceKind::Example => ("例句", "example"),
        EvidenceKind::Model => ("学习所得", "learnt from examples"),
        EvidenceKind::Form => ("消息的样子", "the message's form"),
        EvidenceKind::Near => ("邻近例句", "near example"),
    }
}

pub(super) fn slot(kind: SlotKind) -> Pair {
    match kind {
        SlotKind::OrderNumber => ("订单号", "order number"),
        SlotKind::Tracking => ("快递单号", "tracking number"),
        SlotKind::Phone => ("手机号", "phone"),
        SlotKind::LastFour => ("后四位", "last four digits"),
        SlotKind::Date => ("日期", "date"),
        SlotKind::Amount => ("金额（分）", "amount (hundredths)"),
        SlotKind::Size => ("尺码", "size"),
        SlotKind::Height => ("身高（厘米）", "height (cm)"),
        SlotKind::Weight => ("体重（克）", "weight (g)"),
        SlotKind::Choice => ("选择第几个", "choice"),
    }
}

pub(super) fn mention(kind: MentionKind) -> Pair {
    match kind {
        MentionKind::Product => ("商品", "product"),
        MentionKind::Attribute => ("参数", "attribute"),
        MentionKind::Carrier => ("快递公司", "carrier"),
        MentionKind::Province => ("省份", "province"),
        MentionKind::City => ("城市", "city"),
    }
}

pub(super) fn act(act: Act) -> Pair {
    match act {
        Act::Answer => ("回答", "answer"),
        Act::Ask => ("反问", "ask"),
        Act::HandOff => ("转人工", "hand off"),
        Act::Silent => ("不说话", "say nothing"),
    }
}

/// What a rung of the ladder means, in a sentence.
pub(super) fn rung(rung: Rung) -> Pair {
    match rung {
        Rung::Mode => {
            ("现在的模式不让机器人说话，只记录或推荐。", "The mode lets the bot record or suggest, not speak.")
        }
        Rung::Held => ("客服正在接待这个会话。", "A person holds the chat."),
        Rung::AskedForPerson => ("顾客要找人工。", "The customer asks for a person."),
        Rung::Risk => {
            ("话里有风险词（法律、受伤、媒体、12315）。", "A risk word stands in it: law, injury, the press.")
        }
        Rung::Anger => ("顾客越来越生气。", "The customer is getting angry."),
        Rung::WrongAnswer => ("顾客说刚才答非所问。", "The customer says that the answer was beside the question."),
        Rung::NotSolved => ("顾客说问题还没解决。", "The customer says that it still does not work."),
        Rung::Repeated => ("十分钟内已经这样答过一次。", "The same was answered within the last ten minutes."),
        Rung::BotLimit => ("十分钟内机器人说得够多了。", "The bot has said enough in these ten minutes."),
        Rung::Answered => {
            ("顾客答了机器人问的话，所需都齐了。", "The customer answered what the bot had asked; everything is there.")
        }
        Rung::NothingToAnswer => ("没有需要回答的内容。", "There is nothing to answer."),
        Rung::OrderCard => (
            "只发来一张订单卡片：说明是哪一单，再问想了解什么。",
            "A bare order card: say which order it is, and ask what is wanted.",
        ),
        Rung::Talk => ("只是寒暄。", "Small talk alone."),
        Rung::Never => {
            ("这个意图写了 answer: never，只能由人回答。", "The intent says `answer: never`: a person has to answer.")
        }
        Rung::WhichQuestion => ("有两种理解差不多可能，先问清楚。", "Two readings are about as likely: ask which one."),
        Rung::Missing => ("还缺要紧的信息，先问。", "Something needed is missing: ask for it."),
        Rung::TooManyQuestions => ("已经问到次数上限，交给人。", "Asked as often as may be; a person goes on."),
        Rung::Sure => ("每个请求都有把握，话术和事实都齐。", "Sure of every request, with words and facts for each."),
        Rung::SourceDown => ("订单来源没有回应。", "The order source did not answer."),
        Rung::NoWords => ("这个情形没有可用的话术。", "There are no words for the situation."),
        Rung::FactUnknown => ("话术要用的事实店铺还没填。", "The words speak of a fact that the shop has not set."),
        Rung::Unsure => ("把握不够，或有听不懂的问话。", "Not sure enough, or a question that nothing explains."),
        Rung::Waiting => ("会话在等人工，机器人不插话。", "The chat waits for a person; the bot keeps still."),
    }
}
