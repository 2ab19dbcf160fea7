//! Which older track of a release a newer one may be another file of: by its code, its file's name, or its place and title.
//! Only told: what is to be done with it, the artist says.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{ReleaseId, TrackId};

/// An older track of the same release that this one's file may be meant for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct TrackMatch {
    pub(crate) track_id: TrackId,
    pub(crate) title: String,
    pub(crate) position: i32,
    pub(crate) matched_by: Likeness,
}

/// What two tracks of a release have in common, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Likeness {
    /// The recording's code, said or in the tags.
    Isrc,
    /// The file's name, whatever its case.
    Filename,
    /// The disc, the number on it and the title.
    NumberAndTitle,
}

#[derive(Debug, Clone, QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: TrackId,
    #[diesel(sql_type = SqlUuid)]
    release_id: ReleaseId,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Integer)]
    position: i32,
    #[diesel(sql_type = Nullable<Text>)]
    filename: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    isrc: Option<String>,
    #[diesel(sql_type = Integer)]
    disc: i32,
    #[diesel(sql_type = Nullable<Integer>)]
    tagged_number: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    tagged_title: Option<String>,
}

/// What the tracks of some releases match.
#[derive(Debug, Default)]
pub(super) struct Matches(HashMap<TrackId, Vec<TrackMatch>>);

impl Matches {
    /// Of all tracks of these releases.
    pub(super) async fn within(conn: &mut Conn, releases: &[ReleaseId]) -> Result<Self> {
        if releases.is_empty() {
            return Ok(Self::default());
        }
        let rows = prepared(
            sql("select t.id, t.release_id, t.title, t.position, t.filename,
                        coalesce(nullif(t.isrc, ''), t.suggestions ->> 'isrc') as isrc,
                        coalesce((t.details ->> 'disc')::integer, (t.suggestions ->> 'disc_number')::integer, 1) as disc,
                        (t.suggestions ->> 'track_number')::integer as tagged_number,
                        t.suggestions ->> 'title' as tagged_title
                 from artists.tracks t where t.release_id = any($1) order by t.id")
            .bind::<Array<SqlUuid>, _>(releases),
        );
        let rows: Vec<Row> = rows.load(conn).await?;
        Ok(Self::of(&rows))
    }

    /// What a track matches; the surest first.
    pub(super) fn take(&mut self, track: TrackId) -> Vec<TrackMatch> {
        self.0.remove(&track).unwrap_or_default()
    }

    // Rows come from the oldest to the newest: each is compared with those before it.
    fn of(rows: &[Row]) -> Self {
        let (mut seen, mut matches): (HashMap<Mark, Vec<&Row>>, _) = (HashMap::new(), HashMap::new());
        for row in rows {
            let mut found: Vec<TrackMatch> = Vec::new();
            for mark in row.marks_of_a_new_one() {
                for other in seen.get(&mark).into_iter().flatten() {
                    if found.iter().all(|known| known.track_id != other.id) {
                        found.push(other.matched(mark.by()));
                    }
                }
            }
            if !found.is_empty() {
                found.sort_by_key(|found| (found.matched_by, found.position));
                matches.insert(row.id, found);
            }
            for mark in row.marks() {
                seen.entry(mark).or_default().push(row);
            }
        }
        Self(matches)
    }
}

/// Something that two tracks of a release may have in common.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Mark {
    Isrc(ReleaseId, String),
    Filename(ReleaseId, String),
    NumberAndTitle(ReleaseId, i32, i32, String),
}

impl Mark {
    fn by(&self) -> Likeness {
        match self {
            Self::Isrc(..) => Likeness::Isrc,
            Self::Filename(..) => Likeness::Filename,
            Self::NumberAndTitle(..) => Likeness::NumberAndTitle,
        }
    }
}

impl Row {
    /// By what it can be found: its number is the one in its tags, and its place.
    fn marks(&self) -> Vec<Mark> {
        let mut marks = self.marks_of_a_new_one();
        if self.tagged_number != Some(self.position) {
            marks.extend(self.numbered(self.position));
        }
        marks
    }

    /// By what it looks for others: its place says nothing, for it came to the end.
    fn marks_of_a_new_one(&self) -> Vec<Mark> {
        let isrc = self.isrc.clone().map(|code| Mark::Isrc(self.release_id, code));
        let filename = self.filename.as_deref().map(|name| Mark::Filename(self.release_id, plain(name)));
        let numbered = self.tagged_number.into_iter().flat_map(|number| self.numbered(number));
        isrc.into_iter().chain(filename).chain(numbered).collect()
    }

    fn numbered(&self, number: i32) -> Vec<Mark> {
        let mut titles: Vec<String> =
            [Some(&self.title), self.tagged_title.as_ref()].into_iter().flatten().map(|title| plain(title)).collect();
        titles.dedup();
        titles.into_iter().map(|title| Mark::NumberAndTitle(self.release_id, self.disc, number, title)).collect()
    }

    fn matched(&self, matched_by: Likeness) -> TrackMatch {
        TrackMatch { track_id: self.id, title: self.title.clone(), position: self.position, matched_by }
    }
}

// As people write it.
fn plain(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(release: ReleaseId, position: i32, title: &str) -> Row {
        Row {
            id: TrackId::new(),
            release_id: release,
            title: title.to_owned(),
            position,
            filename: Some(format!("{position} {title}.wav")),
            isrc: None,
            disc: 1,
            tagged_number: None,
            tagged_title: None,
        }
    }

    fn by(rows: &[Row], row: &Row) -> Vec<(TrackId, Likeness)> {
        let found = Matches::of(rows).take(row.id);
        found.iter().map(|found| (found.track_id, found.matched_by)).collect()
    }

    #[test]
    fn a_new_file_is_for_what_is_there_already_and_the_surest_is_first() {
        let release = ReleaseId::new();
        let mut rows = vec![row(release, 1, "Ebb"), row(release, 2, "Flow"), row(release, 3, "Slack")];
        rows[0].isrc = Some("DEA123456789".into());
        let (ebb, flow) = (rows[0].id, rows[1].id);
        let mut new = row(release, 4, "master final");
        (new.isrc, new.filename) = (Some("DEA123456789".into()), Some("2 FLOW.wav".into()));
        rows.push(new.clone());
        assert_eq!(by(&rows, &new), [(ebb, Likeness::Isrc), (flow, Likeness::Filename)]);
        // And what was there says nothing of what came later.
        assert_eq!(by(&rows, &rows[0]), []);
    }

    #[test]
    fn a_number_counts_with_the_title_and_on_the_same_disc() {
        let release = ReleaseId::new();
        let mut rows = vec![row(release, 1, "Ebb"), row(release, 2, "Flow")];
        let flow = rows[1].id;
        let new = |disc, number, title: &str| Row {
            disc,
            tagged_number: Some(number),
            tagged_title: Some(title.to_owned()),
            ..row(release, 3, "3 mix")
        };
        for (file, expected) in [
            (new(1, 2, " flow "), vec![(flow, Likeness::NumberAndTitle)]),
            (new(2, 2, "Flow"), vec![]),
            (new(1, 1, "Flow"), vec![]),
            (new(1, 2, "Ebb"), vec![]),
        ] {
            rows.truncate(2);
            rows.push(file.clone());
            assert_eq!(by(&rows, &file), expected, "{file:?}");
        }
    }

    #[test]
    fn releases_do_not_mix() {
        let rows = [row(ReleaseId::new(), 1, "Ebb"), row(ReleaseId::new(), 1, "Ebb")];
        assert_eq!(by(&rows, &rows[1]), []);
    }
}
