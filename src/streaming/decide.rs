//! What to send: a pure function of what the track has, what the client plays, and what a second of music may cost.

use legato_audio::Rung;

use crate::artists::{Playable, PlayableRendition, RenditionKind};
use crate::platform::db::named;

/// What is made on the fly for who plays nothing that is there, in bits per second, unless it may cost less.
const LIVE_OPUS_BPS: i32 = 128_000;

/// What MP3 made on the fly costs: `-V 0` of most music, and 320 kbit/s.
const LIVE_V0_BPS: i32 = 245_000;
const LIVE_CBR_BPS: i32 = 320_000;

named! {
    /// How what is sent comes about.
    pub(crate) enum How {
        /// The original's very samples.
        Direct = "direct",
        /// A form that was made beforehand.
        Rendition = "rendition",
        /// Made while it is listened to.
        OnTheFly = "on_the_fly",
    }
}

named! {
    /// Why it is this form and no other.
    pub(crate) enum ChoiceReason {
        /// There is none that is worth more to this listener.
        Best = "best",
        /// The client or the account asked for it.
        LosslessWished = "lossless_wished",
        /// The client plays no better one.
        ClientPlaysNoOther = "client_plays_no_other",
        /// The client asked for a lower bit rate.
        BitrateWished = "bitrate_wished",
        /// What the client says of its network.
        Network = "network",
        /// What the account says that it wants.
        AccountLimit = "account_limit",
        /// What this server's line carries.
        ServerLimit = "server_limit",
        /// All cost more than they may; this one the least.
        Least = "least",
        /// Nothing that was made beforehand fits.
        NotPrepared = "not_prepared",
    }
}

/// What a second of music may cost, in bits, and who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ceiling {
    pub(super) bps: i32,
    pub(super) reason: ChoiceReason,
}

/// What a client can play, and may.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms {
    /// MIME types as browsers write them (`audio/mp4; codecs="opus"`, `audio/*`); an empty list accepts all.
    pub(super) accept: Vec<String>,
    /// The lowest of all that are set.
    pub(super) ceiling: Option<Ceiling>,
    /// The original's very samples rather than fewer bytes.
    pub(super) lossless: bool,
    /// Nothing is made on the fly.
    pub(super) prepared_only: bool,
}

/// A form of a track.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form<'a> {
    Made(&'a PlayableRendition),
    Live { rung: Rung, mime: &'static str, bitrate_bps: i32 },
}

/// A form, and why it is this one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Choice<'a> {
    pub(super) form: Form<'a>,
    pub(super) how: How,
    pub(super) why: Vec<ChoiceReason>,
}

/// What to play; the client takes segments where it can.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decision<'a> {
    /// A whole file.
    pub(super) stream: Option<Choice<'a>>,
    /// Segments, in as many renditions as there are: this is the best of them for this client.
    pub(super) segments: Option<Choice<'a>>,
}

/// `None`: nothing that the client accepts is there or can be made.
pub(super) fn decide<'a>(track: &'a Playable, terms: &Terms) -> Option<Decision<'a>> {
    let formed = |segments: bool| {
        let formed = track.renditions.iter().filter(move |rendition| rendition.segments.is_some() == segments);
        formed.collect::<Vec<_>>()
    };
    let (stream, segments) = (made(&formed(false), terms), made(&formed(true), terms));
    // What costs a little more than it may is there at once, and can be sought.
    let fits = |choice: &Option<Choice<'_>>| choice.as_ref().is_some_and(|choice| !choice.exceeds_twice(terms));
    let is_served = fits(&stream) || fits(&segments) || track.renditions.is_empty() || terms.prepared_only;
    let stream = if is_served { stream } else { live(terms).or(stream) };
    (stream.is_some() || segments.is_some()).then_some(Decision { stream, segments })
}

