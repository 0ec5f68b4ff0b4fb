//! Who may sign in, and what they may do in which shop.

use super::Store;
use super::error::StoreError;
use super::link::{Link, Row};
use super::writer::Write;
use crate::domain::{At, PrincipalId, Role, ShopId};

/// A person or a service.
#[derive(Clone, PartialEq, Eq)]
pub struct PrincipalRow {
    /// What they sign in with.
    pub id: PrincipalId,
    /// As others see them.
    pub name: String,
    /// As argon2 wrote it; none for those who use tokens only.
    pub password_hash: Option<String>,
    /// When disabled, no token and no session of theirs is found.
    pub disabled: bool,
    /// When they were added.
    pub created_at: At,
}

impl std::fmt::Debug for PrincipalRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { id, name, disabled, .. } = self;
        write!(f, "PrincipalRow {{ id: {id}, name: {name:?}, disabled: {disabled} }}")
    }
}

/// Somebody's place in one shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Which shop.
    pub shop: ShopId,
    /// As what.
    pub role: Role,
    /// Of another firm that answers for the shop: phones are masked, nothing is exported.
    pub outsourced: bool,
}

/// Somebody who belongs to a shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// Who.
    pub person: PrincipalRow,
    /// As what.
    pub role: Role,
    /// Of another firm.
    pub outsourced: bool,
}

enum Change {
    Add { name: String, at: At },
    SetPassword { hash: Option<String> },
    SetDisabled { disabled: bool },
    Join { shop: ShopId, role: Role, outsourced: Option<bool> },
    Name { name: String },
    Leave { shop: ShopId },
}

struct Person {
    id: PrincipalId,
    change: Change,
}

impl Write for Person {
    /// Whether it changed anything.
    type Answer = bool;

    async fn run(&self, link: &mut Link) -> Result<bool, StoreError> {
        let id = &self.id;
        let rows = match &self.change {
            Change::Add { name, at } => {
                let sql = "INSERT INTO principal (id, name, disabled, created_at) VALUES ($1, $2, $3, $4) \
                           ON CONFLICT (id) DO NOTHING";
                link.execute(sql, &[id.into(), name.into(), false.into(), (*at).into()]).await?
            }
            Change::SetPassword { hash } => {
                // Whoever knew the old one is out.
                let sql = "DELETE FROM session WHERE principal = $1";
                link.execute(sql, &[id.into()]).await?;
                let sql = "UPDATE principal SET password_hash = $2 WHERE id = $1";
                link.execute(sql, &[id.into(), hash.as_deref().into()]).await?
            }
            Change::Name { name } => {
                let sql = "UPDATE principal SET name = $2 WHERE id = $1";
                link.execute(sql, &[id.into(), name.into()]).await?
            }
            Change::SetDisabled { disabled } => {
                let sql = "UPDATE principal SET disabled = $2 WHERE id = $1";
                link.execute(sql, &[id.into(), (*disabled).into()]).await?
            }
            Change::Join { shop, role, outsourced } => {
                let known = link.row("SELECT id FROM principal WHERE id = $1", &[id.into()]).await?;
                if known.is_none() {
                    return Ok(false);
                }
                let sql = "INSERT INTO membership (person, shop, role) VALUES ($1, $2, $3) \
                           ON CONFLICT (person, shop) DO UPDATE SET role = excluded.role";
                let rows = link.execute(sql, &[id.into(), shop.into(), role.key().into()]).await?;
                if let Some(outsourced) = outsourced {
                    let sql = "UPDATE membership SET outsourced = $3 WHERE person = $1 AND shop = $2";
                    link.execute(sql, &[id.into(), shop.into(), (*outsourced).into()]).await?;
                }
                rows
            }
            Change::Leave { shop } => {
                let sql = "DELETE FROM membership WHERE person = $1 AND shop = $2";
                link.execute(sql, &[id.into(), shop.into()]).await?
            }
        };
        Ok(rows > 0)
    }
}

impl Store {
    /// Adds somebody; false if the id is taken.
    pub async fn add_principal(&self, id: &PrincipalId, name: &str, at: At) -> Result<bool, StoreError> {
        self.change(id, Change::Add { name: name.to_owned(), at }).await
    }

