mod cover;
mod gain;
mod lyrics;
mod musicbrainz;
mod text;
mod wave;

pub use self::cover::EmbeddedCover;
pub use self::gain::ReplayGain;
pub use self::lyrics::{LyricLine, Lyrics};
pub use self::musicbrainz::MusicBrainzIds;
pub(crate) use self::wave::WaveTags;
use serde::{Deserialize, Serialize};
use symphonia::core::meta::{Metadata, MetadataRevision, RawTag, RawValue, StandardTag, Tag};

/// What the file says about itself. Suggestions for a form, never trusted: any text may stand here.
/// Trimmed, free of control characters, at most 200 characters each; [`Lyrics`] have bounds of their own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tags {
    /// The track's title.
    pub title: Option<String>,
    /// The performer.
    pub artist: Option<String>,
    /// The release's title.
    pub album: Option<String>,
    /// The performer of the release.
    pub album_artist: Option<String>,
    /// The position on its disc, from 1.
    pub track_number: Option<u32>,
    /// Of how many.
    pub track_total: Option<u32>,
    /// The disc, from 1.
    pub disc_number: Option<u32>,
    /// Of how many.
    pub disc_total: Option<u32>,
    /// `2026`, `2026-11` or `2026-11-28`.
    pub date: Option<String>,
    /// In words.
    pub genre: Option<String>,
    /// Who wrote the music.
    pub composer: Option<String>,
    /// The recording's code after ISO 3901: 12 characters, no hyphens.
    pub isrc: Option<String>,
    /// What MusicBrainz calls it.
    pub musicbrainz: MusicBrainzIds,
    /// The words.
    pub lyrics: Option<Lyrics>,
    /// How loud somebody measured it to be.
    pub replay_gain: Option<ReplayGain>,
}

impl Tags {
    /// Collect from every revision of the metadata; the first one that has a field gives it.
    pub(crate) fn collect(mut metadata: Metadata<'_>) -> Self {
        let (mut tags, mut id3v1) = (Self::default(), Self::default());
        loop {
            match metadata.current() {
                // It cuts everything at 30 bytes, so it speaks last.
                Some(revision) if revision.info.short_name == "id3v1" => id3v1.fill_from(revision),
                Some(revision) => tags.fill_from(revision),
                None => {}
            }
            if metadata.pop().is_none() {
                break;
            }
        }
        tags.or(id3v1)
    }

    /// The older tag has few fields.
    fn or(self, other: Self) -> Self {
        Self {
            title: self.title.or(other.title),
            artist: self.artist.or(other.artist),
            album: self.album.or(other.album),
            track_number: self.track_number.or(other.track_number),
            date: self.date.or(other.date),
            genre: self.genre.or(other.genre),
            ..self
        }
    }

    fn fill_from(&mut self, revision: &MetadataRevision) {
        let per_track = revision.per_track.iter().flat_map(|track| &track.metadata.tags);
        let tags: Vec<&Tag> = revision.media.tags.iter().chain(per_track).collect();
        for tag in &tags {
            match &tag.std {
                Some(standard) => self.fill_with(standard, &tag.raw),
                None => self.fill_raw(&tag.raw),
            }
        }
        if revision.info.short_name == "mkv" {
            tags.iter().for_each(|tag| self.fill_by_name(&tag.raw));
        }
    }

    fn fill_with(&mut self, tag: &StandardTag, raw: &RawTag) {
        match tag {
            StandardTag::TrackTitle(value) => text::fill(&mut self.title, value),
            StandardTag::Artist(value) => text::fill(&mut self.artist, value),
            StandardTag::Album(value) => text::fill(&mut self.album, value),
            StandardTag::AlbumArtist(value) => text::fill(&mut self.album_artist, value),
            StandardTag::Genre(value) => text::fill(&mut self.genre, value),
            StandardTag::Composer(value) => text::fill(&mut self.composer, value),
            // iTunes writes the composer where symphonia reads a writer.
            StandardTag::Writer(value) if raw.key.ends_with("wrt") => text::fill(&mut self.composer, value),
            StandardTag::TrackNumber(number) => text::fill_number(&mut self.track_number, *number),
            StandardTag::TrackTotal(number) => text::fill_number(&mut self.track_total, *number),
            StandardTag::DiscNumber(number) => text::fill_number(&mut self.disc_number, *number),
            StandardTag::DiscTotal(number) => text::fill_number(&mut self.disc_total, *number),
            // ID3v2.3 keeps day and month by themselves.
            StandardTag::RecordingDate(_) if raw.key == "TDAT" => {}
            StandardTag::RecordingDate(value) | StandardTag::ReleaseDate(value) | StandardTag::ReleaseTime(value) => {
                self.date = text::longer(self.date.take(), text::date(value));
            }
            StandardTag::RecordingYear(year) | StandardTag::ReleaseYear(year) => {
                self.date = text::longer(self.date.take(), text::date(&format!("{year:04}")));
            }
            StandardTag::IdentIsrc(value) if self.isrc.is_none() => self.isrc = text::isrc(value),
            StandardTag::Lyrics(value) => Lyrics::add_text(&mut self.lyrics, value),
            StandardTag::ReplayGainTrackGain(_)
            | StandardTag::ReplayGainTrackPeak(_)
            | StandardTag::ReplayGainAlbumGain(_)
            | StandardTag::ReplayGainAlbumPeak(_) => ReplayGain::add(&mut self.replay_gain, tag),
            tag => self.musicbrainz.add(tag),
        }
    }

    fn fill_raw(&mut self, raw: &RawTag) {
        match (raw.key.to_ascii_uppercase().as_str(), &raw.value) {
            ("SYLT" | "SLT", RawValue::Binary(frame)) => Lyrics::add_frame(&mut self.lyrics, frame),
            ("UFID", _) => self.musicbrainz.add_unique_id(raw),
            ("SYNCEDLYRICS", RawValue::String(text)) => Lyrics::add_text(&mut self.lyrics, text),
            (key @ ("R128_TRACK_GAIN" | "R128_ALBUM_GAIN"), RawValue::String(text)) => {
                ReplayGain::add_r128(&mut self.replay_gain, key, text);
            }
            _ => {}
        }
    }

    /// Matroska's tags belong to levels (album, track), which most writers leave out: symphonia then takes a
    /// title for the album's.
    fn fill_by_name(&mut self, tag: &RawTag) {
        let RawValue::String(value) = &tag.value else { return };
        let name = tag.key.rsplit('@').next().unwrap_or_default();
        match name.to_ascii_uppercase().as_str() {
            "TITLE" => text::fill(&mut self.title, value),
            "ARTIST" => text::fill(&mut self.artist, value),
            "ALBUM" => text::fill(&mut self.album, value),
            "ALBUM_ARTIST" => text::fill(&mut self.album_artist, value),
            "TRACK" | "PART_NUMBER" => {
                let number = value.split('/').next().and_then(|number| number.trim().parse().ok());
                text::fill_number(&mut self.track_number, number.unwrap_or(0));
            }
            "DISC" => text::fill_number(&mut self.disc_number, value.trim().parse().unwrap_or(0)),
            "DATE" => self.date = text::longer(self.date.take(), text::date(value)),
            name => self.musicbrainz.add_by_name(name, value),
        }
    }
}
