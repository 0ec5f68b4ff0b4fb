//! What a simulation needs before it can begin: the service, the shop's channel with its secret, and a token.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Context as _, bail};
use reqwest::Url;
use serde_json::Value;

use super::Simulate;
use super::service::plain_client;
use crate::channels::{Secrets as Signing, SigningSecret};
use crate::cli::common::clockwork;
use crate::domain::{ChannelName, DAY, PrincipalId, Role, ShopId};
use crate::playbook::settings::SecretSource;
use crate::server::{new_token, token_hash};
use crate::shops::{self, Secrets};
use crate::store::TokenRow;

/// On whose behalf conversations are released, taken and answered.
const WHO: &str = "simulate";

/// Everything that was opened.
pub(super) struct Access {
    pub(super) base: String,
    pub(super) shop: ShopId,
    pub(super) channel: ChannelName,
    pub(super) secrets: Signing,
    pub(super) token: String,
    /// Where to listen for replies; `None`: the API is asked instead.
    pub(super) receive: Option<SocketAddr>,
}

impl Access {
    /// Finds the service, the channel and its secret, and makes a token for a day.
    pub(super) async fn open(options: &Simulate) -> anyhow::Result<Self> {
        let folders = options.shops.folders()?;
        let [(shop, folder)] = &folders[..] else {
            let names: Vec<&str> = folders.iter().map(|(id, _)| id.as_str()).collect();
            bail!("which shop? name one with --shop: {}", names.join(", "));
        };
        let loaded = shops::load_playbook(shop, folder).with_context(|| folder.display().to_string())?;
        let playbook = loaded.playbook.with_context(|| format!("{shop} has mistakes; see `xiaoer check`"))?;
        let standard = playbook.settings.channels.iter().find(|(_, channel)| channel.kind == "standard");
        let (channel, settings) = standard.with_context(|| {
            format!("{shop} has no channel of kind `standard`; add one to {}", folder.join("shop.yaml").display())
        })?;
        let base = options.url.trim_end_matches('/').to_owned();
        is_served(&base, shop).await?;
        if options.data.database.is_none() && !options.data.data.join("xiaoer.db").is_file() {
            bail!("there are no data in {}; name the --data or --database of the service", options.data.data.display());
        }
        let source = settings.secret.as_ref().unwrap_or(&SecretSource::Generated);
        let secret = Secrets::below(&options.data.data).read(source, &format!("{shop}.{channel}"), folder)?;
        let secrets = secret.split_whitespace().map(SigningSecret::parse).collect::<Result<Vec<_>, _>>()?;
        let receive = options.receive.or_else(|| settings.send_to.url().and_then(loopback));
        let token = make_token(options, shop).await?;
        Ok(Self { base, shop: shop.clone(), channel: channel.clone(), secrets: Signing::new(secrets)?, token, receive })
    }

    /// Makes the token worthless.
    pub(super) async fn revoke(&self, options: &Simulate) -> anyhow::Result<()> {
        let store = options.data.open().await?;
        store.revoke_token(&token_hash(&self.token), clockwork().now()).await?;
        store.close().await;
        Ok(())
    }
}

async fn is_served(base: &str, shop: &ShopId) -> anyhow::Result<()> {
    let answer = plain_client()?.get(format!("{base}/readyz")).send().await;
    let answer = answer.with_context(|| format!("no service answers at {base}; start one with `xiaoer serve`"))?;
    let ready: Value = answer.json().await.with_context(|| format!("{base} does not answer as Xiaoer does"))?;
    if ready["shops"].get(shop.as_str()).is_none() {
        bail!("the service at {base} does not serve {shop}; was it started with the same --shops?");
    }
    Ok(())
}

async fn make_token(options: &Simulate, shop: &ShopId) -> anyhow::Result<String> {
    let (token, now) = (new_token()?, clockwork().now());
    let who = PrincipalId::from(WHO);
    let store = options.data.open().await?;
    store.add_principal(&who, WHO, now).await?;
    let row = TokenRow { principal: who, shop: shop.clone(), role: Role::Agent };
    store.create_token(&token_hash(&token), row, now, Some(now.plus(DAY))).await?;
    store.close().await;
    Ok(token)
}

/// The address of `send_url`, if it is one of this machine.
fn loopback(send_url: &str) -> Option<SocketAddr> {
    let url = Url::parse(send_url).ok()?;
    let host = url.host_str()?.trim_matches(['[', ']']);
    let ip = if host == "localhost" { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { host.parse().ok()? };
    ip.is_loopback().then_some(SocketAddr::new(ip, url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_this_machine_is_listened_on() {
        for (url, address) in [
            ("http://127.0.0.1:8799/replies", Some("127.0.0.1:8799")),
            ("http://localhost/replies", Some("127.0.0.1:80")),
            ("http://[::1]:9/", Some("[::1]:9")),
            ("https://example.com/replies", None),
            ("http://10.0.0.7:8799/", None),
        ] {
            assert_eq!(loopback(url).map(|address| address.to_string()).as_deref(), address, "{url}");
        }
    }
}
