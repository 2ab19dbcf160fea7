//! List an account's identities at other providers.

use crate::support::{Browser, identities, with_provider};

#[tokio::test(flavor = "multi_thread")]
async fn people_see_their_own_identities_alone() {
    with_provider(async |app, _| {
        let (ada, bob) = (app.listener("ada").await, app.listener("bob").await);
        let browser = Browser::new(app);
        browser.signs_in("ada").await;
        browser.links("one").await.is(303);
        let list = identities(&ada).await;
        assert_eq!(list.len(), 1);
        let identity = &list[0];
        assert_eq!((&identity["provider"], &identity["label"]), (&"one".into(), &"ONE".into()), "{identity}");
        assert_eq!(identity["email"], "ada@example.org");
        assert!(identity["created_at"].is_string() && identity["last_used_at"].is_null(), "{identity}");
        assert!(identity.get("subject").is_none());
        assert!(identities(&bob).await.is_empty());
        app.stranger().get("/me/identities").await.is_problem(401, "unauthenticated");

        Browser::new(app).signs_in_by("one").await.is(303);
        assert!(identities(&ada).await[0]["last_used_at"].is_string());
        app.execute("update accounts.linked_identities set provider = 'gone'").await;
        assert!(identities(&ada).await[0]["label"].is_null());
    })
    .await;
}
