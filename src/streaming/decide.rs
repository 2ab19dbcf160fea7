//! What to send: a pure function of what the track has and what the client accepts.

use crate::artists::{Playable, PlayableRendition, RenditionKind};

/// Loudness at which all tracks play (the level that streaming services have settled on), in LUFS.
const TARGET_LUFS: f64 = -14.0;

/// No gain lifts a peak above this, in dBTP.
const CEILING_DBTP: f64 = -1.0;

/// The renditions to play, best first within each kind; the client takes HLS where it can.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decision<'a> {
    /// A whole file.
    pub(super) stream: Option<&'a PlayableRendition>,
    /// Segments.
    pub(super) hls: Option<&'a PlayableRendition>,
    /// What a player adds to reach the common loudness, in dB.
    pub(super) gain_db: f64,
}

/// What the listener wants.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wish {
    /// What a whole file may cost; where everything is more, the least is taken.
    pub(super) most_bps: Option<i32>,
    /// The original's very samples rather than fewer bytes.
    pub(super) lossless: bool,
}

/// `accept` are MIME types as browsers write them (`audio/mp4; codecs="opus"`, `audio/*`); an empty list accepts all.
/// `None`: nothing that the client accepts is at hand.
pub(super) fn decide<'a>(track: &'a Playable, accept: &[String], wish: Wish) -> Option<Decision<'a>> {
    let best = |has_segments: bool| {
        let formed = track.renditions.iter().filter(|rendition| rendition.segments.is_some() == has_segments);
        formed.filter(|rendition| accepts(accept, &rendition.mime)).max_by_key(|rendition| worth(rendition, wish))
    };
    let (stream, hls) = (best(false), best(true));
    (stream.is_some() || hls.is_some()).then(|| Decision { stream, hls, gain_db: gain(track) })
}

/// What is affordable goes before what is not; then what is wished for, then the better codec, then the more bits.
fn worth(rendition: &PlayableRendition, wish: Wish) -> (bool, u8, i32) {
    let class = match rendition.kind {
        RenditionKind::Flac | RenditionKind::FlacCmaf if wish.lossless => 3,
        RenditionKind::OpusOgg | RenditionKind::OpusCmaf => 2,
        RenditionKind::Mp3 => 1,
        RenditionKind::Flac | RenditionKind::FlacCmaf => 0,
    };
    match rendition.bitrate_bps {
        within if wish.most_bps.is_none_or(|most| within <= most) => (true, class, within),
        above => (false, 0, -above),
    }
}

fn gain(track: &Playable) -> f64 {
    let Some(loudness) = track.integrated_loudness_lufs else { return 0.0 };
    let headroom = CEILING_DBTP - track.true_peak_dbtp.unwrap_or(CEILING_DBTP);
    let wanted = TARGET_LUFS - loudness;
    // Quiet music is lifted only as far as its peaks allow.
    let gain = if wanted > 0.0 { wanted.min(headroom.max(0.0)) } else { wanted };
    (gain * 100.0).round() / 100.0
}

fn accepts(accept: &[String], mime: &str) -> bool {
    accept.is_empty() || accept.iter().any(|pattern| matches(pattern, mime))
}

fn matches(pattern: &str, mime: &str) -> bool {
    let (pattern_kind, pattern_codecs) = split(pattern);
    let (kind, codecs) = split(mime);
    let fits_kind = pattern_kind == kind
        || pattern_kind == "*/*"
        || pattern_kind.strip_suffix("/*").is_some_and(|family| kind.starts_with(&format!("{family}/")));
    fits_kind && (pattern_codecs.is_empty() || pattern_codecs == codecs)
}

