//! Where a shop's newest turns begin.

use super::Store;
use super::error::StoreError;
use crate::domain::{At, ShopId, TurnId};

impl Store {
    /// The turn after which the newest `count` turns of those decided from `from` until before `to` begin, for
    /// [`Store::turns_between`]. `None`: there are no more of them.
    pub async fn before_the_newest(
        &self,
        count: u32,
        shop: &ShopId,
        from: At,
        to: At,
    ) -> Result<Option<(At, TurnId)>, StoreError> {
        let sql = "SELECT decided_at, id FROM turn WHERE shop = $1 AND decided_at >= $2 AND decided_at < $3 \
                   ORDER BY decided_at DESC, id DESC LIMIT 1 OFFSET $4";
        let row = self.read().await?.row(sql, &[shop.into(), from.into(), to.into(), i64::from(count).into()]).await?;
        row.map(|row| Ok((row.at("decided_at")?, row.id("id")?))).transpose()
    }
}
