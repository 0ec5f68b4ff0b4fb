//! Who is who.

use super::*;

fn from(channel: &str, customer: Customer, message: &str) -> Delivery {
    let mut delivery = says(channel, message, "在吗", NOON);
    delivery.address.channel = channel.into();
    delivery.customer = Customer { id: Some(delivery.address.customer.clone()), ..customer };
    delivery
}

fn with_phone(verified: bool) -> Customer {
    Customer { phone: Some("138-0000-0000".into()), verified, ..Customer::default() }
}

pub async fn one_customer_on_two_channels(scene: &Scene) {
    let web = scene.hear(from("web", with_phone(true), "m1")).await;
    let wechat = scene.hear(from("wechat", Customer::default(), "m1")).await;
    let (a, b) = (scene.conversation(&web).await, scene.conversation(&wechat).await);
    assert_ne!(a.customer_id, b.customer_id, "nothing says yet that they are one");
    scene.hear(from("wechat", with_phone(true), "m2")).await;
    let (a, b) = (scene.conversation(&web).await, scene.conversation(&wechat).await);
    assert_eq!(a.customer_id, b.customer_id, "the platform vouches for the phone");
    let merged = scene.store.events_after(&shop(), 0, 100).await.unwrap();
    assert!(merged.iter().any(|row| matches!(row.event.what, Happening::Merged { .. })));
    assert_eq!(b.customer.phone.as_deref(), Some("138-0000-0000"));
}

pub async fn strangers_stay_apart(scene: &Scene) {
    let web = scene.hear(from("web", with_phone(true), "m1")).await;
    let wechat = scene.hear(from("wechat", with_phone(false), "m1")).await;
    let (a, b) = (scene.conversation(&web).await, scene.conversation(&wechat).await);
    assert_ne!(a.customer_id, b.customer_id, "anybody can type a phone number");
    assert!(!b.customer.verified);
    // What was said without proof isn't carried along when the platform vouches for the id alone.
    scene.hear(from("wechat", Customer { verified: true, ..Customer::default() }, "m2")).await;
    assert_eq!(scene.conversation(&wechat).await.customer.phone, None);
}
