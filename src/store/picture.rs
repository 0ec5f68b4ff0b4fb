//! Pictures that agents send: kept here, so that platforms can fetch them by an id that nobody guesses.

use super::Store;
use super::error::StoreError;
use super::link::Link;
use super::writer::Write;
use crate::domain::{At, PrincipalId, ShopId};

/// A stored picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureRow {
    /// image/png and the like.
    pub media_type: String,
    /// In base64.
    pub body: String,
}

struct Keep {
    id: String,
    shop: ShopId,
    picture: PictureRow,
    by: PrincipalId,
    at: At,
}

impl Write for Keep {
    type Answer = ();

    async fn run(&self, link: &mut Link) -> Result<(), StoreError> {
        let sql = "INSERT INTO picture (id, shop, media_type, body, made_by, at) VALUES ($1, $2, $3, $4, $5, $6)";
        let Self { id, shop, picture, by, at } = self;
        let values =
            [id.into(), shop.into(), (&picture.media_type).into(), (&picture.body).into(), by.into(), (*at).into()];
        link.execute(sql, &values).await.map(drop)
    }
}

impl Store {
    /// Keeps a picture under a random id.
    pub async fn keep_picture(
        &self,
        id: &str,
        shop: &ShopId,
        picture: PictureRow,
        by: &PrincipalId,
        at: At,
    ) -> Result<(), StoreError> {
        self.write(Keep { id: id.to_owned(), shop: shop.clone(), picture, by: by.clone(), at }).await
    }

    /// A picture by its id.
    pub async fn picture(&self, id: &str) -> Result<Option<PictureRow>, StoreError> {
        let sql = "SELECT media_type, body FROM picture WHERE id = $1";
        let row = self.read().await?.row(sql, &[id.into()]).await?;
        row.map(|row| Ok(PictureRow { media_type: row.get("media_type")?, body: row.get("body")? })).transpose()
    }
}
