//! The people of the stage: those who act for the owner's artist, and what is asked and offered.

use super::Stage;
use crate::support::Single;

impl Stage<'_> {
    /// Gives an artist of the owner's its people, and its label.
    pub(super) async fn gather(&self, artist: &str) {
        let members = format!(
            "insert into artists.memberships (artist_id, account_id, role)
             select r.id, a.id, substr(a.handle, 5) from artists.artists r, accounts.accounts a
             where r.slug = '{artist}' and a.handle in ('the-owner', 'the-editor', 'the-viewer')
             on conflict (artist_id, account_id) do update set role = excluded.role"
        );
        let label = format!(
            "update artists.artists set label_id = (select id from artists.artists where slug = 'the-label')
             where slug = '{artist}'"
        );
        let guests = format!(
            "delete from artists.memberships m using accounts.accounts a, artists.artists r
             where a.id = m.account_id and a.handle = 'the-invited' and r.id = m.artist_id and r.slug = '{artist}'"
        );
        for statement in [&members, &label, &guests] {
            self.app.execute(statement).await;
        }
        self.invite().await;
    }

    /// The path with a label that has offered, and an invitation that nobody has answered.
    pub(super) async fn fill_people(&self, path: String) -> String {
        if path.contains("{label}") {
            self.offer().await;
        }
        let path = path.replace("{label}", "the-other");
        if path.contains("{invitation}") { path.replace("{invitation}", &self.invite().await) } else { path }
    }

    /// An invitation that nobody has answered; the answer is its id.
    pub(super) async fn invite(&self) -> String {
        let id = uuid::Uuid::now_v7();
        let statement = format!(
            "insert into artists.invitations (id, artist_id, account_id, role, invited_by, created_at, expires_at)
             select '{id}', r.id, a.id, 'owner', '{}', now(), now() + interval '1 day'
             from artists.artists r, accounts.accounts a where r.slug = 'the-owner' and a.handle = 'the-invited'
             on conflict on constraint invitations_account do update set id = excluded.id",
            self.owner_id
        );
        self.app.execute(&statement).await;
        id.to_string()
    }

    /// An offer between the owner's artist and another one.
    pub(super) async fn offer(&self) {
        let statement = format!(
            "insert into artists.label_offers (id, artist_id, label_id, offered_by, account_id, created_at, expires_at)
             select gen_random_uuid(), r.id, l.id, 'artist', '{}', now(), now() + interval '1 day'
             from artists.artists r, artists.artists l where r.slug = 'the-owner' and l.slug = 'the-other'
             on conflict on constraint label_offers_pair do nothing",
            self.owner_id
        );
        self.app.execute(&statement).await;
    }

    /// A play of the owner's, also of a track that is gone; the answer is its id.
    pub(super) async fn new_play(&self, single: &Single) -> String {
        let id = uuid::Uuid::now_v7().to_string();
        let play = format!(
            "insert into streaming.plays (id, account_id, track_id, expires_at, started_at, needed_ms)
             values ('{id}', '{}', '{}', now() + interval '1 day', now(), 500)",
            self.owner_id, single.track
        );
        self.app.execute(&play).await;
        id
    }

    /// An artist with the same people, to be deleted; the answer is its slug.
    pub(super) async fn new_artist(&self) -> String {
        let id = uuid::Uuid::now_v7();
        let slug = format!("artist-{}", id.simple());
        let artist = format!(
            "with slug as (insert into artists.slugs (slug, artist_id) values ('{slug}', '{id}'))
             insert into artists.artists (id, slug, name) values ('{id}', '{slug}', 'To be deleted')"
        );
        self.app.execute(&artist).await;
        self.gather(&slug).await;
        slug
    }
}
