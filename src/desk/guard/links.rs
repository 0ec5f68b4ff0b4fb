//! Addresses in a text, however they are disguised, and words that lead off the platform.

use std::ops::Range;
use std::sync::LazyLock;

use crate::desk::pattern::Pattern;
use crate::playbook::links::Links;

/// Endings of hosts that are no words of a sentence: `ok.Net price` would be one, so a space may follow none of these.
const ENDINGS: &str = "com|cn|net|org|top|shop|xyz|vip|cc|info|store|site|online|club|app|link|ltd|biz|mobi|asia|wang|ren|xin|ink|icu|live|tv|hk|tw|jp|uk|de|fr|ru|kr|ai|gg|edu|gov|公司|中国|网络|网址";
/// Endings that are words too (contact.me, t.me/x): only with a path.
const SHORT_ENDINGS: &str = "me|co|io|ly|us|eu|in|so|it|to|gl|be|do|im|la|ws|pw|fm|am|sh|page|dev|pro|fun|art";

/// `https://user@host:80/path`, `weixin://…`
static WITH_SCHEME: LazyLock<Pattern> =
    LazyLock::new(|| Pattern::new(r#"(?-u:\b)[a-z][a-z0-9+.-]{1,15}:[/\\]{2}[^\s<>"'，。；！？、）】》」]*"#));
/// `example.com/path`, `www.example.com`, 京东.com
static BARE: LazyLock<Pattern> = LazyLock::new(|| {
    let label = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
    let rest = r#"(?::\d{1,5})?(?:[/?#][^\s<>"'\p{Han}，。；！？、）】》」]*)?"#;
    Pattern::new(&format!(
        r"(?P<host>(?:{label}\.)*(?:{label}|\p{{Han}}{{1,8}})\.(?:{ENDINGS})|(?:{label}\.)+(?:{SHORT_ENDINGS})(?:/|\?))(?P<edge>{rest})"
    ))
});
/// example点com, example 。com, example dot com, example . com
static DISGUISED: LazyLock<Pattern> = LazyLock::new(|| {
    let label = r"[a-z0-9][a-z0-9-]*";
    let dot = r"(?:\s*(?:点|。|·|•|\(\s*(?:\.|dot|点)\s*\)|\[\s*(?:\.|dot|点)\s*\]|\{\s*(?:\.|dot|点)\s*\})\s*|\s+dot\s+|\s+\.\s*|\.\s+)";
    Pattern::new(&format!(r"(?P<host>{label}(?:(?:\.|{dot}){label})*{dot}(?:com|cn|xyz|cc|org|net|top|vip))(?-u:\b)"))
});
/// `Yes. Net 20`, `好的 5点 top`: a word of the sentence, unless the ending is one that no sentence knows.
static SURE: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"(?:com|cn|xyz|cc)$|点|dot|[(\[{]"));

/// The addresses in a text (in its plain form) whose hosts aren't on the list, in bytes.
pub(super) fn addresses(text: &str, allowed: &Links) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut seen: Vec<Range<usize>> = Vec::new();
    for hit in WITH_SCHEME.all(text) {
        let range = hit.get_match().range();
        if !authority(&text[range.clone()]).is_some_and(|host| allowed.allow(&host)) {
            found.push(range.clone());
        }
        seen.push(range);
    }
    for hit in BARE.all(text) {
        let (range, Some(host)) = (hit.get_match().range(), hit.name("host")) else { continue };
        let is_word = ends_within_a_word(text, host.end()) && hit.name("edge").is_none_or(|edge| edge.is_empty());
        let is_seen = seen.iter().any(|other| other.start < range.end && range.start < other.end);
        if is_seen || is_word || starts_within_a_word(text, range.start) {
            continue;
        }
        if !allowed.allow(host.as_str().trim_end_matches(['/', '?'])) {
            found.push(range.clone());
        }
        seen.push(range);
    }
    for hit in DISGUISED.all(text) {
        let range = hit.get_match().range();
        let is_seen = seen.iter().any(|other| other.start < range.end && range.start < other.end);
        if !is_seen && SURE.is_in(hit.get_match().as_str()) {
            let host = undisguised(hit.get_match().as_str());
            if !allowed.allow(&host) {
                found.push(range);
            }
        }
    }
    found
}

