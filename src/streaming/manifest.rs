//! DASH manifests (ISO/IEC 23009-1), as text: the segments of HLS under another description.

use std::fmt::Write;

use crate::artists::{PlayableRendition, RenditionKind, SegmentIndex};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" \
     profiles=\"urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019\" type=\"static\" \
     minBufferTime=\"PT2S\"";

const CHANNELS: &str = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011";

/// The manifest: a set for each codec, whose representations a player may change between; `None` where there are no
/// segments. Its URIs are relative, so that it is the same for all.
///
/// `presentationTimeOffset` stays 0: the pre-skip is taken off by the edit list of the init segment.
pub(super) fn manifest(renditions: &[PlayableRendition]) -> Option<String> {
    let segmented: Vec<(&PlayableRendition, &SegmentIndex)> =
        renditions.iter().filter_map(|rendition| Some((rendition, rendition.segments.as_deref()?))).collect();
    let longest = segmented.iter().map(|(_, index)| index.music_seconds()).fold(0.0, f64::max);
    segmented.first()?;
    // Writing to a string does not fail.
    let mut text = HEAD.to_owned();
    let _ = writeln!(text, " mediaPresentationDuration=\"PT{longest:.3}S\">\n  <Period id=\"0\" start=\"PT0S\">");
    // What nearly everybody can hear goes before what needs a fast connection.
    let kinds = [(3, RenditionKind::OpusCmaf), (2, RenditionKind::AacCmaf), (1, RenditionKind::FlacCmaf)];
    for (priority, kind) in kinds {
        let mut set: Vec<_> = segmented.iter().filter(|(rendition, _)| rendition.kind == kind).collect();
        set.sort_by_key(|(rendition, _)| rendition.bitrate_bps);
        if !set.is_empty() {
            let _ = writeln!(
                text,
                "    <AdaptationSet id=\"{priority}\" contentType=\"audio\" mimeType=\"audio/mp4\" \
                 segmentAlignment=\"{}\" startWithSAP=\"1\" selectionPriority=\"{priority}\">",
                kind != RenditionKind::FlacCmaf
            );
            set.into_iter().for_each(|(rendition, index)| represent(rendition, index, &mut text));
            text.push_str("    </AdaptationSet>\n");
        }
    }
    text.push_str("  </Period>\n</MPD>\n");
    Some(text)
}

fn represent(rendition: &PlayableRendition, index: &SegmentIndex, text: &mut String) {
    let PlayableRendition { name, bitrate_bps, kind, .. } = rendition;
    let (codec, rate_hz) = (kind.codec(), index.timescale_hz);
    let bandwidth = index.peak_bps().max(u64::from(bitrate_bps.unsigned_abs()));
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "      <Representation id=\"{name}\" codecs=\"{codec}\" bandwidth=\"{bandwidth}\" audioSamplingRate=\"{rate_hz}\">"
    );
    if let Some(channels) = index.channels {
        let _ = writeln!(text, "        <AudioChannelConfiguration schemeIdUri=\"{CHANNELS}\" value=\"{channels}\"/>");
    }
    let _ = writeln!(
        text,
        "        <SegmentTemplate timescale=\"{rate_hz}\" startNumber=\"0\" initialization=\"{name}/init.mp4\" \
         media=\"{name}/$Number$.m4s\">\n          <SegmentTimeline>"
    );
    for run in index.segments.chunk_by(|one, next| one.duration == next.duration) {
        let _ = match run.len() {
            1 => writeln!(text, "            <S d=\"{}\"/>", run[0].duration),
            many => writeln!(text, "            <S d=\"{}\" r=\"{}\"/>", run[0].duration, many - 1),
        };
    }
    text.push_str("          </SegmentTimeline>\n        </SegmentTemplate>\n      </Representation>\n");
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn rendition(name: &str, kind: RenditionKind, index: &str) -> PlayableRendition {
        PlayableRendition {
            name: name.into(),
            kind,
            mime: kind.mime().into(),
            bitrate_bps: 131_000,
            object_key: "curated/00/00".into(),
            segments: Some(Arc::new(serde_json::from_str(index).expect("an index"))),
        }
    }

    #[test]
    fn a_manifest_has_a_set_for_each_codec() {
        let opus = r#"{"init_bytes": 50, "timescale_hz": 48000, "pre_skip": 312, "channels": 2, "segments": [
            {"offset": 50, "size": 9000, "duration": 96000}, {"offset": 9050, "size": 9000, "duration": 288000},
            {"offset": 18050, "size": 9000, "duration": 288000}, {"offset": 27050, "size": 100, "duration": 24312}]}"#;
        let flac = r#"{"init_bytes": 50, "timescale_hz": 44100, "media_key": "curated/11/11", "segments": [
            {"offset": 50, "size": 300, "duration": 90112, "media": {"offset": 8000, "size": 200000}}]}"#;
        let renditions = [
            rendition("flac_cmaf", RenditionKind::FlacCmaf, flac),
            rendition("opus_cmaf_128", RenditionKind::OpusCmaf, opus),
        ];
        let text = manifest(&renditions).expect("there are segments");
        for expected in [
            "mediaPresentationDuration=\"PT14.500S\"",
            "<AdaptationSet id=\"3\" contentType=\"audio\" mimeType=\"audio/mp4\" segmentAlignment=\"true\"",
            "<Representation id=\"opus_cmaf_128\" codecs=\"opus\" bandwidth=\"131000\" audioSamplingRate=\"48000\">",
            "value=\"2\"/>",
            "initialization=\"opus_cmaf_128/init.mp4\" media=\"opus_cmaf_128/$Number$.m4s\"",
            "<S d=\"96000\"/>\n            <S d=\"288000\" r=\"1\"/>\n            <S d=\"24312\"/>",
            "<Representation id=\"flac_cmaf\" codecs=\"fLaC\" bandwidth=\"784201\" audioSamplingRate=\"44100\">",
        ] {
            assert!(text.contains(expected), "no {expected} in {text}");
        }
        assert_eq!(text.matches("<AdaptationSet").count(), 2);
        assert_eq!(manifest(&[]), None);
    }
}
