//! A private playlist of the owner's, which one edits and another looks at.

use super::Stage;

/// The playlist, an entry of it, and a change.
pub(super) const ID: &str = "00000000-0000-7000-8000-000000000010";
const ENTRY: &str = "00000000-0000-7000-8000-000000000011";
const CHANGE: &str = "00000000-0000-7000-8000-000000000012";

impl Stage<'_> {
    /// The path with the playlist, as it was before anybody changed it.
    pub(super) async fn fill_playlists(&self, path: String) -> String {
        if path.ends_with("/playlists/import") {
            return format!("{path}?title=Imported");
        }
        if !path.contains(ID) {
            return path;
        }
        let (owner, track) = (&self.owner_id, &self.draft.track);
        for statement in [
            "delete from streaming.playlists".to_owned(),
            format!(
                "insert into streaming.playlists (id, account_id, title, visibility, entry_count)
                 values ('{ID}', '{owner}', 'Private', 'private', 2)"
            ),
            format!(
                "insert into streaming.playlist_collaborators (playlist_id, account_id, role)
                 select '{ID}', id, substr(handle, 5) from accounts.accounts where handle in ('the-editor', 'the-viewer')"
            ),
            format!(
                "insert into streaming.playlist_entries (id, playlist_id, track_id, rank)
                 values (gen_random_uuid(), '{ID}', '{track}', 'A'), ('{ENTRY}', '{ID}', '{track}', 'B')"
            ),
            format!(
                "insert into streaming.playlist_changes (id, playlist_id, kind, detail) values ('{CHANGE}', '{ID}', 'added',
                 '{{\"kind\": \"added\", \"entries\": [{{\"id\": \"{ENTRY}\", \"track_id\": \"{track}\", \"after\": null}}]}}')"
            ),
        ] {
            self.app.execute(&statement).await;
        }
        let path = path.replace("{entry}", ENTRY).replace("{change}", CHANGE);
        if path.ends_with("/export") { format!("{path}?format=csv") } else { path }
    }
}
