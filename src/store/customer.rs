//! Who a customer is over all channels of a shop: by the channel's id, and by phone and e-mail where the platform
//! vouches for them. Two who turn out to be one are merged, which is an event.

use super::error::StoreError;
use super::event::{self, Place};
use super::link::Link;
use crate::domain::{Address, At, Customer, CustomerId, Happening, ShopId};

/// Somebody who writes.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    pub(super) shop: &'a ShopId,
    pub(super) address: &'a Address,
    pub(super) said: &'a Customer,
    pub(super) at: At,
}

/// What the platform's new word makes of the old one. A word that is vouched for doesn't carry an unproven phone along.
pub(super) fn known_as(old: &Customer, new: &Customer) -> Customer {
    if old.verified != new.verified {
        return new.clone();
    }
    Customer {
        id: new.id.clone().or_else(|| old.id.clone()),
        name: new.name.clone().or_else(|| old.name.clone()),
        phone: new.phone.clone().or_else(|| old.phone.clone()),
        email: new.email.clone().or_else(|| old.email.clone()),
        verified: new.verified,
    }
}

impl Writer<'_> {
    fn identities(&self) -> Vec<(String, String)> {
        let mut identities = vec![(format!("id:{}", self.address.channel), self.address.customer.to_string())];
        if self.said.verified {
            let digits = self.said.phone.iter().map(|phone| phone.chars().filter(char::is_ascii_digit).collect());
            identities.extend(digits.filter(|d: &String| !d.is_empty()).map(|digits| ("phone".to_owned(), digits)));
            let emails = self.said.email.iter().map(|email| email.trim().to_lowercase());
            identities.extend(emails.filter(|email| !email.is_empty()).map(|email| ("email".to_owned(), email)));
        }
        identities
    }

    /// The customer this is; `fresh` is taken if nobody is known. Writes the profile and what identifies them.
    pub(super) async fn resolve(&self, link: &mut Link, fresh: &CustomerId) -> Result<CustomerId, StoreError> {
        let identities = self.identities();
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for (kind, value) in &identities {
            match self.identified(link, kind, value).await? {
                Some(customer) if known.contains(&customer) => {}
                Some(customer) => known.push(customer),
                None => unknown.push((kind, value)),
            }
        }
        let mut known = known.into_iter();
        let customer = match known.next() {
            Some(customer) => {
                self.write_profile(link, &customer).await?;
                customer
            }
            None => {
                self.insert(link, fresh).await?;
                fresh.clone()
            }
        };
        for other in known {
            self.merge(link, &other, &customer).await?;
        }
        for (kind, value) in unknown {
            let sql =
                "INSERT INTO identity (shop, kind, value, customer) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
            let values = [self.shop.into(), kind.into(), value.into(), (&customer).into()];
            if link.execute(sql, &values).await? == 0 {
                // Another node met the same customer at the same moment; the first one stays.
                return Ok(self.identified(link, kind, value).await?.unwrap_or(customer));
            }
        }
        Ok(customer)
    }

    async fn identified(&self, link: &mut Link, kind: &str, value: &str) -> Result<Option<CustomerId>, StoreError> {
        let sql = "SELECT customer FROM identity WHERE shop = $1 AND kind = $2 AND value = $3";
        link.row(sql, &[self.shop.into(), kind.into(), value.into()]).await?.map(|row| row.id("customer")).transpose()
    }

    async fn insert(&self, link: &mut Link, id: &CustomerId) -> Result<(), StoreError> {
        let sql = "INSERT INTO customer (shop, id, name, phone, email, verified, created_at, updated_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING";
        self.write_with(link, id, sql).await
    }

    async fn write_profile(&self, link: &mut Link, id: &CustomerId) -> Result<(), StoreError> {
        let sql = "UPDATE customer SET name = COALESCE($3, name), phone = COALESCE($4, phone), \
                   email = COALESCE($5, email), verified = $6, updated_at = $7 WHERE shop = $1 AND id = $2";
        self.write_with(link, id, sql).await
    }

    /// $1 to $7: shop, id, name, phone, e-mail, verified, when.
    async fn write_with(&self, link: &mut Link, id: &CustomerId, sql: &'static str) -> Result<(), StoreError> {
        let said = &self.said;
        let (name, phone, email) = (said.name.as_deref(), said.phone.as_deref(), said.email.as_deref());
        let values = [
            self.shop.into(),
            id.into(),
            name.into(),
            phone.into(),
            email.into(),
            said.verified.into(),
            self.at.into(),
        ];
        link.execute(sql, &values).await?;
        Ok(())
    }

    async fn merge(&self, link: &mut Link, from: &CustomerId, into: &CustomerId) -> Result<(), StoreError> {
        let values = [self.shop.into(), from.into(), into.into()];
        link.execute("UPDATE conversation SET customer = $3 WHERE shop = $1 AND customer = $2", &values).await?;
        link.execute("UPDATE identity SET customer = $3 WHERE shop = $1 AND customer = $2", &values).await?;
        let place = Place { shop: self.shop, conversation: None, episode: None };
        event::note(link, place, self.at, Happening::Merged { from: from.clone(), into: into.clone() }).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unproven_phone_never_becomes_a_proven_one() {
        let told = Customer { phone: Some("13800000000".into()), name: Some("小王".into()), ..Customer::default() };
        let vouched = Customer { id: Some("u-1".into()), verified: true, ..Customer::default() };
        assert_eq!(known_as(&told, &vouched), vouched);
        assert_eq!(known_as(&vouched, &told), told);
        let later = Customer { email: Some("w@x.cn".into()), ..Customer::default() };
        let both = known_as(&told, &later);
        assert_eq!((both.phone, both.email), (told.phone, later.email));
    }
}
