//! What numbers, names and accounts look like. Each rule is a pattern; its first group is the piece, else all of it.

use std::sync::LazyLock;

use regex::Regex;

use super::{Kind, Piece};

/// Surnames of one character that nine of ten people in China have, and the commoner ones of two.
const SURNAME: &str = "(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢岳齐梅莫庄辛管祝左涂谷祁舒耿牟卜路詹关苗凌费纪靳童欧甄项曲游阳裴席卫查屈鲍位覃霍翁隋单包司柏宁柯阮桂闵解强丛华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆燕郎邸冀谈姬屠郜晏栾郁商喻揭窦迟宇敖糜鄢冷卓花仇艾蓝巩稽井练仲乐虞卞封竺冼官衣楚佟栗匡宗巫鞠僧桑荆谌银扬伏岑习胥])";

/// A rule: what it finds, and by what. `$S` is a surname, `$N` a name that stands alone, `$B` an edge of a number.
const RULES: &[(Kind, &str)] = &[
    // What the corpora and the platforms' exports put in place of values.
    (
        Kind::Sign,
        r"#E-[a-z](?:\[数字x\]|\d)*(?:~O\(∩_∩\)O/~)?|\[(?:表情|图片|动画表情|语音|视频|sticker|image|emoji)\]",
    ),
    (Kind::Order, r"\[订单编号[:：](?:\[[^\[\]]*\]|[^\[\]])*\]?|\[ORDERID_\d+\]"),
    (Kind::Account, r"\[USERID_\d+\]"),
    (Kind::Name, r"\[姓名x?\]|<(?:name|person)>|\[(?:name|person)\]"),
    (Kind::Phone, r"\[电话x?\]|<phone>|\[phone\]|1[3-9]\d\*{3,}\d{2,4}"),
    (Kind::Email, r"\[邮箱x?\]|<email>|\[email\]"),
    (Kind::Address, r"\[地址x?\]|<address>|\[address\]"),
    (Kind::Link, r"\[链接x?\]|<(?:url|link)>|\[(?:url|link)\]"),
    (Kind::Identity, r"\[身份证号x?\]"),
    (Kind::Company, r"\[组织机构x?\]"),
    (Kind::Removed, r"\[\p{Han}{1,6}x\]|\[(?:\p{Han}|[()（）]){4,14}\]|\[[A-Z]{3,}_\d+\]|\*{3,}"),
    (Kind::Email, r"[A-Za-z0-9._%+\-]+(?:@|＠|\s?\[at\]\s?)[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"),
    (Kind::Link, r"(?i)(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+"),
    // Numbers with their name before them: the name tells better than the form.
    (
        Kind::Code,
        r"(?i)(?:验证码|动态码|校验码|取件码|提货码|(?:verification|security|pickup) code|otp|pin)\s*(?:是|为|is)?\s*[:：]?\s*([0-9A-Z]{1,4}(?:-[0-9]{1,4}){1,3}|[0-9]{3,8})",
    ),
    (
        Kind::Identity,
        r"(?i)(?:身份证号?码?|证件号码?|passport(?: number| no\.?)?|ssn)\s*(?:是|为|is)?\s*[:：]?\s*([0-9A-Z][0-9A-Z\-]{5,19})",
    ),
    (
        Kind::BankCard,
        r"(?i)(?:银行卡号?|卡号|银行账[号户]|iban|(?:card|account) (?:number|no\.?))\s*(?:是|为|is)?\s*[:：]?\s*([0-9A-Z](?:[ -]?[0-9A-Z]){7,33})",
    ),
    (
        Kind::Company,
        r"(?i)(?:税号|纳税人识别号|统一社会信用代码|vat (?:number|no\.?|id)|tax id)\s*(?:是|为|is)?\s*[:：]?\s*([0-9A-Z]{8,20})",
    ),
    (
        Kind::Company,
        r"(?:抬头|单位名称|公司名称|开票单位)(?:是|为|写|开)?\s*[:：]?\s*(\p{Han}[\p{Han}()（）]{3,30}(?:公司|集团|中心|学校|大学|医院|厂|部|局|院|店))",
    ),
    (
        Kind::Order,
        r"(?i)(?:订单编号|订单号码?|订单|交易号|order(?: number| no\.?| id)?)\s*(?:是|为|is)?\s*[:：]?\s*(#?[A-Z]{0,4}[-]?[0-9][0-9A-Z\-]{3,24})",
    ),
    (
        Kind::Tracking,
        r"(?i)(?:快递单号|运单号码?|物流单号|快递号|运单|单号|tracking(?: number| no\.?| code| id)?)\s*(?:是|为|is)?\s*[:：#]?\s*([A-Z]{0,4}[0-9][0-9A-Z\-]{6,24})",
    ),
    (Kind::Order, r"#\s?[A-Z]{0,3}-?[0-9]{4,20}"),
    (
        Kind::Account,
        r"(?i)(?:微信号?|威信|薇信|v信|vx|wx|wechat(?: id)?|qq号?|扣扣|旺旺|支付宝账?号?|用户名|会员名|会员号|账号|帐号|账户名|昵称|user ?name|user id|login)\s*(?:是|为|叫|is)?\s*[:：]?\s*([A-Za-z0-9][A-Za-z0-9_\-]{4,30}|[0-9]{5,12})",
    ),
    (Kind::Agent, r"(?:工号|客服编号)\s*(?:是|为)?\s*[:：]?\s*([A-Za-z]{0,3}[0-9]{2,8})"),
    // Numbers by their form.
    (Kind::Identity, r"$B([1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])$E"),
    (
        Kind::Tracking,
        r"$B((?:SF|YT|JD|JT|ZTO|STO|YD|EMS|DPK|KY|TT|CX|LP|UJ)[A-Z0-9]{0,3}\d{8,16}[A-Z]{0,2}|1Z[0-9A-Z]{16}|[A-Z]{2}\d{9}[A-Z]{2})$E",
    ),
    (Kind::Phone, r"$B((?:(?:\+?86|0086)[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4})$E"),
    (Kind::Phone, r"$B(0\d{2,3}[ \-－]?[2-9]\d{2,3}[ \-]?\d{4}(?:[转\-]\d{1,6})?)$E"),
    (Kind::Phone, r"(\+\d{1,3}[ \-.]?\(?\d{1,4}\)?(?:[ \-.]?\d{2,4}){2,4})"),
    (
        Kind::Phone,
        r"(\(\d{3}\) ?\d{3}[ \-.]\d{4}|\b[2-79]\d{2}[\-.]\d{3}[\-.]\d{4}\b|\b8(?:[1-9]\d|0[1-9])[\-.]\d{3}[\-.]\d{4}\b|\b0\d{3,4} \d{3} ?\d{3,4}\b)",
    ),
    (
        Kind::Phone,
        r"(?i)(?:电话|手机|座机|号码|phone|mobile|cell|call me (?:on|at)|text me at)(?: number)?\s*(?:是|为|is)?\s*[:：]?\s*(\d[\d \-]{5,14}\d)",
    ),
    (Kind::BankCard, r"$B((?:62\d{2}|4\d{3}|5[1-5]\d{2})(?:[ \-]\d{4}){3}(?:[ \-]\d{1,3})?|62\d{14,17})$E"),
    // Names by what stands around them.
    (
        Kind::Name,
        r"(?:收件人|收货人|联系人|姓名|户名|开户名|持卡人|寄件人|名字)\s*(?:是|为|叫|写)?\s*[:：]?\s*($S·?\p{Han}{1,2}|\p{Han}{2,4})(?:[^\p{Han}]|$|电话|手机|地址|收)",
    ),
    (Kind::Name, r"(?:我叫|我名字叫|我姓名|我的名字是|名字叫|本人)\s*($S\p{Han}{1,2})"),
    (Kind::Name, r"(?:我姓|贵姓)\s*[:：]?\s*($S)"),
    (Kind::Name, r"(?:我是)($S\p{Han}{1,2})(?:[^\p{Han}]|$)"),
    (Kind::Name, r"($S\p{Han}{0,2}(?:先生|女士|小姐|太太|师傅|老师|经理|大哥|大姐|阿姨))"),
    (Kind::Name, r"(?:^|[，。！,!\s]|尊敬的|亲爱的)($S\p{Han}{1,2})(?:您好|你好)"),
    (Kind::Name, r"(?:寄给|发给|转给|交给|联系)($S\p{Han}{1,2})(?:收|[，。,\s]|$)"),
    (
        Kind::Agent,
        r"(?:客服|专员|顾问|售后|店长)(?:小姐姐|妹妹)?(小\p{Han}|[A-Z][a-z]{2,10})(?:为您|很高兴|竭诚|在|[，。！,!])",
    ),
    (
        Kind::Agent,
        r"(?:我是|这里是)(?:客服|专员)?(小[^二编妹店号票]|$S\p{Han}{1,2}(?:客服|专员))(?:[，。！,!\s]|很高兴|为您|$)",
    ),
    (
        Kind::Name,
        r"(?i)(?:my name is|name'?s|the name is|under the name(?: of)?|recipient(?: name)?|consignee|full name|attn|addressed to|c/o)\s*[:：.]?\s*(?-i)([A-Z][\p{L}'\-]+(?: [A-Z][\p{L}'\-]+){0,2}|[a-z]{2,12}(?: [a-z]{2,14})?)",
    ),
    (Kind::Name, r"(?:Mr|Mrs|Ms|Miss|Dr|Mx)\.? ([A-Z][\p{L}'\-]+(?: [A-Z][\p{L}'\-]+)?)"),
    (Kind::Name, r"(?:Dear|Hi|Hello|Hey|Thanks|Thank you|Sorry),? ([A-Z][a-z'\-]+(?: [A-Z][a-z'\-]+)?)"),
    (
        Kind::Agent,
        r"(?:[Tt]his is|[Mm]y name's|I'm|I am|[Yy]ou(?:'re| are) (?:chatting|speaking) with|[Yy]ours,|[Rr]egards,|[Cc]heers,|[Bb]est,|[Ss]incerely,)\s*([A-Z][a-z]{1,15}(?: [A-Z][a-z]+)?)\b",
    ),
];

