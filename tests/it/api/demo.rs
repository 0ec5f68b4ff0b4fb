//! The demo shop's agents' side is open without a token to whoever sits at this machine, and to nobody else.

use std::path::Path;

use crate::service::{Running, ShopFiles};

/// A shop's folder as [`ShopFiles`] wants it, beside the test shop.
fn files_of_demo() -> Vec<(String, String)> {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("shops/demo");
    let mut files = Vec::new();
    let mut folders = vec![demo.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let place = path.strip_prefix(&demo).unwrap().to_str().unwrap().to_owned();
                files.push((format!("../demo/{place}"), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_is_open_at_this_machine_alone() {
    let files = files_of_demo();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let shop = Running::with(&ShopFiles { files: &files, ..ShopFiles::default() }, None).await;
    let port = shop.base.rsplit_once(':').unwrap().1.to_owned();
    let local = format!("127.0.0.1:{port}");
    let by_name = format!("localhost:{port}");
    let foreign = format!("shop.example:{port}");
    let prefixed = format!("localhost.example:{port}");
    let by_ip_6 = format!("[::1]:{port}");
    for (name, shop_id, headers, expected) in [
        ("from here", "demo", vec![("host", local.as_str())], 200),
        ("from here by name", "demo", vec![("host", &by_name)], 200),
        ("from here by the other address", "demo", vec![("host", &by_ip_6)], 200),
        ("without a port", "demo", vec![("host", "localhost")], 200),
        ("its own page", "demo", vec![("host", &local), ("sec-fetch-site", "same-origin")], 200),
        ("typed into the browser", "demo", vec![("host", &local), ("sec-fetch-site", "none")], 200),
        ("another site's page", "demo", vec![("host", &local), ("sec-fetch-site", "cross-site")], 401),
        ("another port's page", "demo", vec![("host", &local), ("sec-fetch-site", "same-site")], 401),
        ("under a foreign name", "demo", vec![("host", &foreign)], 401),
        ("under a name that only begins so", "demo", vec![("host", &prefixed)], 401),
        ("through a proxy", "demo", vec![("host", &local), ("x-forwarded-for", "203.0.113.7")], 401),
        ("through a modern proxy", "demo", vec![("host", &local), ("forwarded", "for=203.0.113.7")], 401),
        ("with a wrong token", "demo", vec![("host", &local), ("authorization", "Bearer xo_1")], 401),
        ("another shop", "test", vec![("host", &local)], 401),
    ] {
        let request = shop.http.get(format!("{}/api/v1/shops/{shop_id}/conversations", shop.base));
        let request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        assert_eq!(request.send().await.unwrap().status().as_u16(), expected, "{name}");
    }
    shop.stop().await;
}
