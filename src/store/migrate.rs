//! Numbered migrations, applied in one transaction each under a lock that holds other nodes back.

use super::error::StoreError;
use super::link::Link;

/// Number, name, text. Only ever added to.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "0001_first", include_str!("migrations/0001_first.sql")),
    (2, "0002_playbook_moves", include_str!("migrations/0002_playbook_moves.sql")),
    (3, "0003_desk", include_str!("migrations/0003_desk.sql")),
    (4, "0004_report", include_str!("migrations/0004_report.sql")),
];

const VERSIONS: &str = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)";

/// The names of the migrations that this database hasn't had, in order.
pub(super) async fn missing(link: &mut Link) -> Result<Vec<&'static str>, StoreError> {
    let done = version(link).await?;
    Ok(MIGRATIONS.iter().filter(|(number, ..)| *number > done).map(|(_, name, _)| *name).collect())
}

/// The names of all migrations, for a database that isn't there yet.
pub(super) fn all() -> Vec<&'static str> {
    MIGRATIONS.iter().map(|(_, name, _)| *name).collect()
}

/// Brings the database up to date.
pub(super) async fn apply(link: &mut Link) -> Result<(), StoreError> {
    link.script(link.dialect().begin()).await?;
    let outcome = apply_missing(link).await;
    link.script(if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    outcome
}

async fn apply_missing(link: &mut Link) -> Result<(), StoreError> {
    link.rows(link.dialect().lock_migrations(), &[]).await?;
    link.script(VERSIONS).await?;
    let done = version(link).await?;
    for (number, _, text) in MIGRATIONS.iter().filter(|(number, ..)| *number > done) {
        link.script(text).await?;
        link.execute("INSERT INTO schema_version (version) VALUES ($1)", &[(*number).into()]).await?;
    }
    Ok(())
}

/// The last migration this database had; 0 for an empty one. A database of a newer program is refused.
async fn version(link: &mut Link) -> Result<i64, StoreError> {
    if link.row(link.dialect().has_table(), &["schema_version".into()]).await?.is_none() {
        return Ok(0);
    }
    let row = link.row("SELECT COALESCE(MAX(version), 0) AS version FROM schema_version", &[]).await?;
    let version: i64 = row.map_or(Ok(0), |row| row.get("version"))?;
    let newest = MIGRATIONS.last().map_or(0, |(number, ..)| *number);
    if version > newest {
        return Err(StoreError::Refused(format!(
            "the database is at version {version}, this program knows {newest}: run the newer program"
        )));
    }
    Ok(version)
}
