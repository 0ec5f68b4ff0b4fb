//! Where secrets are read: the environment, files, and the data folder for those we made ourselves.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use crate::playbook::settings::SecretSource;

/// Why a secret can't be had. Never quotes one.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The environment has no such variable.
    #[error("the environment variable {0} is not set")]
    Unset(String),
    /// The file can't be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(getrandom::Error),
}

/// The folder of secrets that were made at the first start.
#[derive(Clone, Debug)]
pub struct Secrets {
    folder: PathBuf,
}

impl Secrets {
    /// Below the data folder.
    #[must_use]
    pub fn below(data: &Path) -> Self {
        Self { folder: data.join("secrets") }
    }

    /// A secret by where it is kept; relative paths lie in the shop's folder.
    ///
    /// # Errors
    /// It can't be had.
    pub fn read(&self, source: &SecretSource, name: &str, shop: &Path) -> Result<String, SecretError> {
        match source {
            SecretSource::Environment(variable) => environment(variable),
            SecretSource::File(path) => {
                let path = shop.join(path);
                let text = fs::read_to_string(&path).map_err(|error| SecretError::File { path, error })?;
                Ok(text.trim().to_owned())
            }
            SecretSource::Generated => self.generated(name),
        }
    }

    /// The secret of this name; made now if there is none yet: `whsec_` and 32 random bytes.
    ///
    /// # Errors
    /// The data folder can't be written.
    pub fn generated(&self, name: &str) -> Result<String, SecretError> {
        let path = self.folder.join(name);
        let failed = |error| SecretError::File { path: path.clone(), error };
        match fs::read_to_string(&path) {
            Ok(text) => return Ok(text.trim().to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes).map_err(SecretError::Random)?;
        let secret = format!("whsec_{}", STANDARD.encode(bytes));
        fs::create_dir_all(&self.folder).map_err(failed)?;
        // Two processes may start at once: the file comes into being whole, and the first one's stays.
        let draft = self.folder.join(format!(".{name}.{}", std::process::id()));
        write_private(&draft, &secret).map_err(failed)?;
        let placed = fs::hard_link(&draft, &path);
        fs::remove_file(&draft).map_err(failed)?;
        match placed {
            Ok(()) => Ok(secret),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Ok(fs::read_to_string(&path).map_err(failed)?.trim().to_owned())
            }
            Err(error) => Err(failed(error)),
        }
    }
}

/// The one place that reads a secret from the environment.
#[allow(clippy::disallowed_methods, reason = "shop.yaml names the variable: `secret: env:NAME`")]
fn environment(variable: &str) -> Result<String, SecretError> {
    std::env::var(variable).map_err(|_| SecretError::Unset(variable.to_owned()))
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_kept_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let data = tempfile::tempdir().unwrap();
        let secrets = Secrets::below(data.path());
        let first = secrets.generated("demo.web").unwrap();
        assert_eq!(first, secrets.generated("demo.web").unwrap());
        assert_ne!(first, secrets.generated("demo.app").unwrap());
        let mode = fs::metadata(data.path().join("secrets/demo.web")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
