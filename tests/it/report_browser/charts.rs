//! The charts as their address gives them, without a browser.

use reqwest::header;
use xiaoer::domain::Role;
use xiaoer::report::chart::Chart;

use crate::service::{Running, token};

#[tokio::test(flavor = "multi_thread")]
async fn charts_are_documents_without_code_for_those_who_may_read_the_report() {
    let service = Running::start().await;
    service.customer("zhao").says("包邮吗").await;
    let lead = token(&service.store, "test", "liu", Role::Lead).await;
    let get = async |who: &str, path: &str| {
        let url = format!("{}/api/v1/shops/test/report/charts/{path}", service.base);
        service.http.get(url).bearer_auth(who).send().await.unwrap()
    };
    for chart in Chart::ALL {
        for more in ["", "?lang=en&shape=narrow", "?from=2026-01-01&to=2026-03-31&intent=nowhere/to_be_found"] {
            let answer = get(&lead, &format!("{}.svg{more}", chart.key())).await;
            assert_eq!(answer.status(), 200, "{chart:?} {more}");
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "image/svg+xml; charset=utf-8");
            assert_eq!(answer.headers()[header::CONTENT_SECURITY_POLICY], "default-src 'none'");
            let svg = answer.text().await.unwrap();
            assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
        }
    }
    assert!(get(&lead, "intents.svg").await.text().await.unwrap().contains("运费"));
    for (who, path, status) in [
        (&lead, "trend.png", 404),
        (&lead, "nothing.svg", 404),
        (&lead, "trend.svg?lang=fr", 400),
        (&lead, "trend.svg?shape=round", 400),
        (&service.token, "trend.svg", 403),
    ] {
        assert_eq!(get(who, path).await.status(), status, "{path}");
    }
    service.stop().await;
}
