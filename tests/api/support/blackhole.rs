//! A way to PostgreSQL that can swallow all that is sent, as a broken network does.

use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional, sink};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio_postgres::config::Host;

/// Stands between a server and its database.
pub(crate) struct Blackhole {
    pub(crate) url: String,
    swallows: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Blackhole {
    #[expect(clippy::disallowed_methods, reason = "a way of the test's")]
    pub(crate) async fn before(database_url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let config: tokio_postgres::Config = database_url.parse().expect("a URL");
        let (user, name) = (config.get_user().unwrap_or("legato"), config.get_dbname().expect("a database"));
        let password = config.get_password().map(|word| format!(":{}", String::from_utf8_lossy(word)));
        let url = format!("postgres://{user}{}@127.0.0.1:{port}/{name}", password.unwrap_or_default());
        let (swallows, _) = watch::channel(false);
        let task = tokio::spawn(serve(listener, config, swallows.clone()));
        Self { url, swallows, task }
    }

    /// Nothing goes through from now on, and nobody is told.
    pub(crate) fn swallows(&self) {
        self.swallows.send_replace(true);
    }

    /// New connections go through again; what was under way is lost.
    pub(crate) fn lets_through(&self) {
        self.swallows.send_replace(false);
    }
}

impl Drop for Blackhole {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[expect(clippy::disallowed_methods, reason = "a way of the test's")]
async fn serve(listener: TcpListener, database: tokio_postgres::Config, swallows: watch::Sender<bool>) {
    loop {
        let (client, _) = listener.accept().await.expect("a connection");
        let (host, port) = (database.get_hosts()[0].clone(), database.get_ports().first().copied().unwrap_or(5432));
        let swallows = swallows.subscribe();
        tokio::spawn(async move {
            match host {
                Host::Unix(folder) => {
                    let server = UnixStream::connect(folder.join(format!(".s.PGSQL.{port}"))).await;
                    pass(client, server.expect("PostgreSQL"), swallows).await;
                }
                Host::Tcp(name) => {
                    pass(client, TcpStream::connect((name, port)).await.expect("PostgreSQL"), swallows).await;
                }
            }
        });
    }
}

async fn pass<S: AsyncRead + AsyncWrite + Unpin>(
    mut client: TcpStream,
    mut server: S,
    mut swallows: watch::Receiver<bool>,
) {
    let swallowed = tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => false,
        swallows = swallows.wait_for(|swallows| *swallows) => swallows.is_ok(),
    };
    if swallowed {
        // PostgreSQL hears nothing of it either: its end stays open.
        let _ = tokio::io::copy(&mut client, &mut sink()).await;
    }
}
