//! The HTTP under S3: our own client, with rustls and ring like everything else here.

use std::time::Duration;

use futures_util::future::BoxFuture;
use http_body_util::BodyExt;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};
use reqwest::redirect::Policy;
use reqwest::{Body, Client, Request};

/// How long a connection may take to come about.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// How long the other side may be silent, while it takes a part (8 MiB) or sends an object.
const SILENCE: Duration = Duration::from_secs(60);

/// Makes the client, whatever object_store's own options say.
#[derive(Debug)]
pub(super) struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        // The client takes what the process has; whoever comes first wins, and everybody here brings ring.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("Legato/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT_PATIENCE)
            .read_timeout(SILENCE)
            .build();
        let client = client.map_err(|cause| object_store::Error::Generic { store: "S3", source: Box::new(cause) })?;
        Ok(HttpClient::new(Ours(client)))
    }
}

#[derive(Debug)]
struct Ours(Client);

impl HttpService for Ours {
    // As the macro async_trait writes it.
    fn call<'own, 'future>(&'own self, request: HttpRequest) -> BoxFuture<'future, Result<HttpResponse, HttpError>>
    where
        'own: 'future,
        Self: 'future,
    {
        Box::pin(send(&self.0, request))
    }
}

async fn send(client: &Client, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let (head, body) = request.into_parts();
    let url = head.uri.to_string().parse::<url::Url>();
    let url = url.map_err(|cause| HttpError::new(HttpErrorKind::Unknown, cause))?;
    let mut request = Request::new(head.method, url);
    *request.headers_mut() = head.headers;
    *request.body_mut() = Some(Body::wrap(body));
    let mut response = client.execute(request).await.map_err(failure)?;
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let body = Body::from(response).map_err(failure);
    let mut answer = HttpResponse::new(HttpResponseBody::new(body));
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Ok(answer)
}

/// Every request that this store sends may be sent twice: objects are named by their content. So whatever broke on the way
/// is tried again. The address is left out: it may be signed.
fn failure(cause: reqwest::Error) -> HttpError {
    let kind = if cause.is_connect() {
        HttpErrorKind::Connect
    } else if cause.is_builder() {
        HttpErrorKind::Unknown
    } else {
        HttpErrorKind::Request
    };
    HttpError::new(kind, cause.without_url())
}
