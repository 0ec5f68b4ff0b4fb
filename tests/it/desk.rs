//! The agents' desk without a browser: who gets in, who sees what, what people do with chats, and what they hear of it.

mod chats;
mod live;
mod people;
mod promises;
mod search;
mod words;

use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use xiaoer::app;
use xiaoer::domain::{PrincipalId, Role};
use xiaoer::server::hash_password;
use xiaoer::store::Membership;

use crate::service::{Running, http};

/// Good enough, and everybody's.
pub const PASSWORD: &str = "correct horse battery";

/// Somebody who works in a shop.
pub async fn hire(service: &Running, id: &str, name: &str, shop: &str, role: Role) -> PrincipalId {
    let person = PrincipalId::from(id);
    service.store.add_principal(&person, name, app::now()).await.unwrap();
    let place = Membership { shop: shop.into(), role, outsourced: false };
    service.store.set_place(&person, place).await.unwrap();
    service.store.set_password_hash(&person, Some(hash_password(PASSWORD).unwrap())).await.unwrap();
    person
}

/// A desk of somebody who has signed in.
pub struct Seat {
    pub base: String,
    pub http: reqwest::Client,
    pub cookie: String,
}

impl Seat {
    /// Signs in.
    pub async fn take(service: &Running, id: &str) -> Self {
        let seat = Self { base: service.base.clone(), http: http(), cookie: String::new() };
        let answer = seat.sign_in(id, PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::OK);
        Self { cookie: cookie(&answer), ..seat }
    }

    pub async fn sign_in(&self, id: &str, password: &str) -> Response {
        let wish = json!({ "id": id, "password": password });
        let url = format!("{}/api/v1/session", self.base);
        self.http.post(url).header("x-xiaoer", "1").json(&wish).send().await.unwrap()
    }

    fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        let url = format!("{}/api/v1{path}", self.base);
        self.http.request(method, url).header("cookie", &self.cookie).header("x-xiaoer", "1")
    }

    /// `GET` below /api/v1.
    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        told(self.request(reqwest::Method::GET, path).send().await.unwrap()).await
    }

    /// What a `GET` gives that must succeed.
    pub async fn read(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "GET {path}: {body}");
        body
    }

    pub async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        told(self.request(reqwest::Method::POST, path).json(&body).send().await.unwrap()).await
    }

    /// A `POST` that must succeed.
    pub async fn does(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.post(path, body).await;
        assert!(status.is_success(), "POST {path}: {status} {answer}");
        answer
    }

    pub async fn delete(&self, path: &str) -> StatusCode {
        self.request(reqwest::Method::DELETE, path).send().await.unwrap().status()
    }

    pub async fn put(&self, path: &str, body: Value) -> StatusCode {
        self.request(reqwest::Method::PUT, path).json(&body).send().await.unwrap().status()
    }

    /// The chat with this id among those on the desk.
    pub async fn item(&self, id: &str) -> Option<Value> {
        let desk = self.read("/desk").await;
        desk["items"].as_array().unwrap().iter().find(|item| item["id"] == id).cloned()
    }
}

/// The session's cookie of an answer.
pub fn cookie(answer: &Response) -> String {
    let set = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

async fn told(answer: Response) -> (StatusCode, Value) {
    (answer.status(), answer.json().await.unwrap_or(Value::Null))
}

/// A chat that waits for a person; our id of it.
pub async fn handed_off(service: &Running, customer: &str) -> String {
    let customer = service.customer(customer);
    let outcome = customer.says("我要投诉你们").await;
    assert_eq!(outcome.act, "hand_off", "{outcome:#?}");
    customer.conversation().await.unwrap()
}
