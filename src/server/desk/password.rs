//! Passwords: argon2id, a few at a time, off the threads that answer customers; and the one-time links that set them.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use tokio::sync::Semaphore;

use super::super::access::{new_token, token_hash};
use crate::domain::{At, DAY, PrincipalId};
use crate::store::{Store, StoreError};

/// One hash takes 19 MiB and some 20 ms of a core: a crowd that signs in at nine must not hold up the chats.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Compared with where there is no such person, so that it takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm8$LmVYqxsP3VbMPvWGQHe8vT4QxUeXJzQnMvnPWQb0tiI";
/// Fewer characters can be guessed.
const SHORTEST: usize = 10;
/// A longer one only costs time.
const LONGEST: usize = 200;
/// How long a one-time link is good for.
const LINK_LIFE: i64 = 3 * DAY;

/// Why no link could be made.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    /// The store did not keep it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gave no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
}

/// A password's argon2id hash (RFC 9106; m = 19 MiB, t = 2, p = 1).
///
/// # Errors
/// The hash could not be made; the text says why.
pub fn hash_password(password: &str) -> Result<String, String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| error.to_string())
}

/// The same, off the threads that serve.
pub(super) async fn hashed(password: String) -> Result<String, String> {
    let _slot = AT_ONCE.acquire().await.map_err(|error| error.to_string())?;
    let hashing = tokio::task::spawn_blocking(move || hash_password(&password)).await;
    hashing.map_err(|error| error.to_string())?
}

/// Whether the password is the one of this hash. Without a hash it takes as long and is not.
pub(super) async fn is_right(password: String, hash: Option<String>) -> bool {
    let Ok(_slot) = AT_ONCE.acquire().await else { return false };
    let is_somebody = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    let comparing = tokio::task::spawn_blocking(move || {
        let Ok(hash) = PasswordHash::new(&hash) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
    });
    comparing.await.unwrap_or(false) && is_somebody
}

/// What is wrong with a new password, if anything.
pub(super) fn weakness(password: &str, id: &str) -> Option<&'static str> {
    let length = password.chars().count();
    let folded = password.to_lowercase();
    let distinct: std::collections::BTreeSet<char> = folded.chars().collect();
    let common = ["password", "12345", "qwerty", "xiaoer", "abcde", "11111", "88888"];
    let rest = common.iter().fold(folded.clone(), |rest, word| rest.replace(word, ""));
    if length < SHORTEST {
        return Some("a password has at least 10 characters");
    }
    if length > LONGEST {
        return Some("a password has at most 200 characters");
    }
    let is_name = !id.is_empty() && folded.contains(&id.to_lowercase()) && rest.chars().count() < SHORTEST + id.len();
    if is_name || distinct.len() < 5 || rest.chars().count() < 5 {
        return Some("this password is too easy to guess");
    }
    None
}

/// Makes a one-time link's token: for somebody who is to set a password, or (`None`) for the first manager.
///
/// # Errors
/// [`InvitationError`]
pub async fn invite(store: &Store, principal: Option<&PrincipalId>, now: At) -> Result<String, InvitationError> {
    let token = new_token()?;
    store.create_invitation(&token_hash(&token), principal, now, now.plus(LINK_LIFE)).await?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_easy_to_guess_is_refused() {
        for (password, good) in [
            ("kort", false),
            ("aaaaaaaaaaaa", false),
            ("password12345", false),
            ("xiao-li-2026", false),
            ("correct horse battery", true),
            ("蓝天白云大海高山流水", true),
            ("t7-Kq9-mw2-Pz", true),
        ] {
            assert_eq!(weakness(password, "xiao-li").is_none(), good, "{password}");
        }
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let hash = hashed("correct horse battery".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(is_right("correct horse battery".to_owned(), Some(hash.clone())).await);
        assert!(!is_right("correct horse batterz".to_owned(), Some(hash)).await);
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(!is_right("nobody".to_owned(), None).await);
    }
}
