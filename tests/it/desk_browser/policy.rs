//! What the pages may load and run: their own files, from this host, and nothing else.

use reqwest::header;
use xiaoer::domain::Role;

use super::stage::{open_chat, played};
use crate::chromium::DESKTOP;
use crate::desk::hire;

/// The desk with all that it loads, in bytes as they are unpacked.
const MOST: u64 = 300_000;

#[tokio::test(flavor = "multi_thread")]
async fn no_page_runs_what_stands_in_it_nor_loads_what_lies_elsewhere() {
    played(async |stage| {
        for path in ["/desk", "/panel", "/people", "/playbook", "/desk/report", "/welcome", "/embed/test", "/try/test"]
        {
            let page = stage.service.http.get(format!("{}{path}", stage.service.base)).send().await.unwrap();
            assert_eq!(page.status(), 200, "{path}");
            let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
            for rule in [
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "base-uri 'none'",
                "require-trusted-types-for 'script'",
                "frame-ancestors 'none'",
            ] {
                assert!(policy.split(';').any(|part| part.trim() == rule), "{path}: {rule} is not in {policy}");
            }
            for hole in ["unsafe", "http:", "https:", "*", "strict-dynamic"] {
                assert!(!policy.contains(hole), "{path}: {hole} in {policy}");
            }
            assert_eq!(page.headers()[header::REFERRER_POLICY], "no-referrer", "{path}");
            let text = page.text().await.unwrap();
            for hole in ["style=\"", " onclick", "<style", "javascript:", "//cdn", "https://"] {
                assert!(!text.contains(hole), "{path}: {hole}");
            }
            let inline = text
                .match_indices("<script")
                .filter(|(at, _)| !text[*at..].starts_with("<script type=\"module\" src=\"/assets/"));
            assert_eq!(inline.count(), 0, "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_is_small_comes_from_here_alone_and_breaks_no_rule_of_its_own() {
    played(async |stage| {
        hire(&stage.service, "boss", "店长", "test", Role::Manager).await;
        let (id, _) = stage.waits("demo-wang", "我的快递怎么还没到，转人工").await;
        let page = stage.desk_of("boss", "zh-CN", DESKTOP).await;
        open_chat(&page, &id).await;
        page.sees("#order-body .headline", "").await;
        let weigh = "const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]; \
            const own = all.filter(({ name }) => !new URL(name).pathname.startsWith('/api/')); \
            return [all.filter(({ name }) => new URL(name).origin !== location.origin).map(({ name }) => name), \
                own.length, own.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0), \
                own.reduce((sum, { transferSize }) => sum + transferSize, 0)]";
        let (elsewhere, files, bytes, moved): (Vec<String>, u64, u64, u64) = page.script(weigh).await;
        println!("the desk: {files} files, {bytes} bytes, {moved} on the wire");
        assert!(elsewhere.is_empty(), "{elsewhere:?}");
        assert!(files > 20 && bytes <= MOST, "{bytes} bytes");
        let reports: Vec<String> = page.eval("window.reports").await;
        assert!(reports.is_empty(), "{reports:#?}");

        for (path, there) in [("/panel", "#words"), ("/people", "#people .row"), ("/playbook", "#tree .thing"), ("/desk/report", "#nothing, .section"), ("/welcome", "#welcome-none"), ("/embed/test", "#wait")] {
            page.goto(&format!("{}{path}", stage.service.base)).await;
            page.find(there).await;
            let (elsewhere, _, bytes, _): (Vec<String>, u64, u64, u64) = page.script(weigh).await;
            println!("{path}: {bytes} bytes");
            assert!(elsewhere.is_empty() && bytes <= MOST, "{path}: {bytes} bytes, {elsewhere:?}");
            let reports: Vec<String> = page.eval("window.reports").await;
            assert!(reports.is_empty(), "{path}: {reports:#?}");
        }
    })
    .await;
}
