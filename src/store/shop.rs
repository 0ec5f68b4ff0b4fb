//! What a shop keeps besides conversations and playbooks: modes, news of orders.

use super::Store;
use super::error::StoreError;
use super::event::{self, Place};
use super::link::Link;
use super::writer::Write;
use crate::domain::{At, Happening, IntentId, Mode, OrderNumber, ShopId};

/// How much the bot may do in a shop or for one intent, as somebody set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModeRow {
    /// Where.
    pub shop: ShopId,
    /// For one intent alone.
    pub intent: Option<IntentId>,
    /// How much.
    pub mode: Mode,
    /// Since when.
    pub at: At,
    /// Who set it.
    pub by: String,
}

/// News of an order, as the platform told it.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderUpdateRow {
    /// By the platform's clock.
    pub occurred_at: At,
    /// As it was told.
    pub update: serde_json::Value,
}

struct SetMode {
    shop: ShopId,
    intent: Option<IntentId>,
    mode: Mode,
    by: String,
    at: At,
}

impl Write for SetMode {
    type Answer = ();

    async fn run(&self, link: &mut Link) -> Result<(), StoreError> {
        link.execute(
            "INSERT INTO mode (shop, scope, mode, at, set_by) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (shop, scope) DO UPDATE SET mode = excluded.mode, at = excluded.at, set_by = excluded.set_by",
            &[
                (&self.shop).into(),
                self.intent.as_ref().map_or("", IntentId::as_str).into(),
                self.mode.key().into(),
                self.at.into(),
                (&self.by).into(),
            ],
        )
        .await?;
        let set = Happening::ModeSet { mode: self.mode, intent: self.intent.clone(), by: self.by.clone() };
        event::note(link, Place { shop: &self.shop, conversation: None, episode: None }, self.at, set).await
    }
}

impl Store {
    /// Sets how much the bot may do in a shop, or for one intent of it.
    pub async fn set_mode(
        &self,
        shop: &ShopId,
        intent: Option<&IntentId>,
        mode: Mode,
        by: &str,
        at: At,
    ) -> Result<(), StoreError> {
        self.write(SetMode { shop: shop.clone(), intent: intent.cloned(), mode, by: by.to_owned(), at }).await
    }

    /// Every mode that was set, of all shops.
    pub async fn modes(&self) -> Result<Vec<ModeRow>, StoreError> {
        let sql = "SELECT shop, scope, mode, at, set_by FROM mode ORDER BY shop, scope";
        let rows = self.read().await?.rows(sql, &[]).await?;
        rows.iter()
            .map(|row| {
                let scope: String = row.get("scope")?;
                Ok(ModeRow {
                    shop: row.id("shop")?,
                    intent: Some(scope).filter(|scope| !scope.is_empty()).map(IntentId::from),
                    mode: row.word("mode", Mode::parse)?,
                    at: row.at("at")?,
                    by: row.get("set_by")?,
                })
            })
            .collect()
    }

    /// What a platform told of an order, the oldest first.
    pub async fn order_updates(&self, shop: &ShopId, number: &OrderNumber) -> Result<Vec<OrderUpdateRow>, StoreError> {
        let sql = "SELECT occurred_at, body FROM order_update WHERE shop = $1 AND number = $2 ORDER BY occurred_at";
        let rows = self.read().await?.rows(sql, &[shop.into(), number.into()]).await?;
        rows.iter()
            .map(|row| Ok(OrderUpdateRow { occurred_at: row.at("occurred_at")?, update: row.json("body")? }))
            .collect()
    }
}
