//! HLS playlists (RFC 8216), as text.

use std::fmt::Write;

use crate::artists::SegmentIndex;

/// The master playlist: one variant, by a relative URI.
pub(super) fn master(rendition: &str, bitrate_bps: i32) -> String {
    // The peak of a variable bit rate lies some way above its mean.
    let peak = i64::from(bitrate_bps) * 5 / 4;
    format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n\
         #EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={bitrate_bps},CODECS=\"opus\"\n{rendition}/media.m3u8\n"
    )
}

/// The media playlist of an index: an init segment and numbered media segments.
pub(super) fn media(index: &SegmentIndex) -> String {
    let seconds = |duration: u64| duration as f64 / f64::from(index.timescale_hz);
    let longest = index.segments.iter().map(|segment| seconds(segment.duration).round() as u64).max().unwrap_or(1);
    let mut text = format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{}\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n\
         #EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"init.mp4\"\n",
        longest.max(1)
    );
    for (number, segment) in index.segments.iter().enumerate() {
        // Writing to a string does not fail.
        let _ = write!(text, "#EXTINF:{:.6},\n{number}.m4s\n", seconds(segment.duration));
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

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
