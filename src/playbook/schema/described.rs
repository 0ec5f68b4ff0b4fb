//! What each key, situation and fact is for: for completion lists and hovers, in Chinese and English.

use crate::domain::Situation;

/// Of a key, in the file or section that is named: Chinese and English.
pub(super) fn key(section: &str, key: &str) -> Option<(&'static str, &'static str)> {
    let all = [TABLE, SHOP, DESK, PRODUCT].concat();
    all.into_iter().find(|(of, name, _)| *of == section && *name == key).map(|(_, _, said)| said)
}

type Entry = (&'static str, &'static str, (&'static str, &'static str));

const TABLE: &[Entry] = &[
    ("intent", "means", ("一句话说明顾客想要什么", "One sentence: what the customer wants")),
    (
        "intent",
        "answer",
        (
            "never 总是转人工 · when_sure 有把握才答 · always 不看把握",
            "never: always a person · when_sure · always: whatever the confidence",
        ),
    ),
    ("intent", "hand_off_to", ("转人工时给哪个队列", "The queue of a hand-off")),
    ("intent", "urgency", ("多急：low · normal · high", "How soon a person should look")),
    (
        "intent",
        "needs",
        ("要先知道什么才能回答：order · order_if_any · product", "What has to be known before it can be answered"),
    ),
    ("intent", "gather", ("转人工前请顾客先发什么：photo · order", "What a person will need")),
    ("intent", "off", ("true：关掉这个意图", "true: switches the intent off")),
    ("intent", "zh", ("中文的说法", "The ways of saying it in Chinese")),
    ("intent", "en", ("英文的说法", "The ways of saying it in English")),
    (
        "intent",
        "remove",
        ("去掉下层文件里的这些行，一行一条", "Takes these lines of the layers below away, one a line"),
    ),
    ("wording", "phrases", ("关键词：句子里出现任何一条就算，一行一条", "Any of these within a sentence; one a line")),
    ("wording", "whole", ("整句：整句话就是它", "The whole clause is just this")),
    (
        "wording",
        "together",
        (
            "同时含：一行里的词都在同一句，次序不限；几天/多久 表示其中一个就行",
            "All the words of a line in one sentence, in any order; of words parted by / one is enough",
        ),
    ),
    ("wording", "unless", ("排除：句子里有它就不算", "These veto")),
    ("wording", "examples", ("例句：顾客的原话，整条", "Whole messages, as customers wrote them")),
    ("wording", "should_match", ("应匹配：xiaoer check 会逐条验证", "Cases that `xiaoer check` runs")),
    ("wording", "should_not_match", ("不应匹配：容易弄混的话", "Cases of neighbours")),
    (
        "wording",
        "remove",
        ("去掉下层文件里的这些行，一行一条", "Takes these lines of the layers below away, one a line"),
    ),
    ("reply", "title", ("客服怎么称呼它", "What agents call it")),
    ("reply", "category", ("话术库里的分组", "Its folder in the script library")),
    ("reply", "zh", ("中文话术，按情形", "The words in Chinese, by situation")),
    ("reply", "en", ("英文话术，按情形", "The words in English, by situation")),
    (
        "words",
        "suggest",
        (
            "给客服的话术；一行 --- 隔开两条，开头可以写 title: use_when: avoid: images:",
            "Scripts for agents, parted by a line ---; each may begin with title:, use_when:, avoid:, images:",
        ),
    ),
    (
        "words",
        "remove",
        (
            "去掉下层的客服话术：写标题或首行，一行一条",
            "Takes agents' scripts of the layers below away, by title or first line",
        ),
    ),
    ("campaign", "title", ("活动叫什么", "What it is called")),
    (
        "campaign",
        "from",
        ("从哪天开始（本店时区）：2026-11-01 或 2026-11-01 20:00", "Its first day or time, in the shop's zone"),
    ),
    ("campaign", "to", ("到哪天结束；只写日期就含当天", "Its last day, all of it, or time")),
    ("campaign", "facts", ("活动期间不同的事实", "Facts that differ meanwhile")),
    ("campaign", "intents", ("活动期间多出来的说法，写法和意图文件一样", "Phrases meanwhile, as in intents' files")),
    ("campaign", "replies", ("活动期间的话术，写法和回复文件一样", "Words meanwhile, as in replies' files")),
];

