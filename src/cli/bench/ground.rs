//! A shop of its own in a temporary folder, served by a process of its own, for as long as something is measured.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tokio::process::Child;

use super::webhook::{path, start};

/// The secret of the shop's channel.
pub(super) const SECRET: &str = "whsec_eGlhb2VyLWJlbmNoLXhpYW9lci1iZW5jaC14aWFvZXI=";

/// The folder of one measurement; gone with this value.
pub(super) struct Ground {
    folder: PathBuf,
}

impl Ground {
    /// With a shop `bench` of these settings.
    pub(super) fn new(settings: &str) -> anyhow::Result<Self> {
        let ground = Self { folder: std::env::temp_dir().join(format!("xiaoer-bench-{}", std::process::id())) };
        let shop = ground.shop();
        std::fs::create_dir_all(&shop)?;
        std::fs::write(shop.join("shop.yaml"), settings)?;
        std::fs::write(shop.join("secret"), SECRET)?;
        Ok(ground)
    }

    /// The shop's own folder.
    pub(super) fn shop(&self) -> PathBuf {
        self.folder.join("shops/bench")
    }

    /// Where the service keeps its data.
    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Serves it, over SQLite in the folder or over the database named. It ends with the first value.
    pub(super) async fn serve(&self, database: Option<&str>) -> anyhow::Result<(Child, SocketAddr)> {
        let (shops, data): (PathBuf, PathBuf) = (self.folder.join("shops"), self.data());
        let (shops, data): (&Path, &Path) = (&shops, &data);
        let mut serve = vec!["serve", "--listen", "127.0.0.1:0", "--shops", path(shops)?, "--data", path(data)?];
        if let Some(database) = database {
            serve.extend(["--database", database]);
        }
        start(&serve).await
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
