//! A PostgreSQL of this test process's own: made in a temporary folder, reached by a socket in it, gone with the
//! process, however that ends. Needs Debian's `postgresql` package, or `initdb` and `postgres` in the path.

use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// `$1` is the folder. The end of standard input is the end of the tests, also when they were killed.
const SCRIPT: &str = r#"
set -e
trap '' INT TERM
bin=$(dirname "$(command -v postgres || ls -d /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)")
as=""
if [ "$(id -u)" = 0 ]; then
    chown postgres "$1"
    as="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
cd "$1"
$as "$bin/initdb" -D "$1/data" -U xiaoer -A trust -E UTF8 --locale=C --no-sync
$as "$bin/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c max_connections=200 &
server=$!
cat > "$1/stdin"
kill -INT $server
wait $server || true
cd /
rm -rf "$1"
"#;

struct Server {
    folder: String,
    _child: Child,
}

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let folder = tempfile::Builder::new().prefix("xiaoer-pg-").tempdir().expect("a temporary folder").keep();
    let log = std::fs::File::create(folder.join("log")).expect("a log");
    let folder = folder.to_str().expect("an UTF-8 path").to_owned();
    let child = Command::new("sh")
        .args(["-c", SCRIPT, "sh", &folder])
        .stdin(Stdio::piped())
        .stdout(log.try_clone().expect("a log"))
        .stderr(log)
        .spawn()
        .expect("sh");
    Server { folder, _child: child }
});

/// The address of a fresh, empty database.
pub async fn database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("shop{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let mut admin = connect().await;
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.expect("a database");
    url(&name)
}

/// Cuts every connection to a database, as a restart of the server would.
pub async fn cut_connections(url: &str) {
    let mut link = PgConnection::connect(url).await.expect("a connection");
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    sqlx::query(cut).execute(&mut link).await.expect("the right to cut");
}

fn url(name: &str) -> String {
    format!("postgres://xiaoer@localhost/{name}?host={}", SERVER.folder)
}

async fn connect() -> PgConnection {
    let started = Instant::now();
    loop {
        match PgConnection::connect(&url("postgres")).await {
            Ok(connection) => return connection,
            Err(_) if started.elapsed() < Duration::from_secs(30) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => {
                let log = std::fs::read_to_string(format!("{}/log", SERVER.folder)).unwrap_or_default();
                panic!("PostgreSQL did not start ({error}):\n{log}");
            }
        }
    }
}
