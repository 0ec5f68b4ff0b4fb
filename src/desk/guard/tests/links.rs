//! Addresses, and ways off the platform.

use super::*;

fn listed() -> Settings {
    settings("links: [example.com, shop.tmall.com]\nguard: {off_list_links: block}\n")
}

#[test]
fn addresses_off_the_list_are_found_however_they_are_disguised() {
    check(
        Rule::OffListLinks,
        &listed(),
        true,
        &[
            "看这里 https://evil.cn/a",
            "请看https://evil.cn/a",
            "http://1.2.3.4/x",
            "https://example.com@evil.cn/",
            "https://evil.cn\\@example.com/",
            "https://example.com.evil.cn/",
            "https://badexample.com",
            "hxxps://evil.cn",
            "weixin://dl/chat?abc",
            "www.evil.cn",
            "evil.com",
            "打开evil.com看看",
            "EVIL.COM",
            "ｅｖｉｌ．ｃｏｍ",
            "e\u{200b}vil.com",
            "t.cn/AbCd",
            "t。cn",
            "evil点com",
            "evil 点 com",
            "evil。com",
            "evil dot com",
            "evil(dot)com",
            "evil[.]com",
            "evil . com",
            "evil .com",
            "京东.com",
            "bit.ly/abc",
            "t.me/abc",
            "me@evil.com",
            "tmall.com",
            "evil.com.cn",
            "evil.shop/item?id=1",
        ],
    );
}

#[test]
fn listed_hosts_and_what_is_no_address_are_left_alone() {
    check(
        Rule::OffListLinks,
        &listed(),
        false,
        &[
            "https://example.com",
            "https://www.example.com/a?b=c#d",
            "看https://example.com/a，谢谢",
            "example.com/tutorials",
            "EXAMPLE.COM",
            "请打开 example.com。",
            "item.shop.tmall.com/1",
            "https://user@example.com:8443/",
            "3.5kg 的电钻",
            "v2.0 版本",
            "尺寸 10.5x20.3",
            "今天18.30前",
            "Thanks. Info follows",
            "Yes. Net price is 20",
            "It arrived.It is fine",
            "ok.So what",
            "contact me. I will help",
            "好的。cn 是国家代码吗",
            "3点到5点",
            "a.m. or p.m.",
            "e.g. this one",
            "file.pdf",
            "No.1 model",
            "说明书.docx",
            "1.2.3",
            "单号 SF1234567890",
        ],
    );
}

#[test]
fn ways_off_the_platform_are_found() {
    check(
        Rule::OffListLinks,
        &listed(),
        true,
        &[
            "加我微信聊",
            "加微信",
            "加 微 信",
            "加我V信 abc123",
            "加个vx",
            "可以加一下店长的微信吗",
            "微信号：abc_12345",
            "微信同号13800001234",
            "VX:abc12345",
            "我的QQ是 12345678",
            "qq12345678",
            "进QQ群聊",
            "扫微信二维码",
            "联系我微信",
            "加我扣扣",
            "加薇信",
            "加v：abc12345",
            "我的电话13800001234，微信同步",
            "Add me on WhatsApp",
            "message us on telegram please",
            "my WeChat is abc",
            "WhatsApp: +4412345678",
            "let's talk on whatsapp",
        ],
    );
}

#[test]
fn paying_and_warnings_lead_nowhere() {
    check(
        Rule::OffListLinks,
        &listed(),
        false,
        &[
            "支持微信支付和支付宝",
            "可以用微信支付",
            "用微信付款就行",
            "请不要添加陌生人的微信",
            "我们不会让您加微信",
            "谨防加微信的骗子",
            "平台规定不能加微信哦",
            "You can pay with WeChat Pay",
            "We never ask you to add us on WhatsApp",
            "微信和支付宝都可以",
            "退款回到您的微信零钱",
        ],
    );
}

#[test]
fn without_a_list_an_address_is_warned_of() {
    let found = findings("https://example.com", &Settings::default(), AGENT);
    assert_eq!(found.iter().map(|finding| finding.action).collect::<Vec<_>>(), [Action::Warn]);
    let off = settings("guard: {off_list_links: off}\n");
    assert_eq!(findings("https://example.com", &off, AGENT), []);
}
