//! Promises of money in Chinese.

use std::sync::LazyLock;

use super::amount::{Kind, Offer};
use crate::desk::clauses::Clause;
use crate::desk::numerals::hundredths;
use crate::desk::pattern::Pattern;
use crate::domain::Money;

/// A number with the sign before it and the unit after, either of which may be missing.
static SUM: LazyLock<Pattern> = LazyLock::new(|| {
    let digits = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:w|万|千|百|k)?";
    let numerals = "[零一二两三四五六七八九十百千万]+";
    let unit = "块钱|块|元|圆|rmb|人民币|美元|美金|刀|欧元|英镑|usd|yuan|kuai";
    Pattern::new(&format!(r"(?P<sign>[¥$€£]|rmb|cny|usd)?(?P<number>{digits}|{numerals})(?P<unit>{unit})?"))
});

/// What follows a bare number that counts something else: 退货7天, 补发2件.
static COUNTS: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^(?:[天日号月年点时分秒个件台次单张份套条只支盒包箱双折倍斤克米厘毫楼位人款种级层把颗瓶袋桶根片块度%a-z0-9-]|小时|公斤)",
    )
});

const TO_YOU: &str = "(?:给|帮|为|替|跟|向)(?:您|你|亲|咱们?|宝贝|客户|顾客)";
/// What may stand between the person and the verb.
const ADVERBS: &str = "(?:这边|们|先|再|直接|额外|另外|申请|争取|安排|办理|操作|多|全部|一共|总共|最多|最高|可以|特批|单独|免费|一次性|发起|提交|走|小额|部分|去|来|也|就|都|会|能|重新)*";
/// From the verb to its sum.
const LINKS: &str = "(?:一半|款|偿|付|还|给|回|现|钱|差价|差|账|费|运费|邮费|快递费|货款|金额|您|你|亲|宝贝|到|个|一下|多|出|总共|一共|合计|大概|大约|约|最多|最高|整|全额|全款|部分|再|额外|另外|过去|:|=)*";

/// 给您退…50元, 退您50元: somebody is given it.
static GIVEN_BACK: LazyLock<Pattern> = LazyLock::new(|| {
    let verbs = "(?:退|赔|补|返|还|转|打|付|报销|报|refund)";
    let to_you = format!("{TO_YOU}{ADVERBS}{verbs}{LINKS}");
    let you_after = format!("{verbs}{LINKS}(?:您|你|亲){LINKS}");
    Pattern::new(&format!("(?:{to_you}|{you_after})$"))
});
/// 退款50元, 赔偿100块, 补偿20, 我们承担50元: nobody is named.
static BACK: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!("(?:退|赔|补偿|返现|返还|打款|转账|报销|我们(?:愿意|来|可以|会)*承担|refund){LINKS}$"))
});
/// 给您50元 and nothing more, or 给您50元作为补偿.
static GIVEN: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(&format!("(?:给|转|打)(?:您|你|亲){ADVERBS}(?:个|发)?$")));
static GIVEN_ENDS: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new("^(?:$|[,。!?~]|补|赔|作为|当作?|算|吧|呢|哈|可以|好|行|怎么样|表示|以示|意思)"));
/// 50元补偿, 50元的赔偿
static BACK_AFTER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "^(?:左右|以内)?的?(?:现金|小额|部分|运费|差价)?(?:退款|补偿|赔偿|赔付|返现|补差|补贴|损失费|小额打款|打款|refund)",
    )
});
/// 50元给您退回去, 50元退给您
static GIVEN_BACK_AFTER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "^(?:我们?|这边|会|再|就|马上|现在|都|全部|全额|直接)*(?:(?:给|帮|为)(?:您|你|亲)(?:直接|全额|先|再)*(?:退|补|返|赔|转|打|报)|(?:出|承担|报销)(?:$|[,。!?的吧哈])|(?:退|返|补|赔|还|转|打)(?:还|回|款|偿)?(?:给|到)?(?:您|你|亲))",
    )
});

const COUPON: &str = "(?:优惠券|优惠卷|代金券|抵用券|抵扣券|满减券|现金券|无门槛券|店铺券|红包|购物金|礼金|礼品卡|礼品|礼物|礼包|话费|卡券|券|卷|coupon)";
static COUPON_AFTER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!("^(?:的|面额|无门槛|店铺|通用|专属|现金|抵扣|抵用|优惠|立减|满减|大|小|补偿)*{COUPON}"))
});
static COUPON_BEFORE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!(
        "{COUPON}(?:面额|金额|价值|一张|1张|一个|1个|[:是为有]|(?:发|给|转|送)(?:给)?(?:您|你|亲))*$"
    ))
});
static ANY_COUPON: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(COUPON));
static FACE_VALUE: LazyLock<Pattern> = LazyLock::new(|| Pattern::new("(?:面额|金额|价值)(?:是|为|有|:)?$"));
/// 满100减20: the second is what is given.
static THRESHOLD: LazyLock<Pattern> = LazyLock::new(|| Pattern::new("(?:满|够|超过|大于|达到?)$"));
/// 给您便宜30元, but not 给您优惠到98元.
static PRICE_OFF: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!(
        "{TO_YOU}{ADVERBS}(?:优惠|便宜|减免|立减|减|少收|少|抹掉|抹|免掉|让利|让)(?:掉|个)?$|(?:少收|减免|便宜|优惠)(?:您|你|亲)$"
    ))
});
/// Somebody is given a coupon.
static COUPON_GIVEN: LazyLock<Pattern> = LazyLock::new(|| {
    let verbs = "(?:申请|发|送|补|争取|放|弄|安排|准备|开|返|加|赠|批|一|1|个|张|\\d|[¥$]|[二两三四五六七八九十]|优惠|红包|代金|现金|券|来)";
    Pattern::new(&format!(
        "(?:送|发|补|赠|返|赔|补偿|赔偿)(?:给|送)?(?:您|你|亲)|{TO_YOU}{ADVERBS}{verbs}|补偿|赔偿|赠送|送(?:一|1|张|个|\\d)|申请(?:到|了|下来)?(?:一|1|个|张)"
    ))
});

