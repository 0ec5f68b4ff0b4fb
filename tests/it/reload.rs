//! Edited files come in force while customers write; broken ones leave the words as they were, and say why.

mod load;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::service::{Running, ShopFiles};

/// What is wanted of an edit.
pub const IN_FORCE_WITHIN: Duration = Duration::from_secs(2);
/// The shop's own words for a question that the demo answers too.
pub const FEE: &str = "replies/logistics/shipping_fee.yaml";

/// The shop's own words about the shipping fee.
pub fn fee(words: &str) -> String {
    format!("zh:\n  default: |\n    {words}\n")
}

/// A shop that has words of its own from the start.
pub async fn with_fee(words: &str, url: Option<&str>) -> Running {
    let text = fee(words);
    Running::with(&ShopFiles { files: &[(FEE, &text)], ..ShopFiles::default() }, url).await
}

impl Running {
    /// A file of the shop's folder.
    pub fn file(&self, path: &str) -> PathBuf {
        self.folder.path().join("shops/test").join(path)
    }

    /// Saves a file as an editor does.
    pub fn save(&self, path: &str, text: &str) {
        std::fs::create_dir_all(self.file(path).parent().unwrap()).unwrap();
        std::fs::write(self.file(path), text).unwrap();
    }

    /// `/readyz`, with its status.
    pub async fn ready(&self) -> (u16, Value) {
        let response = self.http.get(format!("{}/readyz", self.base)).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// The hash of the playbook that is served.
    pub async fn playbook(&self) -> String {
        self.ready().await.1["shops"]["test"]["playbook"].as_str().unwrap_or_default().to_owned()
    }

    /// Waits until `/readyz` is as it should be; gives it, and how long that took.
    pub async fn until(&self, what: &str, is: impl Fn(&Value) -> bool) -> (Value, Duration) {
        let began = Instant::now();
        loop {
            let (_, ready) = self.ready().await;
            if is(&ready) {
                return (ready, began.elapsed());
            }
            assert!(began.elapsed() < Duration::from_secs(15), "never {what}: {ready:#}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits for another playbook than this.
    pub async fn until_other(&self, playbook: &str) -> (String, Duration) {
        let (ready, took) = self
            .until("another playbook", |ready| {
                ready["shops"]["test"]["playbook"].as_str().is_some_and(|hash| hash != playbook)
            })
            .await;
        (ready["shops"]["test"]["playbook"].as_str().unwrap().to_owned(), took)
    }

    /// What a new customer is told about the shipping fee.
    pub async fn fee_as_told(&self, customer: &str) -> String {
        self.customer(customer).says("你好，请问包邮吗？").await.words().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_file_is_in_force_within_two_seconds() {
    let shop = with_fee("满59元包邮。", None).await;
    assert!(shop.fee_as_told("u-1").await.contains("满59元包邮。"));
    let before = shop.playbook().await;

    shop.save(FEE, &fee("现在满39元就包邮。"));
    let (after, took) = shop.until_other(&before).await;
    println!("in force after {took:?}");
    assert!(took < IN_FORCE_WITHIN, "{took:?}");
    assert!(shop.fee_as_told("u-2").await.contains("现在满39元就包邮。"));

    // Saved as many editors do it: a new file that takes the old one's name.
    let draft = shop.file("replies/logistics/.shipping_fee.yaml.swp");
    std::fs::write(&draft, fee("现在满29元就包邮。")).unwrap();
    std::fs::rename(&draft, shop.file(FEE)).unwrap();
    let (third, took) = shop.until_other(&after).await;
    assert!(took < IN_FORCE_WITHIN, "{took:?}");

    // Taken back by hand: the words from before, under the hash from before.
    shop.save(FEE, &fee("现在满39元就包邮。"));
    assert_eq!(shop.until_other(&third).await.0, after);
    assert!(shop.fee_as_told("u-3").await.contains("现在满39元就包邮。"));

    // A file in a folder that wasn't there.
    shop.save(
        "intents/shop/video.yaml",
        "means: Is the live show there to watch?\nanswer: when_sure\nzh:\n  phrases: |\n    直播回放\n",
    );
    shop.save("replies/shop/video.yaml", "zh:\n  default: |\n    回放在商品页第二屏。\n");
    shop.until_other(&after).await;
    let told = shop.customer("u-4").says("有没有直播回放呀").await;
    assert!(told.words().contains("第二屏"), "{told:?}");
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_group_is_in_force_in_its_shops() {
    let (path, text) = ("../brand/replies/logistics/shipping_fee.yaml", fee("全品牌满59元包邮。"));
    let files = ShopFiles {
        settings: "extends: brand\n",
        files: &[("../brand/shop.yaml", "group: true\n"), (path, &text)],
        ..ShopFiles::default()
    };
    let shop = Running::with(&files, None).await;
    assert!(shop.fee_as_told("u-1").await.contains("全品牌满59元包邮。"));
    let before = shop.playbook().await;
    shop.save(path, &fee("全品牌满39元包邮。"));
    let (_, took) = shop.until_other(&before).await;
    assert!(took < IN_FORCE_WITHIN, "{took:?}");
    assert!(shop.fee_as_told("u-2").await.contains("全品牌满39元包邮。"));
    std::fs::remove_dir_all(shop.file("../brand")).unwrap();
    let (ready, _) = shop.until("told", |ready| ready["problems"][0].is_object()).await;
    assert_eq!((&ready["problems"][0]["code"], &ready["ready"]), (&json!("unknown-group"), &json!(true)));
    assert!(shop.fee_as_told("u-3").await.contains("全品牌满39元包邮。"), "published is published");
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_file_changes_nothing_and_is_named() {
    let shop = with_fee("满59元包邮。", None).await;
    let before = shop.playbook().await;
    shop.save(FEE, "zh:\n  default: |\n    满39元包邮。\n  nonsense: |\n    什么都不是\n");
    let (ready, took) = shop.until("told", |ready| ready["problems"][0].is_object()).await;
    assert!(took < IN_FORCE_WITHIN, "{took:?}");
    let problem = &ready["problems"][0];
    assert_eq!(
        (&problem["shop"], &problem["file"], &problem["line"], &problem["served"]),
        (&json!("test"), &json!(FEE), &json!(4), &json!(true)),
        "{ready:#}"
    );
    assert!(!problem["code"].as_str().unwrap().is_empty() && problem["message"].as_str().unwrap().contains("nonsense"));
    assert!(!ready.to_string().contains(shop.folder.path().to_str().unwrap()), "a path of the machine: {ready:#}");
    assert_eq!(shop.ready().await.0, 200, "customers are answered");
    assert_eq!(ready["shops"]["test"]["playbook"], json!(before));
    assert!(shop.fee_as_told("u-1").await.contains("满59元包邮。"));

    shop.save(FEE, &fee("满39元包邮。"));
    let (ready, took) = shop.until("mended", |ready| ready["problems"] == json!([])).await;
    assert!(took < IN_FORCE_WITHIN, "{took:?}");
    assert_ne!(ready["shops"]["test"]["playbook"], json!(before));
    assert!(shop.fee_as_told("u-2").await.contains("满39元包邮。"));
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_settings_and_whole_shops_come_and_go() {
    let shop = with_fee("满59元包邮。", None).await;
    // Orders are no part of the playbook, and are read again all the same.
    let orders = "orders:\n  - number: \"202611110000000001\"\n    buyer: {id: u-1}\n    placed_at: -2d\n    paid_at: -2d\n    \
                  items:\n      - {name: 电钻, quantity: 1, price: 399.00}\n    parcels:\n      - carrier: 极兔\n        \
                  tracking: JT0001\n        shipped_at: -1d\n        events:\n          - {at: -1d, text: 已揽收}\n";
    let before = shop.playbook().await;
    shop.save("orders.yaml", "orders:\n  - number: 1\n    nonsense: 2\n");
    let (ready, _) = shop.until("told", |ready| ready["problems"][0].is_object()).await;
    let problem = &ready["problems"][0];
    assert_eq!(
        (&problem["file"], &problem["line"], &problem["served"]),
        (&json!("orders.yaml"), &json!(3), &json!(true))
    );
    shop.save("orders.yaml", orders);
    shop.until("mended", |ready| ready["problems"] == json!([])).await;
    assert_eq!(shop.playbook().await, before);
    let told = shop.customer("u-1").says("我的快递到哪了").await;
    assert!(told.words().contains("JT0001"), "{told:?}");

    // A page of its own is closed by a setting.
    let page = format!("{}/try/test", shop.base);
    assert_eq!(shop.http.get(&page).send().await.unwrap().status().as_u16(), 200);
    let settings = std::fs::read_to_string(shop.file("shop.yaml")).unwrap();
    shop.save("shop.yaml", &settings.replace("try_page: true", "try_page: false"));
    shop.until_other(&before).await;
    assert_eq!(shop.http.get(&page).send().await.unwrap().status().as_u16(), 404);

    // A second shop, broken at first: never loaded, so the service isn't ready.
    shop.save("../second/shop.yaml", "name: 二店\nlanguages: [zh]\n");
    shop.save("../second/replies/logistics/shipping_fee.yaml", "zh:\n  nonsense: |\n    什么\n");
    let (ready, _) = shop.until("told", |ready| ready["problems"][0].is_object()).await;
    assert_eq!((&ready["problems"][0]["shop"], &ready["problems"][0]["served"]), (&json!("second"), &json!(false)));
    assert_eq!((shop.ready().await.0, &ready["ready"]), (503, &json!(false)));
    shop.save("../second/replies/logistics/shipping_fee.yaml", &fee("全店包邮。"));
    shop.until("served", |ready| ready["shops"]["second"].is_object()).await;
    assert_eq!(shop.ready().await.0, 200);
    std::fs::remove_dir_all(shop.file("../second")).unwrap();
    let (ready, _) = shop.until("gone", |ready| ready["shops"]["second"].is_null()).await;
    assert_eq!((&ready["problems"], &ready["ready"]), (&json!([]), &json!(true)));
    shop.stop().await;
}