const SHOP: &[Entry] = &[
    ("shop", "name", ("店名，话术里写 {shop.name}", "The shop's name; replies say {shop.name}")),
    ("shop", "languages", ("本店说的语言，第一个是默认", "The languages it speaks; the first is the fallback")),
    ("shop", "extends", ("base，或旁边另一个店铺文件夹", "base, or another folder beside it")),
    (
        "shop",
        "group",
        (
            "true：这个文件夹只供其他店铺引用，自己不是店",
            "true: other shops stand on this folder; it is no shop itself",
        ),
    ),
    ("shop", "time_zone", ("时区，如 Asia/Shanghai", "The zone of every time that is shown")),
    (
        "shop",
        "mode",
        (
            "auto 有把握就答 · suggest 只推荐不说话 · shadow 只记录",
            "auto: answers when sure · suggest: never speaks · shadow: records",
        ),
    ),
    ("shop", "modes", ("单个意图更谨慎：{product/in_stock: suggest}", "The same for single intents")),
    ("shop", "tone", ("语气，对应 default.lively 这样的话术", "The tone, as in default.lively")),
    ("shop", "human_hours", ("人工在线时间，如 \"09:00-23:00\"", "When people are there")),
    (
        "shop",
        "while_waiting",
        ("等人工时：answer 继续答 · silent 不说话", "While a chat waits for a person: answer · silent"),
    ),
    ("shop", "idle_close", ("多久没有消息算结束：30m · 2h", "A chat without a message for so long is over")),
    ("shop", "keep_days", ("消息保留天数", "Days that messages are kept")),
    (
        "shop",
        "thresholds",
        ("多有把握才答，差多少要问清楚", "How sure it has to be; how close two readings are asked about"),
    ),
    ("shop", "limits", ("各角色最多能许诺多少钱", "How much money each role may promise")),
    ("shop", "flags", ("会话旗帜的颜色各是什么意思", "What the colours that chats are marked with mean")),
    ("shop", "queues", ("转人工的队列", "The queues of the desk")),
    (
        "shop",
        "guard",
        ("发出前检查：warn 提醒 · block 不让发 · off 不查", "Before a text is sent: warn · block · off, by rule"),
    ),
    ("shop", "assignment", ("等待的会话怎么分给客服", "Who gets a chat that waits")),
    (
        "shop",
        "reply_within",
        ("客服多久没回，会话回到等待：180s · 3m", "A chat left without an answer for so long waits again: 180s · 3m"),
    ),
    (
        "shop",
        "links",
        ("可以发给顾客的网址的域名，含子域名", "Hosts whose addresses may be sent, those below them too"),
    ),
    (
        "shop",
        "embed",
        ("哪些网页可以内嵌工作台：https://desk.example.com", "The pages that may show the desk inside them, by origin"),
    ),
    ("shop", "channels", ("消息从哪里进来、回复发到哪里", "Where messages come in and replies go out")),
    ("shop", "orders", ("订单从哪里查", "Where orders are looked up")),
    (
        "shop",
        "embeddings",
        (
            "没把握时，请一个向量接口找出意思相近的例句（可选，不写就不用）",
            "An embeddings endpoint that finds examples of like meaning where the bot is unsure (optional)",
        ),
    ),
    ("shop", "order_numbers", ("订单号的样子（正则表达式）", "What order numbers look like (regular expressions)")),
    ("shop", "facts", ("事实：通用话术里的数字和名称", "The numbers and names that replies speak of")),
    ("shop", "try_page", ("true：开试聊页 /try/店铺编号", "true: serves the page /try/SHOP")),
    ("shop", "risk_words", ("出现就立刻转人工的词", "Words that send a chat to a person at once")),
    ("channel", "kind", ("standard：Standard Webhooks 双向签名", "standard: Standard Webhooks, signed both ways")),
    (
        "channel",
        "secret",
        (
            "generated · env:变量名 · file:路径；密钥不能写在文件里",
            "generated · env:NAME · file:PATH; never the secret itself",
        ),
    ),
    (
        "channel",
        "send_url",
        ("回复发到这个地址；none 表示只从 API 读", "Replies are posted here; none: read in the API alone"),
    ),
    (
        "channel",
        "delivery",
        (
            "不知道有没有送到时：at_most_once 交给人看 · at_least_once 重发",
            "When a result is unknown: a person looks · sent again",
        ),
    ),
    ("embeddings", "url", ("接口地址，/v1/embeddings 之前的部分", "The address before /v1/embeddings")),
    ("embeddings", "model", ("模型名，照接口的叫法", "The model's name, as the endpoint knows it")),
    ("embeddings", "key", ("env:变量名 · file:路径；密钥不能写在文件里", "env:NAME · file:PATH; never the key itself")),
    ("embeddings", "timeout", ("一次最多等多久，300ms，至多 2s", "A turn waits so long at most: 300ms, up to 2s")),
    ("channel", "mode", ("这个渠道更谨慎", "This channel may be held tighter")),
    (
        "channel",
        "recall",
        (
            "平台在多久之内可以撤回：2m；不写就是不能",
            "A sent message can be taken back for so long: 2m; without it, never",
        ),
    ),
];

