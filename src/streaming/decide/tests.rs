//! The table of what is sent to whom.

use std::sync::Arc;

use super::*;
use crate::artists::SegmentIndex;
use crate::platform::id::{ArtistId, ReleaseId, TrackId};
use crate::streaming::client::Client;

fn rendition(name: &str, kind: RenditionKind, bitrate_bps: i32) -> PlayableRendition {
    let segments = kind.mime().starts_with("audio/mp4").then(|| Arc::new(SegmentIndex::default()));
    PlayableRendition {
        name: name.to_owned(),
        kind,
        mime: kind.mime().to_owned(),
        bitrate_bps,
        object_key: "curated/00/00".to_owned(),
        segments,
    }
}

/// A track with all forms of the default ladder, and MP3.
fn track() -> Playable {
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
        integrated_loudness_lufs: None,
        true_peak_dbtp: None,
        renditions: vec![
            rendition("opus_ogg_64", RenditionKind::OpusOgg, 65_000),
            rendition("opus_cmaf_64", RenditionKind::OpusCmaf, 65_000),
            rendition("opus_ogg_128", RenditionKind::OpusOgg, 131_000),
            rendition("opus_cmaf_128", RenditionKind::OpusCmaf, 131_000),
            rendition("mp3_320", RenditionKind::Mp3, 320_000),
            rendition("flac", RenditionKind::Flac, 900_000),
            rendition("flac_cmaf", RenditionKind::FlacCmaf, 900_000),
        ],
        territories: None,
        preview_start_ms: 0,
    }
}

fn terms(accept: &[&str]) -> Terms {
    Terms { accept: accept.iter().map(|mime| (*mime).to_owned()).collect(), ..Terms::default() }
}

fn below(bps: i32, reason: ChoiceReason) -> Terms {
    Terms { ceiling: Some(Ceiling { bps, reason }), ..Terms::default() }
}

/// The name of a form, how it comes about, and why it is this one.
fn told(choice: Option<&Choice<'_>>) -> Option<(String, How, Vec<ChoiceReason>)> {
    let choice = choice?;
    let name = match &choice.form {
        Form::Made(rendition) => rendition.name.clone(),
        Form::Live { rung, .. } => rung.to_string(),
    };
    Some((name, choice.how, choice.why.clone()))
}

fn stream(track: &Playable, terms: &Terms) -> Option<(String, How, Vec<ChoiceReason>)> {
    told(decide(track, terms)?.stream.as_ref())
}

fn is(name: &str, how: How, why: &[ChoiceReason]) -> Option<(String, How, Vec<ChoiceReason>)> {
    Some((name.to_owned(), how, why.to_vec()))
}

#[test]
fn a_client_gets_the_best_that_it_plays() {
    use ChoiceReason::{Best, ClientPlaysNoOther};
    let track = track();
    for (accept, name, how, why) in [
        (&[][..], "opus_ogg_128", How::Rendition, Best),
        (&["*/*"], "opus_ogg_128", How::Rendition, Best),
        (&["audio/*"], "opus_ogg_128", How::Rendition, Best),
        (&["audio/ogg; codecs=\"Opus\""], "opus_ogg_128", How::Rendition, Best),
        (&["audio/mpeg", "audio/flac"], "mp3_320", How::Rendition, ClientPlaysNoOther),
        (&["audio/flac"], "flac", How::Direct, ClientPlaysNoOther),
    ] {
        assert_eq!(stream(&track, &terms(accept)), is(name, how, &[why]), "{accept:?}");
    }
    assert_eq!(decide(&track, &terms(&["audio/ogg; codecs=vorbis", "video/mp4"])), None);
    let segments = |accept| told(decide(&track, &terms(accept)).expect("playable").segments.as_ref());
    assert_eq!(segments(&["audio/mp4; codecs=opus"]), is("opus_cmaf_128", How::Rendition, &[Best]));
    assert_eq!(segments(&["audio/mp4; codecs=flac"]), is("flac_cmaf", How::Direct, &[ClientPlaysNoOther]));
    assert_eq!(segments(&["audio/ogg"]), None);
}

