//! Promises of money in English.

use std::sync::LazyLock;

use super::amount::{Kind, Offer};
use crate::desk::clauses::Clause;
use crate::desk::numerals::{english_words, hundredths};
use crate::desk::pattern::Pattern;
use crate::domain::Money;

static SUM: LazyLock<Pattern> = LazyLock::new(|| {
    let digits = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?k?";
    let words = format!(r"(?:(?:a|{0}) hundred|{0})", english_words());
    let unit = r"\s?(?:dollars?|bucks?|usd|yuan|rmb|cny|pounds?|quid|euros?|eur|gbp|kuai)\b";
    Pattern::new(&format!(
        r"(?:(?P<sign>us\$|[¥$€£]|\b(?:usd|rmb|cny|eur|gbp) ?)\s?(?P<marked>{digits})|\b(?P<number>{digits}|{words}))(?P<unit>{unit})?"
    ))
});

const NOUN: &str = r"(?:refund|compensation|reimbursement|cash ?back|goodwill(?: payment| gesture)?)";
/// What may stand between the verb and the sum.
const LINKS: &str = r"(?:\s+(?:you|u|your|money|back|a|an|the|another|extra|further|additional|up|to|partial|full|total|about|around|roughly|with|by|out|amount|nice|small|one-off))*\s*$";

/// refund you $50, reimburse you $50
static BACK: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!(r"\b(?:refund(?:ing)?|reimburs(?:e|ing)|compensat(?:e|ing)|repay(?:ing)?)\b{LINKS}"))
});
/// you will be refunded $50
static BE_REFUNDED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!(
        r"\b(?:will|'ll|can|could|to|gonna) (?:be|get) (?:refunded|reimbursed|compensated|repaid){LINKS}"
    ))
});
/// give you $20
static GIVE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!(
        r"\b(?:(?:pay|giv|send|transfer|credit|offer|return|wir|get|slip|do)(?:e|ing|ring)?\s+(?:you|u|back)|would you (?:accept|take)|make it (?:right|up to you) with)\b{LINKS}"
    ))
});
static GIVE_ENDS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^\s*(?:$|[,.!?;)]|(?:back|as|in|for|to|if|and|now|today|right|via|by|compensation|refund|reimbursement|cash|more|extra|instead|straight|directly|tomorrow|tonight)\b)",
    )
});
static NOUN_AFTER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!(
        r"^\s*-?(?:partial |full |cash |goodwill |one-off )?{NOUN}\b|^\s+(?:back|in compensation|as compensation)\b"
    ))
});
static NOUN_BEFORE: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(&format!(r"\b{NOUN}\s+(?:of|worth)\s+(?:up to |about |around )?$")));
/// the refund of $98, your refund of $98: one that is known.
static KNOWN_NOUN: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(&format!(r"\b(?:your|the|this|that)\s+(?:\w+\s+){{0,2}}(?:{NOUN}\s+of\s+)?$")));

const COUPON: &str = r"(?:coupons?|vouchers?|gift cards?|store credit|shop credit|credit|discount(?: code)?|promo code|red packet|red envelope)";
static COUPON_AFTER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!(r"^\s*-?\s*(?:off\s+)?(?:(?:shop|store|cash|free|thank-you)\s+)?{COUPON}\b"))
});
static COUPON_BEFORE: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(&format!(r"\b{COUPON}\s+(?:(?:of|for|worth|valued at|with a value of)\s+)+$")));
/// take $20 off, give you $20 off
static PRICE_OFF: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(&format!(r"\b(?:take|knock|give|get|do|offer|shave)\b{LINKS}")));
static OFF_AFTER: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^\s*off\b"));
/// $20 off orders over $100: the second is a threshold.
static THRESHOLD: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"\b(?:over|above|from|at least|more than|minimum(?: of)?|under|below)\s*$"));
/// Somebody here gives it.
static OFFERS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:giv(?:e|ing)|send(?:ing)?|offer(?:ing)?|issu(?:e|ing)|add(?:ing)?|provide|arrange|throw in|grant|gift|approve|make you|get you|email you|accept)\b|\b(?:i|we)(?:'ll|'d| will| can| could| would|'m going to| am going to|'re going to| are going to)\b|\bhow about\b|\bwhat about\b|\bhere(?:'s| is)\b|\bfor (?:the|your|any|all the) (?:trouble|inconvenience|wait)\b|\bhappy to\b|\blet me\b|\bhave an?\b|\bwould an?\b",
    )
});

/// You will receive a coupon.
static RECEIVED: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"\byou(?:'ll| will) (?:get|receive|have|find)\b"));