// The best that the client plays of what was made beforehand; where everything costs more than it may, the least.
fn made<'a>(all: &[&'a PlayableRendition], terms: &Terms) -> Option<Choice<'a>> {
    let accepted = || all.iter().copied().filter(|rendition| accepts(&terms.accept, &rendition.mime));
    let fits = |rendition: &&PlayableRendition| terms.allow(rendition.bitrate_bps);
    let worth = |rendition: &PlayableRendition| worth(rendition, terms.lossless);
    let chosen = accepted().filter(fits).max_by_key(|rendition| worth(rendition));
    let least = accepted().min_by_key(|rendition| (rendition.kind.is_lossless(), rendition.bitrate_bps));
    let (rendition, is_least) = (chosen.or(least)?, chosen.is_none());
    let mut why = Vec::new();
    if is_least {
        why.push(ChoiceReason::Least);
    }
    if terms.lossless && rendition.kind.is_lossless() {
        why.push(ChoiceReason::LosslessWished);
    }
    let is_better = |other: &&PlayableRendition| worth(other) > worth(rendition);
    if let (Some(ceiling), true) = (terms.ceiling, accepted().any(|other| is_better(&other) || is_least)) {
        why.push(ceiling.reason);
    }
    if all.iter().any(|other| is_better(other) && !accepts(&terms.accept, &other.mime)) {
        why.push(ChoiceReason::ClientPlaysNoOther);
    }
    if why.is_empty() {
        why.push(ChoiceReason::Best);
    }
    let is_original = matches!(rendition.name.as_str(), "flac" | "flac_cmaf");
    let how = if is_original { How::Direct } else { How::Rendition };
    Some(Choice { form: Form::Made(rendition), how, why })
}

// What can be made while it is listened to.
fn live<'a>(terms: &Terms) -> Option<Choice<'a>> {
    let most = terms.ceiling.map_or(i32::MAX, |ceiling| ceiling.bps);
    let mut why = vec![ChoiceReason::NotPrepared];
    let form = if accepts(&terms.accept, RenditionKind::OpusOgg.mime()) {
        let bitrate_bps = most.clamp(16_000, LIVE_OPUS_BPS);
        let kbps = u16::try_from(bitrate_bps / 1000).ok()?;
        Form::Live { rung: Rung::Opus { kbps }, mime: RenditionKind::OpusOgg.mime(), bitrate_bps }
    } else if accepts(&terms.accept, RenditionKind::Mp3.mime()) {
        let is_wide = most >= LIVE_CBR_BPS;
        let (rung, bitrate_bps) = if is_wide { (Rung::Mp3Cbr320, LIVE_CBR_BPS) } else { (Rung::Mp3V0, LIVE_V0_BPS) };
        if most < LIVE_V0_BPS {
            why.push(ChoiceReason::Least);
        }
        Form::Live { rung, mime: RenditionKind::Mp3.mime(), bitrate_bps }
    } else {
        return None;
    };
    why.extend(terms.ceiling.filter(|ceiling| ceiling.bps < LIVE_CBR_BPS).map(|ceiling| ceiling.reason));
    Some(Choice { form, how: How::OnTheFly, why })
}

impl Terms {
    fn allow(&self, bps: i32) -> bool {
        self.ceiling.is_none_or(|ceiling| bps <= ceiling.bps)
    }
}

impl Choice<'_> {
    fn exceeds_twice(&self, terms: &Terms) -> bool {
        match self.form {
            Form::Made(rendition) => !terms.allow(rendition.bitrate_bps / 2),
            Form::Live { .. } => false,
        }
    }
}

/// What is wished for goes before the better codec, and that before more bits.
fn worth(rendition: &PlayableRendition, lossless: bool) -> (u8, i32) {
    let class = match rendition.kind {
        RenditionKind::Flac | RenditionKind::FlacCmaf if lossless => 4,
        RenditionKind::OpusOgg | RenditionKind::OpusCmaf => 3,
        RenditionKind::Aac | RenditionKind::AacCmaf => 2,
        RenditionKind::Mp3 => 1,
        RenditionKind::Flac | RenditionKind::FlacCmaf => 0,
    };
    (class, rendition.bitrate_bps)
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
mod tests;
