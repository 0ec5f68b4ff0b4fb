//! `xiaoer user`, `xiaoer token`: who may use the service.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};

use super::common::{DataOptions, clockwork};
use crate::domain::{DAY, PrincipalId, Role, ShopId};
use crate::server::{hash_password, new_token, token_hash};
use crate::store::{Store, TokenRow};

/// People who sign in at the desk.
#[derive(Args, Debug)]
pub(super) struct User {
    #[command(subcommand)]
    what: UserCommand,
    #[command(flatten)]
    data: DataOptions,
}

#[derive(Subcommand, Debug)]
enum UserCommand {
    /// Add a person to a shop; prints a password that they change at the desk.
    #[command(after_help = "Example:\n  xiaoer user add li --name 小李 --shop demo --role agent")]
    Add {
        /// The name they sign in with.
        id: PrincipalId,
        /// As customers' agents call them.
        #[arg(long)]
        name: Option<String>,
        /// In which shop.
        #[arg(long)]
        shop: ShopId,
        /// agent, lead or manager.
        #[arg(long, default_value = "agent", value_parser = ["agent", "lead", "manager"])]
        role: String,
    },
    /// Give a person a new password.
    Reset {
        /// Who.
        id: PrincipalId,
    },
    /// Lock a person out; their tokens stop working at once.
    Disable {
        /// Who.
        id: PrincipalId,
    },
}

impl User {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let store = self.data.open().await?;
        match self.what {
            UserCommand::Add { id, name, shop, role } => {
                let role = Role::parse(&role).context("role")?;
                let name = name.unwrap_or_else(|| id.to_string());
                if !store.add_principal(&id, &name, clockwork().now()).await? {
                    println!("{id} is known already; the shop is added, the password stays");
                } else {
                    new_password(&store, &id).await?;
                }
                store.set_membership(&id, &shop, role).await?;
                println!("{id} is {} of {shop}", role.key());
            }
            UserCommand::Reset { id } => {
                if store.find_principal(&id).await?.is_none() {
                    bail!("there is nobody called {id}");
                }
                new_password(&store, &id).await?;
            }
            UserCommand::Disable { id } => {
                if !store.disable_principal(&id).await? {
                    bail!("there is nobody called {id}, or they are locked out already");
                }
                println!("{id} is locked out");
            }
        }
        store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// Makes a password, keeps its argon2id hash, prints it once.
async fn new_password(store: &Store, id: &PrincipalId) -> anyhow::Result<()> {
    let password = new_token()?.split_off(3);
    let password = &password[..16];
    let hash = hash_password(password).map_err(|error| anyhow::anyhow!("the password can't be hashed: {error}"))?;
    store.set_password_hash(id, Some(hash)).await?;
    println!("password of {id}, shown once: {password}");
    Ok(())
}

/// Tokens for the API.
#[derive(Args, Debug)]
pub(super) struct Token {
    #[command(subcommand)]
    what: TokenCommand,
    #[command(flatten)]
    data: DataOptions,
}

#[derive(Subcommand, Debug)]
enum TokenCommand {
    /// Make a token; it is shown once.
    #[command(after_help = "Examples:\n  xiaoer token create --shop demo --role service\n  \
                            xiaoer token create --shop demo --role agent --user li --days 30")]
    Create {
        /// For which shop.
        #[arg(long)]
        shop: ShopId,
        /// agent, lead, manager or service.
        #[arg(long, value_parser = ["agent", "lead", "manager", "service"])]
        role: String,
        /// On whose behalf; a service has a name of its own.
        #[arg(long)]
        user: Option<PrincipalId>,
        /// Ends after so many days; without it, it lasts.
        #[arg(long)]
        days: Option<i64>,
    },
    /// Make a token worthless.
    Revoke {
        /// The token itself.
        token: String,
    },
}

impl Token {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let store = self.data.open().await?;
        match self.what {
            TokenCommand::Create { shop, role, user, days } => {
                let role = Role::parse(&role).context("role")?;
                let now = clockwork().now();
                let principal = match user {
                    Some(user) if store.find_principal(&user).await?.is_none() => {
                        bail!("there is nobody called {user}; add them with `xiaoer user add {user} --shop {shop}`")
                    }
                    Some(user) => user,
                    None => {
                        let own = PrincipalId::from(format!("{}:{shop}", role.key()));
                        store.add_principal(&own, own.as_str(), now).await?;
                        own
                    }
                };
                let token = new_token()?;
                let expires_at = days.map(|days| now.plus(days.saturating_mul(DAY)));
                store.create_token(&token_hash(&token), TokenRow { principal, shop, role }, now, expires_at).await?;
                println!("{token}");
            }
            TokenCommand::Revoke { token } => {
                if !store.revoke_token(&token_hash(&token), clockwork().now()).await? {
                    bail!("there is no such token, or it is worthless already");
                }
                println!("the token is worthless now");
            }
        }
        store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