#[test]
fn a_known_client_needs_no_list() {
    let track = track();
    for (client, whole, segments) in [
        (Client::Chromium, Some("opus_ogg_128"), Some("opus_cmaf_128")),
        (Client::Firefox, Some("opus_ogg_128"), Some("opus_cmaf_128")),
        (Client::Safari, Some("mp3_320"), Some("opus_cmaf_128")),
        (Client::Chromecast, Some("opus_ogg_128"), None),
        (Client::Sonos, Some("mp3_320"), None),
        (Client::Vlc, Some("opus_ogg_128"), Some("opus_cmaf_128")),
        (Client::Mp3, Some("mp3_320"), None),
    ] {
        let decision = decide(&track, &Terms { accept: client.accept(), ..Terms::default() }).expect("playable");
        let name = |choice: Option<&Choice<'_>>| told(choice).map(|(name, ..)| name);
        let found = (name(decision.stream.as_ref()), name(decision.segments.as_ref()));
        assert_eq!((found.0.as_deref(), found.1.as_deref()), (whole, segments), "{client:?}");
    }
}

#[test]
fn a_listener_spends_no_more_than_they_may_and_hears_whose_limit_it_is() {
    let track = track();
    for reason in
        [ChoiceReason::BitrateWished, ChoiceReason::Network, ChoiceReason::AccountLimit, ChoiceReason::ServerLimit]
    {
        assert_eq!(stream(&track, &below(100_000, reason)), is("opus_ogg_64", How::Rendition, &[reason]));
    }
    // What limits nothing is no reason.
    assert_eq!(
        stream(&track, &below(200_000, ChoiceReason::Network)),
        is("opus_ogg_128", How::Rendition, &[ChoiceReason::Best])
    );
    // A little too much is there at once; far too much is made smaller.
    let wished = ChoiceReason::BitrateWished;
    assert_eq!(
        stream(&track, &below(48_000, wished)),
        is("opus_ogg_64", How::Rendition, &[ChoiceReason::Least, wished])
    );
    assert_eq!(
        stream(&track, &below(24_000, wished)),
        is("opus_24", How::OnTheFly, &[ChoiceReason::NotPrepared, wished])
    );
    assert_eq!(
        stream(&track, &below(1_000, wished)),
        is("opus_16", How::OnTheFly, &[ChoiceReason::NotPrepared, wished])
    );
    let segments = told(decide(&track, &below(48_000, wished)).expect("playable").segments.as_ref());
    assert_eq!(segments, is("opus_cmaf_64", How::Rendition, &[ChoiceReason::Least, wished]));
}

#[test]
fn lossless_is_for_those_who_wish_it() {
    let track = track();
    let lossless = Terms { lossless: true, ..Terms::default() };
    assert_eq!(stream(&track, &lossless), is("flac", How::Direct, &[ChoiceReason::LosslessWished]));
    let both = Terms { lossless: true, ..below(400_000, ChoiceReason::AccountLimit) };
    assert_eq!(stream(&track, &both), is("opus_ogg_128", How::Rendition, &[ChoiceReason::AccountLimit]));
    let opus = Terms { lossless: true, ..terms(&["audio/ogg"]) };
    assert_eq!(stream(&track, &opus), is("opus_ogg_128", How::Rendition, &[ChoiceReason::ClientPlaysNoOther]));
}

#[test]
fn what_was_not_prepared_is_made_on_the_fly() {
    use ChoiceReason::{Least, Network, NotPrepared};
    let mut track = track();
    track.renditions.retain(|rendition| rendition.kind.is_lossless());
    let mp3 = |ceiling: Option<i32>| Terms {
        ceiling: ceiling.map(|bps| Ceiling { bps, reason: Network }),
        ..terms(&["audio/mpeg"])
    };
    assert_eq!(stream(&track, &mp3(None)), is("mp3_320", How::OnTheFly, &[NotPrepared]));
    assert_eq!(stream(&track, &mp3(Some(300_000))), is("mp3_v0", How::OnTheFly, &[NotPrepared, Network]));
    assert_eq!(stream(&track, &mp3(Some(100_000))), is("mp3_v0", How::OnTheFly, &[NotPrepared, Least, Network]));
    // A phone is not sent lossless where it asked for a hundred kilobits.
    let phone = stream(&track, &below(100_000, Network));
    assert_eq!(phone, is("opus_100", How::OnTheFly, &[NotPrepared, Network]));
    // A track that has nothing cannot be made anything of.
    track.renditions.clear();
    assert_eq!(decide(&track, &Terms::default()), None);
}