const DESK: &[Entry] = &[
    ("limits", "agent", ("客服", "Agents")),
    ("limits", "lead", ("组长", "Leads")),
    ("limits", "manager", ("店长", "Managers")),
    ("limit", "refund", ("退款、赔偿、补偿最多多少", "Refunds and compensation, at most")),
    ("limit", "coupon", ("优惠券、红包、减价最多多少", "Coupons, vouchers and money off, at most")),
    ("flags", "red", ("红旗叫什么", "What red means")),
    ("flags", "orange", ("橙旗叫什么", "What orange means")),
    ("flags", "yellow", ("黄旗叫什么", "What yellow means")),
    ("flags", "green", ("绿旗叫什么", "What green means")),
    ("flags", "blue", ("蓝旗叫什么", "What blue means")),
    ("flags", "purple", ("紫旗叫什么", "What purple means")),
    ("guard", "absolute_words", ("绝对化承诺、广告法极限词", "Absolute promises, superlatives of advertising law")),
    ("guard", "review_reward", ("用好处换评价", "Something given for a review")),
    ("guard", "amount", ("许诺的金额超出 limits", "Promised money beyond `limits`")),
    ("guard", "unresolved", ("没填的 {…}", "A {…} that nobody filled")),
    (
        "guard",
        "off_list_links",
        ("links 之外的网址、加微信之类的引流", "Addresses outside `links`, and words that lead off the platform"),
    ),
    (
        "assignment",
        "how",
        ("manual 自己接 · automatic 自动分配", "manual: people take chats · automatic: they are given out"),
    ),
    ("assignment", "cap", ("自动分配时一人最多几个", "How many one person is given at most")),
];

const PRODUCT: &[Entry] = &[
    ("product", "name", ("商品叫什么", "What it is called")),
    ("product", "aliases", ("顾客的叫法，越全越好", "What customers call it")),
    ("product", "link", ("商品页", "Its page")),
    ("product", "price", ("单价", "The price of one")),
    ("product", "stock", ("库存件数；不写就是不知道", "How many are there; without it: not known")),
    ("product", "in_box", ("包装清单", "What is in the box")),
    ("product", "attributes", ("顾客会问的参数，按语言", "What customers ask about it, by language")),
    ("product", "sizes", ("尺码表：- {size: M, height: 160-168, weight: 50-60}", "Which size fits whom, in cm and kg")),
    ("product", "facts", ("这个商品不同的事实", "Facts that differ for it")),
    ("product", "replies", ("这个商品自己的话术，写法和回复文件一样", "Words of its own, as in replies' files")),
];

/// Of a situation: Chinese and English.
pub(super) fn situation(situation: Situation) -> (&'static str, &'static str) {
    match situation {
        Situation::Default => ("一般情形", "Nothing particular"),
        Situation::FactUnknown => ("话术要用的事实没有填", "A fact that the reply needs is unset"),
        Situation::ProductUnknown => ("不知道问的是哪个商品", "It isn't clear which product is meant"),
        Situation::Unpaid => ("订单还没付款", "Ordered, not paid"),
        Situation::Presale => ("预售，付了定金", "The deposit is paid, the balance is not"),
        Situation::Paid => ("已付款，没发货，还没到期", "Paid, not sent, in time"),
        Situation::Overdue => ("已付款，超时没发货", "Paid, not sent, late"),
        Situation::PartShipped => ("发了一部分", "Some parcels are on their way, some not sent"),
        Situation::Shipped => ("已发货，在路上", "On its way"),
        Situation::Stuck => ("物流很久没动", "On its way, without a movement for long"),
        Situation::AtStation => ("在驿站或快递柜", "Waits at a station or locker"),
        Situation::Signed => ("已签收", "Received"),
        Situation::Cancelled => ("已取消", "Called off"),
        Situation::Refunding => ("退款中", "The money is to go back"),
        Situation::Refunded => ("已退款", "The money went back"),
        Situation::Several => ("有几笔订单，不知道是哪一笔", "Several orders could be meant"),
        Situation::OrderUnknown => ("不知道是哪一笔订单", "No order is known"),
        Situation::SourceDown => ("订单查不了", "The order source does not answer"),
    }
}

