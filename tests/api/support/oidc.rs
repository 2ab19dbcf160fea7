//! Another provider: a real server of OpenID Connect, which can be told to cheat, and a browser that goes there and back.

mod provider;
mod signing;

use reqwest::Client;
use reqwest::header::{ACCEPT, LOCATION, ORIGIN};
use serde_json::{Value, json};

use super::{Answer, App, Person, Site, cast, with_settings};
pub(crate) use provider::{Claims, Provider, Trick};

/// Runs a test against a server that knows one provider by the name of `one`.
pub(crate) async fn with_provider(test: impl AsyncFnOnce(&App, &Provider)) {
    with_provider_and(&[], test).await;
}

/// The same with other settings than usual.
pub(crate) async fn with_provider_and(settings: &[(&'static str, &str)], test: impl AsyncFnOnce(&App, &Provider)) {
    let provider = Provider::start().await;
    let list = json!([provider.setting("one")]).to_string();
    let settings: Vec<_> = settings.iter().copied().chain([("oidc", list.as_str())]).collect();
    with_settings(&settings, async |app| test(app, &provider).await).await;
    provider.stop().await;
}

/// A browser: it keeps cookies, and follows no redirect unless it is told to.
pub(crate) struct Browser<'a> {
    site: &'a Site,
    http: Client,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(app: &'a App) -> Self {
        let http = cast::client().cookie_store(true).redirect(reqwest::redirect::Policy::none());
        Self { site: &app.site, http: http.build().expect("a client") }
    }

    /// The address behind a path of the API, or a whole address.
    fn address(&self, url: &str) -> String {
        if url.starts_with("http") { url.to_owned() } else { self.site.url(url) }
    }

    /// Opens an address as a program does: what goes wrong is a problem.
    pub(crate) async fn opens(&self, url: &str) -> Answer {
        Answer::of(self.http.get(self.address(url)).send().await.expect("an answer")).await
    }

    /// Opens an address as people do: what goes wrong is a page.
    pub(crate) async fn visits(&self, url: &str) -> Answer {
        let page = self.http.get(self.address(url)).header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
        Answer::of(page.send().await.expect("an answer")).await
    }

    /// Goes to a provider and signs in there; the answer is the address that it is sent back to.
    pub(crate) async fn goes_to(&self, provider: &str, query: &str) -> String {
        let begun = self.opens(&format!("/oidc/{provider}/authorization{query}")).await.is(303);
        self.comes_from(begun.header(LOCATION.as_str())).await
    }

    /// Signs in at a provider, whose address is known; the answer is the address that it is sent back to.
    pub(crate) async fn comes_from(&self, authorization: &str) -> String {
        let there = self.http.get(authorization).send().await.expect("an answer");
        Answer::of(there).await.is(303).header(LOCATION.as_str()).to_owned()
    }

    /// The whole way; the answer is the server's to the return.
    pub(crate) async fn signs_in_by(&self, provider: &str) -> Answer {
        let back = self.goes_to(provider, "").await;
        self.opens(&back).await
    }

    /// Whose session is open in it.
    pub(crate) async fn me(&self) -> Value {
        self.opens("/me").await.is(200).json()
    }

    /// Sends something from one of the server's own pages.
    pub(crate) async fn posts(&self, path: &str, body: Value) -> Answer {
        let request = self.http.post(self.site.url(path)).header(ORIGIN, &self.site.base).json(&body);
        Answer::of(request.send().await.expect("an answer")).await
    }

    /// Deletes something from one of the server's own pages.
    pub(crate) async fn deletes(&self, path: &str) -> Answer {
        let request = self.http.delete(self.site.url(path)).header(ORIGIN, &self.site.base);
        Answer::of(request.send().await.expect("an answer")).await
    }

    /// Signs in with a password.
    pub(crate) async fn signs_in(&self, handle: &str) {
        let credentials = json!({ "login": handle, "password": super::password(handle), "cookie": true });
        self.posts("/session", credentials).await.is(201);
    }

    /// Links an identity to the account whose session is open in it; the answer is the server's to the return.
    pub(crate) async fn links(&self, provider: &str) -> Answer {
        let begun = self.posts(&format!("/me/identities/{provider}"), json!({ "next": "/account" })).await.is(200);
        let back = self.comes_from(begun.json()["url"].as_str().expect("an address")).await;
        self.opens(&back).await
    }
}

/// A person's identities, as they see them.
pub(crate) async fn identities(person: &Person<'_>) -> Vec<Value> {
    let list = person.get("/me/identities").await.is(200).json();
    list["items"].as_array().expect("a list").clone()
}