static NOT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:can't|cannot|can not|couldn't|could not|unable to|not able to|won't|will not|wouldn't|don't|do not|doesn't|never|not|isn't|aren't|no longer|nor)\b(?:\s+\w+){0,4}\s*$",
    )
});
static NOT_AFTER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"^[^,]{0,20}\b(?:isn't|is not|can't|cannot|not possible|impossible|won't|too much)\b")
});
/// The customer wants it, or it is another's to pay.
static NOT_OURS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\byou(?:'ve| have|'d)? (?:asked|want|wanted|requested|said|mentioned|paid|were asking|need to pay|owe)\b|\b(?:carrier|courier|insurance|insurer|bank|platform|paypal|alipay|manufacturer)\b|\b(?:was|were|has been|have been|had been|already)\b",
    )
});
/// What follows from goods that come back, or an order that is called off.
static COMES_BACK: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\b(?:once|when|after|as soon as|upon)\b[^.]*\b(?:return\w*|receiv\w*|arriv\w*|warehouse|cancel\w*|gets? back|got back|back with us|sent back|send it back)\b|\bon return\b",
    )
});
static COMPENSATION: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r"\b(?:compensat\w+|goodwill|trouble|inconvenience)\b"));
/// A coupon that is there for everybody, or one that is being used.
static FOR_ALL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"\byou can (?:get|claim|find|collect|use|pick)|\bthere(?:'s| is| are)\b|\buse\b|\bused\b|\bevery (?:order|customer)|\ball (?:orders|customers)|\b(?:front|home|shop|store|product) ?page\b|\bmembers?\b|\bat checkout\b|\byour \$?\d",
    )
});

/// The promises in a clause.
pub(super) fn offers(clause: &Clause<'_>) -> Vec<Offer> {
    SUM.all(clause.text)
        .filter_map(|hit| {
            let number = hit.name("marked").or_else(|| hit.name("number"))?;
            let range = hit.get_match().range();
            let is_money = hit.name("sign").is_some() || hit.name("unit").is_some();
            let around =
                Around { clause, before: &clause.text[..range.start], after: &clause.text[range.end..], is_money };
            let sum = Money(hundredths(number.as_str())?);
            let (kind, from) = around.kind()?;
            Some(Offer { kind, sum, at: from..around.end() })
        })
        .collect()
}

/// A sum and what stands around it.
struct Around<'c, 'l> {
    clause: &'c Clause<'l>,
    before: &'l str,
    after: &'l str,
    is_money: bool,
}

impl Around<'_, '_> {
    /// What is promised, and where its words begin.
    fn kind(&self) -> Option<(Kind, usize)> {
        if THRESHOLD.is_in(self.before) || NOT_AFTER.is_in(self.after) {
            return None;
        }
        self.coupon().map(|from| (Kind::Coupon, from)).or_else(|| self.refund().map(|from| (Kind::Refund, from)))
    }

    fn coupon(&self) -> Option<usize> {
        if OFF_AFTER.is_in(self.after)
            && self.is_money
            && let Some(off) = PRICE_OFF.find(self.before)
        {
            return self.is_offered(off.start).then_some(off.start);
        }
        let is_coupon = COUPON_AFTER.is_in(self.after) || COUPON_BEFORE.is_in(self.before);
        if !is_coupon || FOR_ALL.is_in(self.clause.text) {
            return None;
        }
        let offered = OFFERS.find(self.clause.text).map(|at| at.start.min(self.before.len()));
        let received = RECEIVED.find(self.before).map(|at| at.start);
        let from = GIVE.find(self.before).map(|at| at.start).or(offered).or(received)?;
        self.is_offered(from).then_some(from)
    }

    fn refund(&self) -> Option<usize> {
        let verb = BACK.find(self.before).or_else(|| BE_REFUNDED.find(self.before)).map(|at| at.start);
        let is_given = self.is_money && GIVE_ENDS.is_in(self.after);
        let give = GIVE.find(self.before).filter(|_| is_given).map(|at| at.start);
        let is_noun = NOUN_AFTER.is_in(self.after) || NOUN_BEFORE.is_in(self.before);
        let noun = (is_noun && !KNOWN_NOUN.is_in(self.before)).then(|| OFFERS.find(self.clause.text)).flatten();
        let noun = noun.map(|at| at.start.min(self.before.len()));
        let from = verb.filter(|_| self.is_money || self.ends()).or(give).or(noun)?;
        let words = &self.clause.text[from..];
        let sentence = [self.clause.before, self.clause.text, self.clause.after];
        let comes_back = sentence.into_iter().any(|part| COMES_BACK.is_in(part)) && !COMPENSATION.is_in(words);
        (self.is_offered(from) && !comes_back).then_some(from)
    }

    /// A bare number is money only if nothing follows that it could count: refund 50, but not refund 2 items.
    fn ends(&self) -> bool {
        GIVE_ENDS.is_in(self.after)
    }

    fn is_offered(&self, from: usize) -> bool {
        !NOT.is_in(&self.before[..from]) && !NOT_OURS.is_in(self.before)
    }

    fn end(&self) -> usize {
        let sum_ends = self.clause.text.len() - self.after.len();
        let noun = COUPON_AFTER.find(self.after).or_else(|| NOUN_AFTER.find(self.after));
        sum_ends + noun.or_else(|| OFF_AFTER.find(self.after)).map_or(0, |noun| noun.end)
    }
}