/// Words that stand where names do and are none.
const NO_NAME: &[&str] = &[
    "Mr", "Mrs", "Ms", "Miss", "Dr", "There", "Team", "Customer", "Sir", "Madam", "All", "Everyone", "Again", "You",
    "For", "So", "The", "We", "Your", "Our", "It", "This", "That", "Please", "Let", "Yes", "No", "Not", "And", "But",
    "In", "On", "If", "As", "At", "To", "Valued", "Friend", "Guest", "About", "Just", "Sorry", "Thanks", "Happy",
    "Glad", "Afraid", "Sure", "Here", "What", "How", "When", "Where", "Why", "Can", "Could", "Would", "Which", "Are",
    "Is", "Do", "Does", "Did", "My", "Order", "wrong", "on", "not", "the", "a", "correct", "written", "misspelt",
    "right", "missing", "is", "was", "and", "for", "I", "I'm", "I'll", "I've",
];

/// Characters with which no given name begins: 高兴, 安排, 方便, 成功, 时间, 和谐, 明天.
const NO_GIVEN_NAME: &str = "式法案向面才配送您你我他她它是的了吗呢啊吧呀哦在有不都就还也要会能可以天兴排便功间费格度用于为与个单货品号题信息款";

static PATTERNS: LazyLock<Vec<(Kind, Regex)>> = LazyLock::new(|| {
    let compiled = |(kind, pattern): &(Kind, &str)| {
        // An edge of a number: no further digit, nor a letter or a mark that makes it another thing.
        let pattern =
            pattern.replace("$S", SURNAME).replace("$B", r"(?:^|[^0-9A-Za-z.])").replace("$E", r"(?:$|[^0-9A-Za-z%])");
        Regex::new(&pattern).ok().map(|regex| (*kind, regex))
    };
    RULES.iter().filter_map(compiled).collect()
});

