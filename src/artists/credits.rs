//! What listeners read of a track besides its title: who wrote it, its code, its words.

use diesel::prelude::*;
use diesel::sql_types::{Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::Title;
use super::schema::tracks;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::{Error, Result};
use crate::platform::id::TrackId;

const MAX_LYRICS: usize = 20_000;
pub(super) const MAX_LINES: usize = 2_000;
pub(super) const MAX_LINE: usize = 500;

/// The words of a song.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lyrics {
    /// Line by line, without times.
    #[schema(max_length = 20000)]
    text: String,
    /// The same in time with the music, where that is known; in the order of time.
    #[serde(default)]
    #[schema(max_items = 2000)]
    lines: Vec<LyricLine>,
}

/// A line that is sung.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LyricLine {
    /// When it begins.
    pub(super) at_ms: u32,
    /// Empty where nobody sings.
    #[schema(max_length = 500)]
    pub(super) text: String,
}

/// What a file's tags say of it. `None` is nothing.
#[derive(Debug, Default)]
pub(super) struct Credits {
    composer: Option<String>,
    isrc: Option<String>,
    lyrics: Option<Value>,
}

impl Credits {
    pub(super) fn of_tags(tags: &legato_audio::Tags) -> Self {
        Self {
            composer: tags.composer.as_deref().and_then(Title::from_foreign).map(|name| name.as_str().to_owned()),
            isrc: tags.isrc.as_deref().and_then(|code| isrc(code).ok()),
            lyrics: tags
                .lyrics
                .as_ref()
                .map(Lyrics::from)
                .filter(|lyrics| lyrics.check().is_ok())
                .map(|lyrics| json!(lyrics)),
        }
    }

    /// Where the artist has said nothing yet.
    pub(super) async fn fill_in(&self, conn: &mut Conn, track: TrackId) -> Result<()> {
        let filled = prepared(
            sql("update artists.tracks set composer = coalesce(composer, $2), isrc = coalesce(isrc, $3),
                        lyrics = coalesce(lyrics, $4)
                 where id = $1")
            .bind::<SqlUuid, _>(track)
            .bind::<Nullable<Text>, _>(self.composer.clone())
            .bind::<Nullable<Text>, _>(self.isrc.clone())
            .bind::<Nullable<Jsonb>, _>(self.lyrics.clone()),
        );
        filled.execute(conn).await?;
        Ok(())
    }
}

/// Says who wrote the music; nobody where the name is empty.
pub(super) async fn set_composer(conn: &mut Conn, track: TrackId, name: &str) -> Result<()> {
    let name = if name.trim().is_empty() {
        String::new()
    } else {
        let name = Title::try_from(name.to_owned()).map_err(|problem| Error::invalid("composer", problem))?;
        name.as_str().to_owned()
    };
    diesel::update(tracks::table.find(track)).set(tracks::composer.eq(name)).execute(conn).await?;
    Ok(())
}

/// Gives the recording its code; none where it is empty.
pub(super) async fn set_isrc(conn: &mut Conn, track: TrackId, code: &str) -> Result<()> {
    let code = if code.trim().is_empty() {
        String::new()
    } else {
        isrc(code).map_err(|problem| Error::invalid("isrc", problem))?
    };
    diesel::update(tracks::table.find(track)).set(tracks::isrc.eq(code)).execute(conn).await?;
    Ok(())
}

/// Sets the words; none where they are empty.
pub(super) async fn set_lyrics(conn: &mut Conn, track: TrackId, lyrics: &Lyrics) -> Result<()> {
    lyrics.check()?;
    diesel::update(tracks::table.find(track)).set(tracks::lyrics.eq(json!(lyrics))).execute(conn).await?;
    Ok(())
}

impl Lyrics {
    /// Lines in the order of time, and their words without times.
    pub(super) fn timed(lines: Vec<LyricLine>) -> Self {
        let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        Self { text: text.join("\n").trim().to_owned(), lines }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.lines.is_empty()
    }

    fn check(&self) -> Result<()> {
        let invalid = |problem: &'static str| Err(Error::invalid("lyrics", problem));
        if self.text.chars().count() > MAX_LYRICS {
            return invalid("Lyrics have at most 20,000 characters.");
        }
        if self.lines.len() > MAX_LINES || self.lines.iter().any(|line| line.text.chars().count() > MAX_LINE) {
            return invalid("Lyrics have at most 2,000 lines of 500 characters.");
        }
        if !self.lines.is_sorted_by_key(|line| line.at_ms) {
            return invalid("Lines come in the order of time.");
        }
        let forbidden = |text: &str| text.chars().any(|letter| letter.is_control() && letter != '\n');
        if forbidden(&self.text) || self.lines.iter().any(|line| line.text.chars().any(char::is_control)) {
            return invalid("Lyrics hold no control characters but line breaks.");
        }
        Ok(())
    }
}

impl From<&legato_audio::Lyrics> for Lyrics {
    fn from(lyrics: &legato_audio::Lyrics) -> Self {
        let line = |line: &legato_audio::LyricLine| LyricLine { at_ms: line.at_ms, text: line.text.clone() };
        Self { text: lyrics.text.clone(), lines: lyrics.lines.iter().map(line).collect() }
    }
}

/// A recording's code after ISO 3901, such as `USRC17607839`: in capitals, without hyphens.
pub(super) fn isrc(text: &str) -> std::result::Result<String, &'static str> {
    let code: String = text.chars().filter(|letter| !matches!(letter, '-' | ' ')).collect();
    let code = code.to_ascii_uppercase();
    let fits = |range: std::ops::Range<usize>, is: fn(&u8) -> bool| {
        code.as_bytes().get(range).is_some_and(|part| part.iter().all(is))
    };
    let is_code = code.len() == 12
        && fits(0..2, u8::is_ascii_uppercase)
        && fits(2..5, u8::is_ascii_alphanumeric)
        && fits(5..12, u8::is_ascii_digit);
    if is_code { Ok(code) } else { Err("An ISRC has two letters, three letters or digits, and seven digits.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_whole_or_nothing() {
        assert_eq!(isrc("us-rc1-76-07839"), Ok("USRC17607839".to_owned()));
        for text in ["USRC1760783", "12RC17607839", "USRC1760783X", "ÜSRC17607839"] {
            assert!(isrc(text).is_err(), "{text}");
        }
    }

    #[test]
    fn words_have_bounds() {
        let line = |at_ms, text: &str| LyricLine { at_ms, text: text.to_owned() };
        let lyrics = |text: &str, lines: Vec<LyricLine>| Lyrics { text: text.to_owned(), lines }.check();
        assert!(lyrics("One\ntwo", vec![line(1, "One"), line(1, "two")]).is_ok());
        assert!(lyrics(&"é".repeat(20_001), Vec::new()).is_err());
        assert!(lyrics("", vec![line(2, "a"), line(1, "b")]).is_err());
        assert!(lyrics("", vec![line(2, "a\nb")]).is_err());
        assert!(lyrics("a\u{7}b", Vec::new()).is_err());
        assert!(lyrics("", (0..2_001).map(|n| line(n, "")).collect()).is_err());
    }
}
