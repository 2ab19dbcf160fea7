//! Things of the owner's that operations are tried on, made as they are needed.

use reqwest::Method;

use super::{Operation, Single, Stage, playlists};

/// A part of the owner's that came whole.
pub(super) const PART: &str = "00000000-0000-7000-8000-000000000009";

impl Stage<'_> {
    /// The id in the path: the owner's thing that it is about, a new one where it may go.
    pub(super) async fn id(&self, operation: &Operation, single: &Single) -> String {
        let path = operation.path.as_str();
        match path {
            "/api/v1/artists/{id}" if operation.method == Method::DELETE => self.new_artist().await,
            path if path.contains("/playlists/{id}") => playlists::ID.to_owned(),
            path if path.contains("/rooms/{id}") => self.new_room().await,
            path if path.contains("/plays/") || path.contains("/me/history/") => self.new_play(single).await,
            path if path.contains("/me/invitations/") => self.invite().await,
            path if path.contains("/uploads/") => self.new_upload(&single.release).await,
            path if path.contains("/me/") || path.contains("/admin/invitations/") => self.new_thing(path).await,
            path if path.contains("/accounts/") => self.owner_id.clone(),
            path if path.contains("/artists/") => "the-owner".to_owned(),
            path if path.contains("/tracks/") => single.track.clone(),
            path if path.contains("/notifications/") => self.notification.clone(),
            _ => single.release.clone(),
        }
    }

    /// The key of a release's artwork.
    pub(super) async fn artwork(&self, single: &Single) -> String {
        let query = format!("select key as line from artists.artworks where release_id = '{}'", single.release);
        self.app.lines(&query).await.pop().expect("artwork")
    }

    /// What belongs to a release besides its tracks: a change that can be taken back, a link.
    pub(super) async fn fill_release(&self, path: String, single: &Single) -> String {
        let (id, release, owner) = (uuid::Uuid::now_v7(), &single.release, &self.owner_id);
        let statement = if path.contains("{change}") {
            format!(
                "insert into artists.changes (id, release_id, account_id, fields) values ('{id}', '{release}', '{owner}',
                 '[{{\"field\": \"genres\", \"before\": [\"{id}\"], \"after\": []}}]')"
            )
        } else if path.contains("{link}") {
            format!(
                "insert into artists.links (id, release_id, recipient, token_hash, created_by, expires_at)
                 values ('{id}', '{release}', 'a friend', sha256('{id}'), '{owner}', now() + interval '1 day')"
            )
        } else {
            return path;
        };
        self.app.execute(&statement).await;
        path.replace("{change}", &id.to_string()).replace("{link}", &id.to_string())
    }

    /// What was sold elsewhere: one of each, put back where somebody took it away.
    pub(super) async fn fill_outside(&self, path: String) -> String {
        if path.contains("/earnings") {
            return format!("{path}?group=month");
        }
        if !["{statement}", "{mapping}", "{item}"].iter().any(|variable| path.contains(variable)) {
            return path;
        }
        let id = uuid::Uuid::from_u128(7).to_string();
        let artist = "(select id from artists.artists where slug = 'the-owner')";
        for statement in [
            format!(
                "insert into artists.statements (id, artist_id, state, file_key, file_hash, file_size_bytes)
                 values ('{id}', {artist}, 'ready', 'raw/none', 'none', 1) on conflict do nothing"
            ),
            format!(
                "insert into artists.statement_mappings (id, artist_id, name, definition)
                 values ('{id}', {artist}, 'none', '{{\"name\": \"none\", \"columns\": [\"a\"], \"fields\": {{}}, \"date\": \"year_month\"}}')
                 on conflict do nothing"
            ),
            format!(
                "insert into artists.sold_items (id, artist_id, identity, title, artist_name, release_title, matched_by)
                 values ('{id}', {artist}, 'none', '', '', '', 'hand') on conflict do nothing"
            ),
        ] {
            self.app.execute(&statement).await;
        }
        path.replace("{statement}", &id).replace("{mapping}", &id).replace("{item}", &id)
    }

    /// What the owner takes along and brings in: nothing was asked for yet, a part has come, and one import has ended.
    pub(super) async fn fill_packages(&self, path: String) -> String {
        if !path.contains("/export") && !path.contains("/imports") {
            return path;
        }
        let (id, account) = (uuid::Uuid::from_u128(8), &self.owner_id);
        let artist = "(select id from artists.artists where slug = 'the-owner')";
        for statement in [
            "delete from artists.packages".to_owned(),
            format!(
                "insert into artists.packages (id, artist_id, server, state, object_key, finished_at, expires_at)
                 select '{id}', {artist}, '', 'ready', 'exports/none', now(), now() + interval '1 day' where {}",
                path.ends_with("/export/archive")
            ),
            format!(
                "insert into artists.imports (id, artist_id, upload_ids, publish, state, ended_at)
                 values ('{id}', {artist}, '{{{id}}}', false, 'done', now()) on conflict do nothing"
            ),
            format!(
                "insert into artists.uploads (id, account_id, form, length_bytes, offset_bytes, hash, state, expires_at)
                 values ('{PART}', '{account}', 'part', 1, 1, sha256('1'), 'arrived', now() + interval '1 day')
                 on conflict do nothing"
            ),
        ] {
            self.app.execute(&statement).await;
        }
        path.replace("{import}", &id.to_string())
    }

    /// An upload of the owner's that nothing has come of yet.
    pub(super) async fn new_upload(&self, release: &str) -> String {
        let (id, account) = (uuid::Uuid::now_v7(), &self.owner_id);
        let statement = format!(
            "insert into artists.uploads (id, account_id, release_id, form, length_bytes, expires_at)
             values ('{id}', '{account}', '{release}', 'whole', 4, now() + interval '1 day')"
        );
        self.app.execute(&statement).await;
        id.to_string()
    }

    /// Something of the owner's that may be taken away.
    pub(super) async fn new_thing(&self, path: &str) -> String {
        // Signed in before there is a passkey to ask for.
        let owner = self.person("owner").await;
        let (id, account) = (uuid::Uuid::now_v7(), &self.owner_id);
        let statement = match path.trim_start_matches("/api/v1").split('/').nth(2) {
            Some("sessions") => format!(
                "insert into accounts.sessions (id, account_id, token_hash, device, expires_at)
                 values ('{id}', '{account}', sha256('{id}'), 'a phone', now() + interval '1 day')"
            ),
            Some("passkeys") => format!(
                "insert into accounts.passkeys (id, account_id, credential_id, name, credential)
                 values ('{id}', '{account}', '{id}', 'a key', '{{}}')"
            ),
            Some("identities") => format!(
                "insert into accounts.linked_identities (id, account_id, provider, subject)
                 values ('{id}', '{account}', 'elsewhere', '{id}')"
            ),
            Some("tokens") => format!(
                "insert into accounts.api_tokens (id, account_id, name, token_hash, hint, scopes)
                 values ('{id}', '{account}', 'a script', sha256('{id}'), 'legato_t_', '{{read}}')"
            ),
            Some("app-passwords") => format!(
                "insert into accounts.app_passwords (id, account_id, name, sealed_password)
                 values ('{id}', '{account}', 'a player', '\\x00')"
            ),
            Some("splits") => {
                self.app.execute("delete from artists.splits").await;
                format!(
                    "insert into artists.splits (id, track_id, account_id, share_hundredths, state)
                     values ('{id}', '{}', '{account}', 10000, 'invited')",
                    self.draft.track
                )
            }
            Some("invitations") => format!(
                "insert into accounts.invitations (id, code_hash, uses_left, expires_at)
                 values ('{id}', sha256('{id}'), 1, now() + interval '1 day')"
            ),
            Some("library") => return self.published.release.clone(),
            Some("history") => format!(
                "insert into streaming.plays (id, account_id, track_id, expires_at, started_at, heard_ms, needed_ms)
                 values ('{id}', '{account}', '{}', now(), now(), 1000, 500)",
                self.published.track
            ),
            Some("bookmarks") => {
                let track = self.published.track.clone();
                let statement = format!(
                    "insert into streaming.bookmarks (account_id, track_id, position_ms, set_at)
                     values ('{account}', '{track}', 0, now()) on conflict do nothing"
                );
                self.app.execute(&statement).await;
                return track;
            }
            Some("streams" | "followers" | "players") => return self.new_listening(path).await,
            _ => return owner.handle,
        };
        self.app.execute(&statement).await;
        id.to_string()
    }

    /// A room of the owner's, with the editor in it.
    async fn new_room(&self) -> String {
        let (id, owner, editor) = (uuid::Uuid::now_v7(), &self.owner_id, &self.editor_id);
        let track = &self.published.track;
        for statement in [
            "delete from streaming.rooms".to_owned(),
            format!(
                "insert into streaming.rooms (id, host_id, title, is_open, track_ids, durations_ms, current, position_ms,
                                              is_playing, anchored_at, touched_at)
                 values ('{id}', '{owner}', 'Tonight', false, '{{{track}}}', '{{1000}}', 0, 0, false, now(), now())"
            ),
            format!(
                "insert into streaming.room_members (room_id, account_id, joined_at)
                 values ('{id}', '{owner}', now()), ('{id}', '{editor}', now())"
            ),
        ] {
            self.app.execute(&statement).await;
        }
        id.to_string()
    }

    /// A device that plays or could, or somebody who follows.
    async fn new_listening(&self, path: &str) -> String {
        let (id, owner) = (uuid::Uuid::now_v7(), &self.owner_id);
        let statement = if path.contains("/streams/") {
            format!(
                "insert into streaming.streams (account_id, credential_id, play_id, track_id, started_at, playing_until)
                 values ('{owner}', '{id}', '{id}', '{}', now(), now() + interval '1 hour')",
                self.published.track
            )
        } else if path.contains("/players/") {
            let session = format!(
                "insert into accounts.sessions (id, account_id, token_hash, device, expires_at)
                 values ('{id}', '{owner}', sha256('{id}'), 'a kitchen', now() + interval '1 day')"
            );
            self.app.execute(&session).await;
            format!(
                "insert into streaming.players (account_id, credential_id, name, seen_at)
                 values ('{owner}', '{id}', 'Kitchen', now())"
            )
        } else {
            format!(
                "insert into streaming.account_follows (follower_id, followed_id, followed_at)
                 values ('{id}', '{owner}', now())"
            )
        };
        self.app.execute(&statement).await;
        id.to_string()
    }
}
