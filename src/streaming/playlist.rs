//! HLS playlists (RFC 8216), as text.

use std::fmt::Write;

use crate::artists::{PlayableRendition, SegmentIndex};

/// The most that a player should begin with: 128 kbit/s of Opus, which is more where the music asks for it.
const FIRST_BPS: i32 = 160_000;

/// The master playlist: a variant for each rendition in segments, by relative URIs; `None` where there is none.
///
/// A player begins with the first: good sound that nearly every connection carries. The others follow, best first.
/// `SCORE` is the order in which they are worth hearing (HLS 2nd edition, §4.4.6.2): lossless above all bit rates.
pub(super) fn master(renditions: &[PlayableRendition]) -> Option<String> {
    let mut variants: Vec<(&PlayableRendition, &SegmentIndex)> =
        renditions.iter().filter_map(|rendition| Some((rendition, rendition.segments.as_deref()?))).collect();
    variants.sort_by_key(|(rendition, _)| (rendition.kind.is_lossless(), rendition.bitrate_bps));
    let mut scored: Vec<_> = variants.into_iter().zip(1..).collect();
    scored.sort_by_key(|((rendition, _), score)| {
        std::cmp::Reverse((rendition.bitrate_bps <= FIRST_BPS && !rendition.kind.is_lossless(), *score))
    });
    scored.first()?;
    let mut text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n".to_owned();
    for ((rendition, index), score) in scored {
        let PlayableRendition { name, bitrate_bps, kind, .. } = rendition;
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={bitrate_bps},CODECS=\"{}\",SCORE={score}.0\n\
             {name}/media.m3u8\n",
            index.peak_bps().max(u64::from(bitrate_bps.unsigned_abs())),
            kind.codec()
        );
    }
    Some(text)
}

/// The media playlist of an index: an init segment and numbered media segments.
pub(super) fn media(index: &SegmentIndex) -> String {
    let rounded = |duration: u64| (2 * duration + u64::from(index.timescale_hz)) / (2 * u64::from(index.timescale_hz));
    let longest = index.segments.iter().map(|segment| rounded(segment.duration)).max().unwrap_or(1);
    let mut text = format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{}\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n\
         #EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"init.mp4\"\n",
        longest.max(1)
    );
    for (number, segment) in index.segments.iter().enumerate() {
        // Writing to a string does not fail.
        let micros = (segment.duration * 1_000_000 + u64::from(index.timescale_hz) / 2) / u64::from(index.timescale_hz);
        let _ = write!(text, "#EXTINF:{}.{:06},\n{number}.m4s\n", micros / 1_000_000, micros % 1_000_000);
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::artists::RenditionKind;

    fn rendition(name: &str, bitrate_bps: i32, segments: Option<&str>) -> PlayableRendition {
        PlayableRendition {
            name: name.into(),
            kind: RenditionKind::OpusCmaf,
            mime: "audio/mp4; codecs=opus".into(),
            bitrate_bps,
            object_key: "curated/00/00".into(),
            segments: segments.map(|index| Arc::new(serde_json::from_str(index).expect("an index"))),
        }
    }

    #[test]
    fn a_master_playlist_begins_with_what_nearly_everybody_can_hear() {
        // 4 kB in the loudest of two seconds and a half: 16 kbit/s.
        let index = r#"{"init_bytes": 50, "timescale_hz": 48000, "segments": [
            {"offset": 50, "size": 4000, "duration": 96000}, {"offset": 4050, "size": 100, "duration": 24000}]}"#;
        let lossless =
            PlayableRendition { kind: RenditionKind::FlacCmaf, ..rendition("flac_cmaf", 240_000, Some(index)) };
        let renditions = [
            rendition("opus_cmaf_64", 14_000, Some(index)),
            rendition("opus_cmaf_256", 250_000, Some(index)),
            lossless,
            rendition("opus_ogg_128", 131_000, None),
            rendition("opus_cmaf_128", 131_000, Some(index)),
        ];
        let expected = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n\
            #EXT-X-STREAM-INF:BANDWIDTH=131000,AVERAGE-BANDWIDTH=131000,CODECS=\"opus\",SCORE=2.0\nopus_cmaf_128/media.m3u8\n\
            #EXT-X-STREAM-INF:BANDWIDTH=16000,AVERAGE-BANDWIDTH=14000,CODECS=\"opus\",SCORE=1.0\nopus_cmaf_64/media.m3u8\n\
            #EXT-X-STREAM-INF:BANDWIDTH=240000,AVERAGE-BANDWIDTH=240000,CODECS=\"fLaC\",SCORE=4.0\nflac_cmaf/media.m3u8\n\
            #EXT-X-STREAM-INF:BANDWIDTH=250000,AVERAGE-BANDWIDTH=250000,CODECS=\"opus\",SCORE=3.0\nopus_cmaf_256/media.m3u8\n";
        assert_eq!(master(&renditions).as_deref(), Some(expected));
        assert_eq!(master(&renditions[3..4]), None);
    }

    #[test]
    fn a_media_playlist_lists_every_segment() {
        let index = r#"{"init_bytes": 50, "timescale_hz": 48000, "segments": [
            {"offset": 50, "size": 100, "duration": 96000}, {"offset": 150, "size": 100, "duration": 24000}]}"#;
        let text = media(&serde_json::from_str::<SegmentIndex>(index).expect("an index"));
        let expected = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n\
                        #EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"init.mp4\"\n\
                        #EXTINF:2.000000,\n0.m4s\n#EXTINF:0.500000,\n1.m4s\n#EXT-X-ENDLIST\n";
        assert_eq!(text, expected);
    }
}