/// The host of `scheme://user@host:port/path`. A backslash ends it, as in browsers.
fn authority(address: &str) -> Option<String> {
    let rest = address.split_once(':')?.1.trim_start_matches(['/', '\\']);
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.split(':').next()?.trim_end_matches('.').to_owned())
}

fn ends_within_a_word(text: &str, at: usize) -> bool {
    text[at..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        && !text[..at].ends_with(['/', '?'])
}

fn starts_within_a_word(text: &str, at: usize) -> bool {
    text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

fn undisguised(host: &str) -> String {
    let mut plain = String::new();
    for part in
        host.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|part| !part.is_empty() && *part != "dot")
    {
        if !plain.is_empty() {
            plain.push('.');
        }
        plain.push_str(part);
    }
    plain
}

const ACCOUNT: &str = "(?:微信号?|薇信|威信|维信|v信|vx|v❤|wx号?|wechat|weixin|微❤|绿泡泡|企鹅号?|扣扣|qq群?号?|whatsapp|telegram|飞机号|支付宝号|小红书号|抖音号)";
/// 加我微信, 加个v信, 进qq群
static JOIN: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!(
        "(?:加|扫|添加|联系|私|进|留|换到?|用|发|给|走)(?:一?下|个|上|您|你|我|我们|咱们?|我的|您的|你的|客服|老板|店长|的)*{ACCOUNT}"
    ))
});
/// 微信: abc123, vx abc_123, qq12345678
static NUMBER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(&format!(
        "{ACCOUNT}(?:同号|号码|号|是|为|[: =])*[a-z0-9_-]{{5,20}}|微信同[号步]|加v[: ]*[a-z0-9_-]{{5,20}}"
    ))
});
static ENGLISH: LazyLock<Pattern> = LazyLock::new(|| {
    let app = r"(?:we ?chat|whats ?app|telegram|signal|line|qq|instagram|facebook|messenger)";
    Pattern::new(&format!(
        r"\b(?:add|message|text|dm|contact|reach|find|chat with|write to|call)\s+(?:me|us|my|our)\s+(?:\w+\s+)?(?:on|via|at|by|over|through)?\s*{app}\b|\b(?:my|our)\s+{app}(?:\s+(?:id|number|account|handle))?\s*(?:is|:)|\b{app}\s*(?:id|number)?\s*:\s*[a-z0-9_+-]{{5,20}}|\b(?:let's|we can) (?:talk|chat|continue|move) (?:to |on |over |via )+{app}\b"
    ))
});
/// 微信支付, 微信红包: paying, not leading off.
static PAYING: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new("^(?:支付|付款|钱包|零钱|红包|收款|转账|扫码支付|分付|绑定|登录|到账|退款|余额| ?pay\\b| payment)")
});
/// 不要加陌生人微信, we never ask you to add us on WeChat
static NOT: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"(?:不|勿|别|谨防|没有|没|无法|禁止|严禁|拒绝|警惕|小心|骗)[^,。!?\n]{0,10}$|\b(?:never|don't|do not|can't|cannot|won't|not|beware)\b[^,.!?\n]{0,40}$",
    )
});

/// Words that lead the customer to another app (in the squeezed form), in bytes.
pub(super) fn ways_off(text: &str) -> Vec<Range<usize>> {
    let all = [&JOIN, &NUMBER, &ENGLISH].into_iter().flat_map(|pattern| pattern.all(text));
    let ranges = all.map(|hit| hit.get_match().range());
    ranges.filter(|range| !PAYING.is_in(&text[range.end..]) && !NOT.is_in(&text[..range.start])).collect()
}
