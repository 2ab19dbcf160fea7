//! Letters: to whom, in which words, and what they leave behind.

use serde_json::{Value, json};

use crate::support::{App, kept, password, send, with_app, with_settings};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn signs_in_with(app: &App, agent: &str) {
    let credentials = json!({ "login": "ada", "password": password("ada") });
    let request = app.stranger().request(reqwest::Method::POST, "/session").header("user-agent", agent);
    send(request.json(&credentials)).await.is(201);
}

/// A letter that no route of this test's own sends.
async fn enqueue(app: &App, letter: Value) {
    let statement = format!(
        "insert into platform.jobs (id, queue, kind, payload, max_attempts)
         select gen_random_uuid(), 'mail', 'accounts.send_letter', '{letter}'::jsonb || jsonb_build_object('account', id), 3
         from accounts.accounts where handle = 'ada'"
    );
    app.execute(&statement).await;
    app.settle().await;
}

/// A code that nobody knows yet, as a change of address lays it down for its letters.
async fn lay(app: &App, purpose: &str, email: &str) {
    let statement = format!(
        "insert into accounts.letter_codes (code_hash, account_id, purpose, email, expires_at)
         select sha256('{purpose}'), id, '{purpose}', '{email}', now() + interval '1 day' from accounts.accounts"
    );
    app.execute(&statement).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_speaks_the_language_of_the_account() {
    with_settings(&[("public_url", "https://music.example")], async |app| {
        let new =
            json!({ "handle": "clara", "email": "clara@example.org", "password": "kinderszenen", "language": "de" });
        app.stranger().post("/accounts", new).await.is(201);
        let letter = app.letter_to("clara@example.org", "Ist das deine Adresse?").await;
        assert!(letter.text.starts_with("Hallo clara,\n\nam "), "{}", letter.text);
        assert!(letter.text.contains(" Uhr UTC wurde diese Adresse"), "{}", letter.text);
        assert!(
            letter.html.contains("<html lang=\"de\">") && letter.html.contains("Adresse bestätigen</a>"),
            "{}",
            letter.html
        );
        assert_eq!(letter.link().0, "https://music.example/confirm-email");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_hears_of_a_sign_in_from_a_new_device() {
    with_app(async |app| {
        app.listener("ada").await;
        app.execute("update accounts.accounts set time_zone = 'Asia/Tokyo'").await;
        signs_in_with(app, FIREFOX).await;
        let letter = app.letter_to("ada@example.org", "A new device has signed in").await;
        for fact in ["Device: Firefox (Linux)", "Network address: 127.0.0.1", " JST\n"] {
            assert!(letter.text.contains(fact), "{}", letter.text);
        }
        signs_in_with(app, FIREFOX).await;
        app.settle().await;
        let letters = app.letters_to("ada@example.org");
        assert_eq!(letters.iter().filter(|letter| letter.subject().contains("new device")).count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_at_once_is_told_of_all_the_same() {
    with_app(async |app| {
        app.listener("ada").await;
        enqueue(app, json!({ "letter": "new_device", "session": "01890000-0000-7000-8000-000000000000" })).await;
        let letter = app.letter_to("ada@example.org", "A new device has signed in").await;
        assert!(letter.text.contains("Device: unknown\nNetwork address: unknown"), "{}", letter.text);
    })
    .await;
}

/// Security case I9.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_no_header_and_no_markup() {
    with_app(async |app| {
        app.listener("ada").await;
        let name = "Ada'\r\n'Bcc: all@evil'\r\n\r\n'<script>x</script>";
        app.execute(&format!("update accounts.accounts set display_name = E'{}'", name.replace('\'', "''"))).await;
        app.stranger().post("/password-resets", json!({ "login": "ada" })).await.is(202);
        let letter = app.letter_to("ada@example.org", "Choose a new password").await;
        assert!(letter.text.starts_with("Hello ada,"), "a name that holds an address is left out: {}", letter.text);
        assert!(!letter.headers.contains_key("bcc") && !letter.raw.contains("evil"), "{}", letter.raw);

        app.execute("update accounts.accounts set display_name = E'Ada\\r\\n<script>x'").await;
        app.stranger().post("/password-resets", json!({ "login": "ada" })).await.is(202);
        app.settle().await;
        let letter = app.letter_to("ada@example.org", "Choose a new password").await;
        assert!(letter.text.starts_with("Hello Ada <script>x,"), "{}", letter.text);
        assert!(letter.html.contains("Ada &lt;script&gt;x,") && !letter.html.contains("<script"), "{}", letter.html);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_registers_a_known_address_learns_nothing_and_its_owner_all() {
    with_settings(&[("email_confirmation", "true")], async |app| {
        let new =
            |handle: &str| json!({ "handle": handle, "email": "ada@example.org", "password": "analytical engine" });
        app.stranger().post("/accounts", new("ada")).await.is(202);
        let welcome = app.letter_to("ada@example.org", "Welcome").await;
        assert!(welcome.link().0.ends_with("/confirm-registration"), "{}", welcome.text);
        app.stranger().put(&format!("/registrations/{}", welcome.code()), json!({})).await.is(201);

        let answer = app.stranger().post("/accounts", new("bob")).await.is(202);
        assert_eq!(answer.text(), "");
        let told = app.letter_to("ada@example.org", "You already have an account").await;
        assert!(told.text.contains("yours, ada") && !told.text.contains("bob"), "{}", told.text);
        assert_eq!(told.code(), "", "it opens nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_so_any_more_is_not_told() {
    with_app(async |app| {
        app.listener("ada").await;
        app.settle().await;
        let before = kept(app.data()).len();
        for letter in ["suspended", "account_closing"] {
            enqueue(app, json!({ "letter": letter })).await;
        }
        enqueue(app, json!({ "letter": "email_changed", "old": "old@example.org" })).await;
        enqueue(app, json!({ "letter": "export_ready", "export": "01890000-0000-7000-8000-000000000000" })).await;
        assert_eq!(kept(app.data()).len(), before);

        app.execute("update accounts.accounts set suspended_at = now(), suspension_reason = 'spam & noise'").await;
        enqueue(app, json!({ "letter": "suspended" })).await;
        let letter = app.letter_to("ada@example.org", "Your account is suspended").await;
        assert!(letter.text.contains("“spam & noise”") && letter.html.contains("“spam &amp; noise”"), "{}", letter.raw);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_goes_to_the_old_address_and_names_the_new_one() {
    with_app(async |app| {
        app.listener("ada").await;
        lay(app, "restore_email", "old@example.org").await;
        enqueue(app, json!({ "letter": "email_changed", "old": "old@example.org" })).await;
        let letter = app.letter_to("old@example.org", "Your account has a new address").await;
        assert!(letter.text.contains("The new one is ada@example.org"), "{}", letter.text);
        assert!(letter.link().0.ends_with("/restore-email"));
        let hash = format!("select code_hash = sha256('{}') as line from accounts.letter_codes", letter.code());
        let known = format!("select line::text from ({hash} where purpose = 'restore_email') as known");
        assert_eq!(app.lines(&known).await, ["true"]);
    })
    .await;
}

/// Security case A4: what a letter holds is in no table, and in no log of jobs.
#[tokio::test(flavor = "multi_thread")]
async fn no_table_holds_the_code_of_a_letter() {
    with_settings(&[("email_confirmation", "true")], async |app| {
        let new = json!({ "handle": "ada", "email": "ada@example.org", "password": "analytical engine" });
        app.stranger().post("/accounts", new).await.is(202);
        let welcome = app.letter_to("ada@example.org", "Welcome").await.code();
        assert_unknown(app, &welcome).await;
        app.stranger().put(&format!("/registrations/{welcome}"), json!({})).await.is(201);
        app.stranger().post("/password-resets", json!({ "login": "ada" })).await.is(202);
        let reset = app.letter_to("ada@example.org", "Choose a new password").await.code();
        assert_unknown(app, &reset).await;
        lay(app, "change_email", "new@example.org").await;
        enqueue(app, json!({ "letter": "change_email", "email": "new@example.org" })).await;
        assert_unknown(app, &app.letter_to("new@example.org", "Confirm your new address").await.code()).await;
    })
    .await;
}

async fn assert_unknown(app: &App, code: &str) {
    assert!(code.starts_with("legato_l_"), "{code}");
    let tables = "select format('%I.%I', schemaname, tablename) as line from pg_tables
                  where schemaname not in ('pg_catalog', 'information_schema')";
    let tables = app.lines(tables).await;
    assert!(tables.len() > 20, "{tables:?}");
    for table in tables {
        let rows = app.lines(&format!("select to_jsonb(t)::text as line from {table} t")).await;
        assert!(!rows.iter().any(|row| row.contains(code)), "{table} holds {code}");
    }
}
