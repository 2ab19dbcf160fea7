//! The API's document, and the page that shows it.

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_document_may_write_styles_and_no_other_may() {
    with_app(async |app| {
        let stranger = app.stranger();
        let document = stranger.get("/api/openapi.json").await.is(200);
        assert!(document.json()["paths"]["/api/v1/artists"].is_object());
        // Without the slash one is sent to it.
        let page = stranger.get("/api/docs").await.is(200);
        assert!(page.text().contains("swagger-ui"));
        let allows_styles = |csp: &str| csp.contains("style-src 'self' 'unsafe-inline';");
        assert!(allows_styles(page.header("content-security-policy")));
        for path in ["/api/openapi.json", "/api/docsx", "/artists", "/healthz"] {
            let policy = stranger.get(path).await.header("content-security-policy").to_owned();
            assert!(policy.contains("style-src 'self';") && policy.contains("script-src 'self';"), "{path}: {policy}");
        }
    })
    .await;
}
