//! Connections: each begins where music is answered directly, and is lent to the app for anything else.

use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol};
use actix_service::{IntoServiceFactory, map_config};
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, Server, Service, ServiceFactory, ServiceResponse, fn_factory, fn_service};
use actix_web::rt::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::platform::http::direct::{Answering, Direct, Lent};

/// A client that hangs up slowly is not waited for.
const DISCONNECT: Duration = Duration::from_secs(1);

/// What the app is given.
type Given = (Lent, Protocol, Option<SocketAddr>);

/// How long connections live.
#[derive(Clone, Copy)]
pub(super) struct Lifetimes {
    /// One on which nobody asks for anything.
    pub(super) kept_open: Duration,
    /// One that is still busy when the server is told to stop.
    pub(super) grace: Duration,
}

/// A server whose connections end when `ending` says so, as soon as nothing is under way on them.
pub(super) fn server<F, I, S, B, A>(
    listener: TcpListener,
    app: F,
    direct: impl Fn() -> Direct<A> + Clone + Send + 'static,
    ending: &CancellationToken,
    lifetimes: Lifetimes,
) -> std::io::Result<Server>
where
    F: Fn() -> I + Clone + Send + 'static,
    I: IntoServiceFactory<S, actix_http::Request>,
    S: ServiceFactory<actix_http::Request, Config = AppConfig, Response = ServiceResponse<B>, Error = actix_web::Error>
        + 'static,
    S::InitError: std::fmt::Debug,
    B: MessageBody + 'static,
    A: Answering + 'static,
{
    let ending = ending.clone();
    let service = move || {
        let (app, direct, ending) = (app.clone(), direct.clone(), ending.clone());
        fn_factory(move || {
            let direct = Rc::new(direct());
            let http = http(app(), ending.clone(), lifetimes.kept_open).new_service(());
            async move {
                let http = Rc::new(http.await?);
                Ok::<_, ()>(fn_service(move |connection: TcpStream| {
                    let (direct, http) = (Rc::clone(&direct), Rc::clone(&http));
                    async move {
                        let app = async |lent: Lent| {
                            let peer = lent.peer();
                            http.call((lent, Protocol::Http1, peer)).await
                        };
                        direct.serve(connection, app).await
                    }
                }))
            }
        })
    };
    let address = listener.local_addr()?;
    let server = Server::build().shutdown_timeout(lifetimes.grace.as_secs()).disable_signals();
    Ok(server.listen(format!("http {address}"), listener, service)?.run())
}

/// The app, speaking HTTP/1.1 over connections.
fn http<I, S, B>(
    app: I,
    ending: CancellationToken,
    kept_open: Duration,
) -> impl ServiceFactory<Given, Config = (), Response = (), Error = DispatchError, InitError = ()>
where
    I: IntoServiceFactory<S, actix_http::Request>,
    S: ServiceFactory<actix_http::Request, Config = AppConfig, Response = ServiceResponse<B>, Error = actix_web::Error>
        + 'static,
    S::InitError: std::fmt::Debug,
    B: MessageBody + 'static,
{
    let ended = move || {
        let ending = ending.clone();
        async move { ending.cancelled().await }
    };
    // Nobody asks for the server's own name: links are made of the configured address or of the request's host.
    let app = map_config(app.into_factory(), |()| AppConfig::default());
    let service = HttpService::build().keep_alive(kept_open).client_disconnect_timeout(DISCONNECT);
    let service = service.on_connect_ext(Lent::introduce);
    service.graceful_shutdown_signal(ended).finish(app)
}