// `audio/mp4; codecs="Opus"` → ("audio/mp4", "opus")
fn split(mime: &str) -> (String, String) {
    let (kind, parameters) = mime.split_once(';').unwrap_or((mime, ""));
    let codecs = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("codecs="));
    (kind.trim().to_ascii_lowercase(), codecs.unwrap_or("").trim_matches('"').to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::artists::SegmentIndex;
    use crate::platform::id::{ArtistId, ReleaseId, TrackId};

    fn rendition(kind: RenditionKind, mime: &str) -> PlayableRendition {
        let (mime, object_key) = (mime.to_owned(), "curated/00/00".to_owned());
        let name = kind.name().to_owned();
        let segments = kind.mime().starts_with("audio/mp4").then(|| Arc::new(SegmentIndex::default()));
        PlayableRendition { name, kind, mime, bitrate_bps: 128_000, object_key, segments }
    }

    fn track(loudness: Option<f64>, peak: Option<f64>) -> Playable {
        Playable {
            id: TrackId::new(),
            title: String::new(),
            artist_id: ArtistId::new(),
            artist_slug: String::new(),
            artist_name: String::new(),
            release_id: ReleaseId::new(),
            artwork: None,
            release_title: String::new(),
            duration_ms: 1000,
            integrated_loudness_lufs: loudness,
            true_peak_dbtp: peak,
            renditions: vec![
                rendition(RenditionKind::OpusOgg, "audio/ogg; codecs=opus"),
                rendition(RenditionKind::OpusCmaf, "audio/mp4; codecs=opus"),
            ],
            territories: None,
        }
    }

    #[test]
    fn a_client_gets_what_it_accepts() {
        let track = track(None, None);
        let accepting = |accept: &[&str]| {
            let accept: Vec<String> = accept.iter().map(|mime| (*mime).to_owned()).collect();
            decide(&track, &accept, Wish::default()).map(|d| (d.stream.is_some(), d.hls.is_some()))
        };
        assert_eq!(accepting(&[]), Some((true, true)));
        assert_eq!(accepting(&["audio/*"]), Some((true, true)));
        assert_eq!(accepting(&["audio/mp4; codecs=\"Opus\""]), Some((false, true)));
        assert_eq!(accepting(&["audio/ogg"]), Some((true, false)));
        assert_eq!(accepting(&["audio/mpeg", "audio/mp4; codecs=mp4a.40.2"]), None);
    }

    #[test]
    fn a_listener_spends_no_more_than_they_want() {
        let mut track = track(None, None);
        track.renditions = [64_000, 128_000, 96_000]
            .map(|bitrate_bps| PlayableRendition { bitrate_bps, ..rendition(RenditionKind::OpusOgg, "audio/ogg") })
            .into();
        let chosen = |most| {
            decide(&track, &[], Wish { most_bps: most, ..Wish::default() })
                .and_then(|d| d.stream)
                .map(|stream| stream.bitrate_bps)
        };
        assert_eq!(chosen(None), Some(128_000));
        assert_eq!(chosen(Some(100_000)), Some(96_000));
        assert_eq!(chosen(Some(32_000)), Some(64_000));
    }

    #[test]
    fn lossless_is_for_those_who_wish_it_or_can_play_nothing_else() {
        let mut track = track(None, None);
        let form = |kind: RenditionKind, bitrate_bps| PlayableRendition { bitrate_bps, ..rendition(kind, kind.mime()) };
        track.renditions = vec![
            form(RenditionKind::Flac, 900_000),
            form(RenditionKind::Mp3, 320_000),
            form(RenditionKind::OpusOgg, 130_000),
        ];
        let chosen = |accept: &[&str], most_bps, lossless| {
            let accept: Vec<String> = accept.iter().map(|mime| (*mime).to_owned()).collect();
            let decision = decide(&track, &accept, Wish { most_bps, lossless });
            decision.and_then(|decision| decision.stream).map(|stream| stream.kind)
        };
        assert_eq!(chosen(&[], None, false), Some(RenditionKind::OpusOgg));
        assert_eq!(chosen(&[], None, true), Some(RenditionKind::Flac));
        assert_eq!(chosen(&[], Some(400_000), true), Some(RenditionKind::OpusOgg));
        assert_eq!(chosen(&["audio/mpeg", "audio/flac"], None, false), Some(RenditionKind::Mp3));
        assert_eq!(chosen(&["audio/flac"], Some(64_000), false), Some(RenditionKind::Flac));
    }

    #[test]
    fn gain_levels_loudness_and_spares_peaks() {
        let gain = |loudness, peak| decide(&track(loudness, peak), &[], Wish::default()).expect("playable").gain_db;
        assert!((gain(Some(-8.0), Some(0.3)) - -6.0).abs() < 1e-9);
        assert!((gain(Some(-20.0), Some(-3.0)) - 2.0).abs() < 1e-9);
        assert!((gain(Some(-20.0), Some(0.5)) - 0.0).abs() < 1e-9);
        assert!((gain(None, None) - 0.0).abs() < 1e-9);
    }
}