/// Digits in a row, with single blanks or hyphens between them: eight and more are nobody's business.
static LONG: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[0-9０-９](?:[ \-]?[0-9０-９]){6,}").ok());
/// Numbers of companies: 400-, 800-, 95…, 1-800-.
static SERVICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:[48]00[ \-]?\d{3}[ \-]?\d{4}|1?[ \-]?8(?:00|44|55|66|77|88)[ \-]?\d{3}[ \-]?\d{4}|95\d{3,6}|1\d{4})$",
    )
    .ok()
});
const SHORTEST_NUMBER: usize = 7;

#[cfg(test)]
pub(super) fn all_compile() -> bool {
    PATTERNS.len() == RULES.len() && LONG.is_some() && SERVICE.is_some()
}

/// What the rules find, rule by rule.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece> {
    let text = text.to_owned();
    PATTERNS.iter().flat_map(move |(kind, pattern)| {
        let found = pattern.captures_iter(&text).filter_map(|found| {
            let piece = found.get(1).or_else(|| found.get(0))?;
            let is_meant = is_meant(*kind, piece.as_str());
            is_meant.then(|| Piece { kind: *kind, at: piece.range() })
        });
        found.collect::<Vec<_>>()
    })
}

fn is_meant(kind: Kind, said: &str) -> bool {
    match kind {
        Kind::Name | Kind::Agent if said.starts_with('[') || said.starts_with('<') => true,
        Kind::Name | Kind::Agent => {
            let first = said.split(' ').next().unwrap_or_default();
            let given = said.chars().nth(1);
            let is_title = ["先生", "女士", "小姐", "太太", "师傅", "老师", "经理", "大哥", "大姐", "阿姨"]
                .iter()
                .any(|title| said.ends_with(title));
            !NO_NAME.contains(&first) && (is_title || !given.is_some_and(|c| NO_GIVEN_NAME.contains(c)))
        }
        Kind::Phone => !is_service(said),
        // 订单2024年: a year is no order.
        Kind::Order => said.chars().filter(char::is_ascii_digit).count() > 4 || !said.starts_with("20"),
        _ => true,
    }
}

fn is_service(said: &str) -> bool {
    SERVICE.as_ref().is_some_and(|service| service.is_match(said.trim()))
}

/// Every number that is too long to be a price, a size or a day.
pub(super) fn long_numbers(text: &str) -> Vec<Piece> {
    let found = LONG.iter().flat_map(|long| long.find_iter(text));
    let found = found.filter(|found| {
        let digits = found.as_str().chars().filter(|c| c.is_numeric()).count();
        digits >= SHORTEST_NUMBER && !is_service(found.as_str())
    });
    found.map(|found| Piece { kind: Kind::Number, at: found.range() }).collect()
}
