use super::*;

/// What people write, and what may be left of it.
const TABLE: &[(&str, &str)] = &[
    // phones
    ("我电话13812345678，快点", "我电话{…电话}，快点"),
    ("手机 138 1234 5678 或 138-1234-5678", "手机 {…电话} 或 {…电话}"),
    ("+8613812345678", "{…phone}"),
    ("座机0571-88886666", "座机{…电话}"),
    ("打010 6655 4433找我", "打{…电话}找我"),
    ("１３８１２３４５６７８是我的号码", "{…号码}是我的号码"),
    ("138****5678这个号收的", "{…电话}这个号收的"),
    ("call me on +44 7700 900123 please", "call me on {…phone} please"),
    ("my cell is (415) 555-0132", "my cell is {…phone}"),
    ("415-555-0132 works too", "{…phone} works too"),
    ("请拨打400-603-3600转2", "请拨打400-603-3600转2"),
    ("拨打95118，或者12315", "拨打95118，或者12315"),
    ("call 1-800-555-0199 any time", "call 1-800-555-0199 any time"),
    // mail and accounts
    ("发我邮箱li.lei_88@163.com谢谢", "发我邮箱{…邮箱}谢谢"),
    ("send it to jane.doe+shop@mail.example.co.uk", "send it to {…email}"),
    ("加我微信 wxid_abc123", "加我微信 {…账号}"),
    ("我的VX：lilei886", "我的VX：{…账号}"),
    ("我QQ是123456789", "我QQ是{…账号}"),
    ("账号：jd_4f8a9c", "账号：{…账号}"),
    ("my username is happy_cat22", "my username is {…account}"),
    // cards
    ("身份证号330102199003077512", "身份证号{…身份证号}"),
    ("11010519491231002X这个", "{…身份证号}这个"),
    ("退到卡号6222 0210 0101 2345 678", "退到卡号{…银行卡号}"),
    ("6222021001012345678", "{…bank card}"),
    ("card number 4111 1111 1111 1111", "card number {…bank card}"),
    // orders and parcels
    ("订单号：202688130047125601", "订单号：{order.number}"),
    ("我的订单 #20240601001 快递到哪了", "我的订单 {order.number} 快递到哪了"),
    ("where is order #1001?", "where is order {order.number}?"),
    ("order number AB-20391 please", "order number {order.number} please"),
    ("[ORDERID_10187709]", "{order.number}"),
    ("[订单编号:[ORDERID_10506584]，订单金额:[金额x]，下单时间:[日期x][时间x]]", "{order.number}"),
    ("订单75663281094帮我取消", "订单{order.number}帮我取消"),
    ("单号SF1234567890123", "单号{order.tracking}"),
    ("YT2233445566778到了吗", "{order.tracking}到了吗"),
    ("tracking number 1Z999AA10123456784", "tracking number {order.tracking}"),
    ("92837465018273 是什么", "{…号码} 是什么"),
    // names
    ("收件人：王小明，电话13812345678", "收件人：{customer.name}，电话{…电话}"),
    ("我叫李雷", "我叫{customer.name}"),
    ("姓名 欧阳娜娜", "姓名 {customer.name}"),
    ("张女士您好，马上为您查询", "{customer.name}您好，马上为您查询"),
    ("王小明您好", "{customer.name}您好"),
    ("我是李小红，昨天来过", "我是{customer.name}，昨天来过"),
    ("[姓名x]好的哦", "{customer.name}好的哦"),
    ("my name is John Smith", "my name is {customer.name}"),
    ("Dear Mrs. Robinson, it has shipped", "Dear Mrs. {customer.name}, it has shipped"),
    ("Hi Sarah, your parcel is on its way", "Hi {customer.name}, your parcel is on its way"),
    ("You are chatting with Kevin", "You are chatting with {agent.name}"),
    ("您好，客服小美为您服务", "您好，客服{agent.name}为您服务"),
    ("工号8823为您服务", "工号{agent.name}为您服务"),
    ("Dear Customer, thanks for waiting", "Dear Customer, thanks for waiting"),
    ("Hi there, how can I help?", "Hi there, how can I help?"),
    ("很高兴为您服务，方便留个电话吗", "很高兴为您服务，方便留个电话吗"),
    ("高兴认识您", "高兴认识您"),
    // addresses
    ("寄到浙江省杭州市余杭区仓前街道5号2幢301室", "寄到{…地址}"),
    ("我在深圳市南山区科技园路12号", "我在{…地址}"),
    ("收货地址：西溪花园3栋2单元502", "收货地址：{…地址}"),
    ("地址改成江苏省苏州市工业园区星湖街218号", "地址改成{…地址}"),
    ("文三路45号", "{…地址}"),
    ("[地址x]", "{…地址}"),
    ("ship it to 221B Baker Street, London NW1 6XE", "ship it to {…address}"),
    ("I live at 12 Oak Tree Lane, Apt 4, Springfield, IL 62704", "I live at {…address}"),
    ("PO Box 1234", "{…address}"),
    ("如果和原地址是在同一个区的话，麻烦您和配送师傅协商", "如果和原地址是在同一个区的话，麻烦您和配送师傅协商"),
    ("请提供一下姓名和联系方式，我们回电", "请提供一下姓名和联系方式，我们回电"),
    ("发往杭州的要两天", "发往杭州的要两天"),
    ("新疆、西藏不包邮", "新疆、西藏不包邮"),
    // invoices, codes, links, what was removed before
    ("抬头：杭州大焊五金有限公司 税号91330106MA2B12345X", "抬头：{…公司和税号} 税号{…公司和税号}"),
    ("验证码是 482913", "验证码是 {…验证码}"),
    ("取件码 3-2-8812", "取件码 {…验证码}"),
    ("http://item.example.com/5219428.html 是这款吗", "{…链接} 是这款吗"),
    ("预计[数字x]小时到账[金额x]", "预计{…}小时到账{…}"),
    ("好的#E-s[数字x]#E-s[数字x] 稍等", "好的 稍等"),
    // what stays
    ("满59元包邮，48小时内发货", "满59元包邮，48小时内发货"),
    ("2024年6月1日前有效", "2024年6月1日前有效"),
    ("尺码 170/92A，XL", "尺码 170/92A，XL"),
    ("It takes 3-5 working days and costs $12.50", "It takes 3-5 working days and costs $12.50"),
    ("用{大括号}的", "用(大括号)的"),
];

#[test]
fn nothing_personal_survives_and_the_rest_stays() {
    assert!(rules::all_compile() && places::all_compile());
    let wrong: Vec<String> = TABLE
        .iter()
        .map(|(text, wanted)| (text, wanted, mask(text).text))
        .filter(|(_, wanted, got)| got != *wanted)
        .map(|(text, wanted, got)| format!("{text}\n  wanted {wanted}\n  got    {got}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), TABLE.len(), wrong.join("\n"));
}

#[test]
fn a_masked_text_is_masked_already() {
    for (text, _) in TABLE {
        let once = mask(text).text.replace('{', "<").replace('}', ">");
        let pieces = mask(&once).pieces;
        let personal = pieces.keys().filter(|kind| !matches!(kind, Kind::Removed | Kind::Sign));
        assert_eq!(personal.count(), 0, "{text}: {pieces:?}");
    }
}

#[test]
fn pieces_are_counted_by_kind() {
    let masked = mask("收件人：王小明，电话13812345678，备用13912345678");
    assert_eq!(masked.pieces, BTreeMap::from([(Kind::Name, 1), (Kind::Phone, 2)]));
}