/// Of a fact by its path: Chinese and English.
pub(super) fn fact(path: &str) -> Option<(&'static str, &'static str)> {
    Some(match path {
        "ship_within" => ("付款后多久内发货", "Sent within so long of payment"),
        "ship_cutoff" => ("几点前付款当天发", "Paid before, sent the same day"),
        "ships_from" => ("从哪里发货", "Where it is sent from"),
        "carriers" => ("发什么快递", "The carriers"),
        "carrier_choice" => ("顾客能不能指定快递", "Whether customers may choose the carrier"),
        "free_shipping_from" => ("满多少包邮", "Free shipping from"),
        "shipping_fee" => ("不满的运费", "The fee below that"),
        "remote_areas" => ("偏远地区", "Remote areas"),
        "no_delivery" => ("不发货的地区", "Where nothing is sent"),
        "delivery_days" => ("发出后几天到", "Days on the way"),
        "return_days" => ("无理由退货天数", "Days to return without a reason"),
        "return_opened" => ("拆封后能不能退", "Whether opened goods may be returned"),
        "return_fee.quality" => ("质量问题退货，运费谁出", "Who pays the way back of faulty goods"),
        "return_fee.no_reason" => ("无理由退货，运费谁出", "Who pays the way back without a reason"),
        "freight_insurance" => ("送不送运费险", "Whether return shipping insurance is included"),
        "return_address" => ("退货地址", "Where returns go"),
        "warranty" => ("质保多久", "The warranty"),
        "price_protection" => ("价保多久", "Price protection"),
        "refund_within" => ("同意后多久内退款", "Refunded within so long"),
        "stuck_after" => ("物流多久不动算异常", "No movement for so long is unusual"),
        "invoice.kinds" => ("发票种类", "Kinds of invoices"),
        "invoice.within" => ("发票多久开好", "Invoices are ready within"),
        "gifts" => ("赠品", "Gifts"),
        "coupon_where" => ("在哪里领券", "Where coupons are"),
        "payment_methods" => ("支持的付款方式", "How one can pay"),
        "instalments" => ("分期和信用付款", "Paying in parts or on credit"),
        "promotion" => ("目前的活动和规则", "The current offer and its rules"),
        "points" => ("会员和积分的规则", "How membership and points work"),
        "subsidy" => ("国家补贴能不能用、怎么用", "Whether a public subsidy applies, and how"),
        "gift_wrap" => ("礼品包装和贺卡", "Gift wrapping and cards"),
        "purchase_limit" => ("限购几件", "How many one may buy"),
        "phone" => ("联系电话和时间", "The phone number and its hours"),
        "store_address" => ("实体店地址和时间", "The physical shop and its hours"),
        "self_pickup" => ("能不能自提、怎么提", "Whether and how it can be fetched in person"),
        "installation" => ("安装怎么安排、收不收费", "How installation is arranged and what it costs"),
        "repair" => ("怎么维修、在哪里修", "How and where things are repaired"),
        "certificate" => ("质检报告、证书在哪里看", "Test reports and certificates, and where they are"),
        "shelf_life" => ("保质期和生产日期", "The shelf life and where the date is printed"),
        "restock" => ("缺货了什么时候补", "When what is sold out comes back"),
        "manual_where" => ("说明书、教程在哪里", "Where manuals and tutorials are"),
        "size_guide" => ("怎么选尺码", "How to choose a size"),
        "hold_at_most" => ("未发的订单最多留多久", "How long an order can be held back at most"),
        _ => return None,
    })
}