    /// Sets or takes away a password, and ends every session; false if there is no such person, here and below.
    pub async fn set_password_hash(&self, id: &PrincipalId, hash: Option<String>) -> Result<bool, StoreError> {
        self.change(id, Change::SetPassword { hash }).await
    }

    /// Shuts somebody out: their tokens and sessions are found no more.
    pub async fn disable_principal(&self, id: &PrincipalId) -> Result<bool, StoreError> {
        self.change(id, Change::SetDisabled { disabled: true }).await
    }

    /// Lets somebody in again.
    pub async fn enable_principal(&self, id: &PrincipalId) -> Result<bool, StoreError> {
        self.change(id, Change::SetDisabled { disabled: false }).await
    }

    /// Changes what others see.
    pub async fn rename_principal(&self, id: &PrincipalId, name: &str) -> Result<bool, StoreError> {
        self.change(id, Change::Name { name: name.to_owned() }).await
    }

    /// Gives somebody a role in a shop, in place of the one they had.
    pub async fn set_membership(&self, id: &PrincipalId, shop: &ShopId, role: Role) -> Result<bool, StoreError> {
        self.change(id, Change::Join { shop: shop.clone(), role, outsourced: None }).await
    }

    /// The same, and says whether they are of another firm.
    pub async fn set_place(&self, id: &PrincipalId, place: Membership) -> Result<bool, StoreError> {
        let Membership { shop, role, outsourced } = place;
        self.change(id, Change::Join { shop, role, outsourced: Some(outsourced) }).await
    }

    /// Takes somebody's role in a shop away.
    pub async fn end_membership(&self, id: &PrincipalId, shop: &ShopId) -> Result<bool, StoreError> {
        self.change(id, Change::Leave { shop: shop.clone() }).await
    }

    async fn change(&self, id: &PrincipalId, change: Change) -> Result<bool, StoreError> {
        self.write(Person { id: id.clone(), change }).await
    }

    /// Somebody by id.
    pub async fn find_principal(&self, id: &PrincipalId) -> Result<Option<PrincipalRow>, StoreError> {
        let sql = "SELECT id, name, password_hash, disabled, created_at FROM principal WHERE id = $1";
        self.read().await?.row(sql, &[id.into()]).await?.map(|row| read(&row)).transpose()
    }

    /// Everybody.
    pub async fn principals(&self) -> Result<Vec<PrincipalRow>, StoreError> {
        let sql = "SELECT id, name, password_hash, disabled, created_at FROM principal ORDER BY id";
        self.read().await?.rows(sql, &[]).await?.iter().map(read).collect()
    }

    /// Somebody's shops and roles.
    pub async fn memberships(&self, id: &PrincipalId) -> Result<Vec<Membership>, StoreError> {
        let sql = "SELECT shop, role, outsourced FROM membership WHERE person = $1 ORDER BY shop";
        let rows = self.read().await?.rows(sql, &[id.into()]).await?;
        let read = |row: &Row| {
            let (shop, role) = (row.id("shop")?, row.word("role", Role::parse)?);
            Ok(Membership { shop, role, outsourced: row.get("outsourced")? })
        };
        rows.iter().map(read).collect()
    }

    /// The people of a shop.
    pub async fn members(&self, shop: &ShopId) -> Result<Vec<MemberRow>, StoreError> {
        let sql = "SELECT p.id, p.name, p.password_hash, p.disabled, p.created_at, m.role, m.outsourced \
                   FROM membership m JOIN principal p ON p.id = m.person WHERE m.shop = $1 ORDER BY p.id";
        let rows = self.read().await?.rows(sql, &[shop.into()]).await?;
        let member = |row: &Row| {
            let (role, outsourced) = (row.word("role", Role::parse)?, row.get("outsourced")?);
            Ok(MemberRow { person: read(row)?, role, outsourced })
        };
        rows.iter().map(member).collect()
    }
}

fn read(row: &Row) -> Result<PrincipalRow, StoreError> {
    Ok(PrincipalRow {
        id: row.id("id")?,
        name: row.get("name")?,
        password_hash: row.get("password_hash")?,
        disabled: row.get("disabled")?,
        created_at: row.at("created_at")?,
    })
}