/// What cannot be, is not, or was refused: just before the verb, or just after the sum.
static NOT_BEFORE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "(?:不|没|无法|无权|未|别|拒绝|难以)(?:能|会|可以|可能|再|给|帮|为|您|你|法|办法|权限|直接|单独|额外|另外|随意|够|支持|好|是|有|到|来|做|接受)*$",
    )
});
static NOT_AFTER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "^(?:.{0,8}?)(?:做不到|给不了|退不了|赔不了|补不了|不行|不可以|不支持|没办法|没法|不能|不符合|超出|达不到|申请不了|批不了|无法|太多了)",
    )
});
/// 行不行 asks, and refuses nothing.
static ASKS: LazyLock<Pattern> = LazyLock::new(|| Pattern::new("行不行|可不可以|能不能|好不好|要不要"));
/// 已为您退…, 给您退了…: it was done.
static DONE_BEFORE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "已[^,]{0,10}$|(?:退|赔|补|返|转|打|付|发|送|申请|补偿|赔偿)(?:款|偿|付|还|给|回|现|账|放)?(?:您|你|亲)?(?:了|过|完|好了|成功)[^,]{0,4}$",
    )
});
static DONE_AFTER: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new("^的?(?:退款|补偿|赔偿|优惠券|红包|券)?(?:已|成功|到账了?|了$|了[,。])"));
/// The refund of an order under way, a rule, a question: told of, not offered.
static TOLD_OF: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "已|了|到账|成功|完成|处理中|进行中|审核|进度|显示|状态|正在|退款金额|预计|原路|申请的|发起|系统|平台|银行|支付宝|记录|明细|实付|您的|订单|这笔|那笔|一笔|查|看到|多少|规则|标准|按照|上限|不超过|不等于|是否|运费险|价格|催|跟进|核实",
    )
});
/// 退款98元，您看到账了吗: it was done before.
static ARRIVED: LazyLock<Pattern> = LazyLock::new(|| Pattern::new("到账了|收到|查收|看到"));
/// 您实付98元，退款90元: an account of what was.
static RECKONED: LazyLock<Pattern> = LazyLock::new(|| Pattern::new("实付|付了|明细|核对"));
/// Somebody else pays.
static OTHERS_PAY: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new("运费险|保险|理赔|保价|(?:平台|快递|物流|厂家|银行)[^,]{0,6}(?:退|赔|补|返|给)"));
/// The customer pays, or wants.
static YOU_PAY: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "(?:您|你|亲|需要|麻烦|请)(?:这边|这里|们|您|你)?(?:还|再)?(?:需要|需|要|得|可以先|先|自己|自行|来)?(?:补|付|支付|转|打|退)[^,]{0,8}$",
    )
});
static YOU_WANT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new("(?:您|你|亲)(?:是|这边|刚才|之前)?(?:想|要|要求|希望|申请|说|提出|提|期望|觉得|问)[^,]{0,10}$")
});
/// What follows from goods that come back, an order that is called off, a deposit or the rules: the customer's own money.
static COMES_BACK: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        "收到(?:您|你)?(?:的|寄回的?|退回的?)*(?:退货|退件|货|商品|包裹|东西|宝贝)|(?:退货|签收|验收|入库|拒收|退回|寄回|取消订单|订单取消|取消)(?:来|到|成功|完成)?(?:后|之后|以后|了|就)|无理由|价保|价格保护|押金|定金|保证金",
    )
});
/// 赔, 补: a compensation, whatever comes back.
static COMPENSATION: LazyLock<Pattern> = LazyLock::new(|| Pattern::new("赔|补"));
/// A coupon that is there for everybody.
static FOR_ALL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new("首页|领取|可领|去领|都有|都可以领|所有|每位|人人|全店|全场|活动|会员|下单立减|店铺有")
});

/// The promises in a clause.
pub(super) fn offers(clause: &Clause<'_>) -> Vec<Offer> {
    SUM.all(clause.text)
        .filter_map(|hit| {
            let number = hit.name("number")?;
            let range = hit.get_match().range();
            let is_money = hit.name("sign").is_some() || hit.name("unit").is_some();
            let around =
                Around { clause, before: &clause.text[..range.start], after: &clause.text[range.end..], is_money };
            let sum = Money(hundredths(number.as_str())?);
            let (kind, from) = around.kind()?;
            Some(Offer { kind, sum, at: from..around.end(kind) })
        })
        .collect()
}

/// 您要求退…; 给您申请… is no wish of theirs.
fn is_wished(lead: &str) -> bool {
    YOU_WANT.find(lead).is_some_and(|wish| !lead[..wish.start].ends_with(['给', '帮', '为', '替', '跟', '向']))
}

/// A sum and what stands around it.
struct Around<'c, 'l> {
    clause: &'c Clause<'l>,
    before: &'l str,
    after: &'l str,
    /// It has a unit or a sign; else it may count anything.
    is_money: bool,
}

impl Around<'_, '_> {
    /// What is promised, and where its words begin.
    fn kind(&self) -> Option<(Kind, usize)> {
        if THRESHOLD.is_in(self.before) || !self.is_money && COUNTS.is_in(self.after) || self.is_refused() {
            return None;
        }
        self.coupon().map(|from| (Kind::Coupon, from)).or_else(|| self.refund().map(|from| (Kind::Refund, from)))
    }

    fn is_refused(&self) -> bool {
        NOT_AFTER.is_in(self.after) && !ASKS.is_in(self.after)
    }

    fn coupon(&self) -> Option<usize> {
        let text = self.clause.text;
        if let Some(off) = PRICE_OFF.find(self.before) {
            return self.is_offered(off.start).then_some(off.start);
        }
        let is_face_value = FACE_VALUE.is_in(self.before) && ANY_COUPON.is_in(self.clause.before);
        let is_reduction =
            self.before.ends_with(['减', '省', '返']) && self.before.contains('满') && ANY_COUPON.is_in(text);
        let is_coupon = COUPON_AFTER.is_in(self.after) || COUPON_BEFORE.is_in(self.before) || is_reduction;
        let is_public = FOR_ALL.is_in(text) || FOR_ALL.is_in(self.clause.before);
        if is_public || !(is_coupon || is_face_value) {
            return None;
        }
        if is_face_value && COUPON_GIVEN.is_in(self.clause.before) {
            return Some(self.before.len());
        }
        let given = COUPON_GIVEN.find(text)?;
        let from = given.start.min(self.before.len());
        self.is_offered(from).then_some(from)
    }

    fn refund(&self) -> Option<usize> {
        let given = GIVEN_BACK.find(self.before).map(|at| at.start);
        let given = given.or_else(|| {
            let is_given = GIVEN_ENDS.is_in(self.after) || BACK_AFTER.is_in(self.after);
            GIVEN.find(self.before).filter(|_| is_given && self.is_money).map(|at| at.start)
        });
        let given = given.or_else(|| GIVEN_BACK_AFTER.is_in(self.after).then_some(self.before.len()));
        if let Some(from) = given {
            return self.is_given(from).then_some(from);
        }
        let is_after = BACK_AFTER.is_in(self.after) && self.is_money;
        let from = BACK.find(self.before).map(|at| at.start).or_else(|| is_after.then_some(self.before.len()))?;
        let is_told_of = TOLD_OF.is_in(self.clause.text)
            || RECKONED.is_in(self.clause.before)
            || ARRIVED.is_in(self.clause.after)
            || YOU_PAY.is_in(&self.before[..from]);
        (!is_told_of && self.is_given(from)).then_some(from)
    }

    /// Money back that is offered, from the verb on.
    fn is_given(&self, from: usize) -> bool {
        let words = &self.clause.text[from..];
        let is_you = self.before[..from].ends_with(['您', '你', '亲', '要']) || YOU_PAY.is_in(self.before);
        let starts_with_you = words.starts_with(['给', '帮', '为', '替', '跟', '向']);
        let comes_back = !COMPENSATION.is_in(words)
            && (COMES_BACK.is_in(self.clause.before) || COMES_BACK.is_in(self.before) || COMES_BACK.is_in(self.after));
        self.is_offered(from) && !comes_back && (starts_with_you || !is_you || from == self.before.len())
    }

    /// Whether somebody here offers it: it isn't refused, done, wished for, or another's to pay.
    fn is_offered(&self, from: usize) -> bool {
        let lead = &self.before[..from];
        !NOT_BEFORE.is_in(lead)
            && !DONE_BEFORE.is_in(self.before)
            && !DONE_AFTER.is_in(self.after)
            && !is_wished(lead)
            && !OTHERS_PAY.is_in(self.before)
    }

    /// Where the words end: with the noun, if one follows.
    fn end(&self, kind: Kind) -> usize {
        let noun = if kind == Kind::Coupon { &COUPON_AFTER } else { &BACK_AFTER };
        let sum_ends = self.clause.text.len() - self.after.len();
        sum_ends + noun.find(self.after).map_or(0, |noun| noun.end)
    }
}
