//! What files say about themselves.

use crate::support::{ffmpeg, ffmpeg_file, library, open, sine, wav};
use legato_audio::{Limits, MusicBrainzIds, ReplayGain, Tags, probe, probe_with_cover};
use std::io::Cursor;

fn sound() -> Vec<u8> {
    wav(44_100, 1, &sine(44_100, 22_050, 440.0))
}

fn tags_of(source: Vec<u8>) -> Tags {
    probe(Cursor::new(source), None, &Limits::default()).expect("the source is fine").tags
}

/// An ID3v2 tag before a WAV file; in version 4 lengths have seven bits to a byte.
fn tagged(version: u8, frames: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let syncsafe = |length: usize| [21, 14, 7, 0].map(|shift| (length >> shift & 0x7f) as u8);
    let mut body = Vec::new();
    for (id, content) in frames {
        body.extend(*id);
        body.extend(if version == 4 { syncsafe(content.len()) } else { (content.len() as u32).to_be_bytes() });
        body.extend([0, 0]);
        body.extend(content);
    }
    [b"ID3".as_slice(), &[version, 0, 0], &syncsafe(body.len()), &body, &sound()].concat()
}

fn text(encoding: u8, text: &str) -> Vec<u8> {
    let utf_16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let encoded = match encoding {
        0 => text.chars().map(|c| c as u8).collect(),
        1 => [vec![0xff, 0xfe], utf_16(u16::to_le_bytes)].concat(),
        2 => utf_16(u16::to_be_bytes),
        _ => text.as_bytes().to_vec(),
    };
    [vec![encoding], encoded].concat()
}

#[test]
fn every_encoding_of_id3_is_read() {
    for version in [3, 4] {
        for (encoding, title) in [(0, "Über Bögen"), (1, "北の山 🎵"), (2, "北の山 🎵"), (3, "北の山 🎵")]
        {
            let tags = tags_of(tagged(version, &[(b"TIT2", text(encoding, title))]));
            assert_eq!(tags.title.as_deref(), Some(title), "version {version}, encoding {encoding}");
        }
    }
}

#[test]
fn text_that_is_not_what_it_says_does_no_harm() {
    // Shift-JIS that claims to be Latin-1, a broken UTF-8, half a character of UTF-16, a lone surrogate, nothing.
    let broken: [&[u8]; 6] =
        [b"\x00\x96k\x82\xcc\x8eR", b"\x03\xff\xfe\xc3", b"\x01\xff\xfe\x17", b"\x02\xd8\x00", b"\x00", b"\x09abc"];
    for (version, bytes) in [3, 4].into_iter().flat_map(|version| broken.map(|bytes| (version, bytes))) {
        let tags = tags_of(tagged(version, &[(b"TPE1", bytes.to_vec()), (b"TIT2", text(3, "Rivers"))]));
        assert_eq!(tags.title.as_deref(), Some("Rivers"), "{bytes:?}");
        assert!(tags.artist.is_none_or(|artist| artist.chars().all(|c| !c.is_control())), "{bytes:?}");
    }
}

#[test]
fn all_that_is_looked_for_is_found_in_id3() {
    let lyrics = [b"\x03eng\0".as_slice(), b"One\ntwo"].concat();
    let timed = [b"\x03eng\x02\x01\0".as_slice(), b"One\0\0\0\x01\xf4", b"two\0\0\0\x05\xdc"].concat();
    let frames: [(&[u8; 4], Vec<u8>); 16] = [
        (b"TIT2", text(3, "Rivers")),
        (b"TPE1", text(3, "Nina")),
        (b"TALB", text(3, "Tides")),
        (b"TPE2", text(3, "The Tides")),
        (b"TRCK", text(3, "3/12")),
        (b"TPOS", text(3, "1/2")),
        (b"TDRC", text(3, "2026-11-28T10:00:00")),
        (b"TCON", text(3, "Folk")),
        (b"TCOM", text(3, "N. Ina")),
        (b"TSRC", text(3, "US-RC1-76-07839")),
        (b"USLT", lyrics),
        (b"SYLT", timed),
        (b"TXXX", text(3, "REPLAYGAIN_TRACK_GAIN\0-7.43 dB")),
        (b"TXXX", text(3, "replaygain_track_peak\u{0}0.988")),
        (b"TXXX", text(3, "REPLAYGAIN_ALBUM_GAIN\0+1.50 dB")),
        (b"TXXX", text(3, "SOMETHING\0else")),
    ];
    let tags = tags_of(tagged(4, &frames));
    let words = tags.lyrics.clone().expect("words");
    assert_eq!(words.text, "One\ntwo");
    assert_eq!(
        words.lines.iter().map(|line| (line.at_ms, line.text.as_str())).collect::<Vec<_>>(),
        [(500, "One"), (1_500, "two")]
    );
    let some = |text: &str| Some(text.to_owned());
    let gain =
        ReplayGain { track_gain_db: Some(-7.43), track_peak: Some(0.988), album_gain_db: Some(1.5), album_peak: None };
    let expected = Tags {
        title: some("Rivers"),
        artist: some("Nina"),
        album: some("Tides"),
        album_artist: some("The Tides"),
        track_number: Some(3),
        track_total: Some(12),
        disc_number: Some(1),
        disc_total: Some(2),
        date: some("2026-11-28"),
        genre: some("Folk"),
        composer: some("N. Ina"),
        isrc: some("USRC17607839"),
        musicbrainz: MusicBrainzIds::default(),
        lyrics: tags.lyrics.clone(),
        replay_gain: Some(gain),
    };
    assert_eq!(tags, expected);
}

/// As ffmpeg writes them into each container: the names of the keys are its own.
#[test]
fn the_other_ways_to_write_tags_are_read_too() {
    let metadata = [
        "title=Rivers",
        "artist=Nina",
        "album=Tides",
        "album_artist=The Tides",
        "track=3/12",
        "disc=1/2",
        "date=2026-11-28",
        "genre=Folk",
        "composer=N. Ina",
        "lyrics=One",
    ];
    let arguments: Vec<&str> = metadata.iter().flat_map(|pair| ["-metadata", *pair]).collect();
    for extension in ["flac", "ogg", "opus", "m4a", "mp3", "mkv"] {
        let codec: &[&str] = match extension {
            "mkv" => &["-c:a", "flac"],
            "ogg" => &["-c:a", "libvorbis"],
            _ => &[],
        };
        let Some(made) = ffmpeg_file(&[&arguments[..], codec].concat(), sound(), extension) else { return };
        let tags = tags_of(made);
        let found = [&tags.title, &tags.artist, &tags.album].map(Option::as_deref);
        // ffmpeg writes the title of a Matroska as the segment's, which symphonia does not hand over.
        let title = (extension != "mkv").then_some("Rivers");
        assert_eq!(found, [title, Some("Nina"), Some("Tides")], "{extension}: {tags:?}");
        assert_eq!(tags.genre.as_deref(), Some("Folk"), "{extension}");
        assert_eq!(tags.track_number, Some(3), "{extension}");
        // ffmpeg writes all of a Matroska's tags for the album, whose artist then has two names.
        let album_artist = if extension == "mkv" { "Nina" } else { "The Tides" };
        assert_eq!(tags.album_artist.as_deref(), Some(album_artist), "{extension}: {tags:?}");
        assert_eq!(tags.composer.as_deref(), Some("N. Ina"), "{extension}");
        assert!(tags.date.is_some_and(|date| date.starts_with("2026")), "{extension}");
    }
}

/// An identifier with one digit of its own.
fn mbid(digit: char) -> String {
    format!("{digit}b11f4ce-a62d-471e-81fc-a69a8278c7da")
}

fn all_ids() -> MusicBrainzIds {
    let [artist, album_artist, release, release_group, recording, work] =
        ['1', '2', '3', '4', '5', '6'].map(|digit| Some(mbid(digit)));
    MusicBrainzIds { artist, album_artist, release, release_group, recording, work }
}

#[test]
fn what_musicbrainz_calls_it_is_found_in_id3() {
    let named = |name: &str, digit| text(3, &format!("{name}\0{}", mbid(digit)));
    let unique = |owner: &str, id: &str| [owner.as_bytes(), b"\0", id.as_bytes()].concat();
    let frames: [(&[u8; 4], Vec<u8>); 9] = [
        (b"UFID", unique("http://www.cddb.com/id3/taginfo1.html", &mbid('9'))),
        (b"UFID", unique("http://musicbrainz.org", &mbid('5').to_uppercase())),
        (b"TXXX", text(3, &format!("MusicBrainz Artist Id\0{}/{}", mbid('1'), mbid('9')))),
        (b"TXXX", named("MusicBrainz Album Artist Id", '2')),
        (b"TXXX", named("MusicBrainz Album Id", '3')),
        (b"TXXX", named("MusicBrainz Release Group Id", '4')),
        // The place on the release is no recording.
        (b"TXXX", named("MusicBrainz Release Track Id", '9')),
        (b"TXXX", named("MusicBrainz Work Id", '6')),
        (b"TXXX", text(3, "MusicBrainz Disc Id\0nonsense")),
    ];
    for version in [3, 4] {
        assert_eq!(tags_of(tagged(version, &frames)).musicbrainz, all_ids(), "{version}");
    }
    let nonsense =
        [(b"UFID", unique("http://musicbrainz.org", "nonsense")), (b"TXXX", text(3, "MusicBrainz Work Id\0-"))];
    assert_eq!(tags_of(tagged(4, &nonsense)).musicbrainz, MusicBrainzIds::default());
}

#[test]
fn what_musicbrainz_calls_it_is_found_in_comments() {
    let names = ["ARTISTID", "ALBUMARTISTID", "ALBUMID", "RELEASEGROUPID", "TRACKID", "WORKID"];
    let pairs: Vec<String> = names
        .iter()
        .zip('1'..)
        .map(|(name, digit)| format!("MUSICBRAINZ_{name}={}", mbid(digit)))
        .chain([format!("MUSICBRAINZ_RELEASETRACKID={}", mbid('9'))])
        .collect();
    let arguments: Vec<&str> = pairs.iter().flat_map(|pair| ["-metadata", pair.as_str()]).collect();
    for extension in ["flac", "ogg", "opus", "mkv"] {
        let codec: &[&str] = match extension {
            "mkv" => &["-c:a", "flac"],
            "ogg" => &["-c:a", "libvorbis"],
            _ => &[],
        };
        let Some(made) = ffmpeg_file(&[&arguments[..], codec].concat(), sound(), extension) else { return };
        assert_eq!(tags_of(made).musicbrainz, all_ids(), "{extension}");
    }
}

/// The same MP4 file with atoms at the end of its list, which `moov` at the end of the file ends with.
fn with_atoms(mut file: Vec<u8>, atoms: &[u8]) -> Vec<u8> {
    for name in [b"moov", b"udta", b"meta", b"ilst"] {
        let at = file.windows(4).rposition(|four| four == name).expect("a box") - 4;
        let size = u32::from_be_bytes(file[at..at + 4].try_into().expect("four bytes"));
        assert_eq!(at + size as usize, file.len(), "ends the file");
        file[at..at + 4].copy_from_slice(&(size + atoms.len() as u32).to_be_bytes());
    }
    [file.as_slice(), atoms].concat()
}

#[test]
fn what_musicbrainz_calls_it_is_found_in_mp4() {
    let atom =
        |name: &[u8; 4], content: &[u8]| [&(content.len() as u32 + 8).to_be_bytes(), name.as_slice(), content].concat();
    let freeform = |name: &str, value: &str| {
        let parts = [
            atom(b"mean", b"\0\0\0\0com.apple.iTunes"),
            atom(b"name", &[b"\0\0\0\0", name.as_bytes()].concat()),
            atom(b"data", &[b"\0\0\0\x01\0\0\0\0", value.as_bytes()].concat()),
        ];
        atom(b"----", &parts.concat())
    };
    let names = ["Artist Id", "Album Artist Id", "Album Id", "Release Group Id", "Track Id", "Work Id"];
    let atoms = names.iter().zip('1'..).map(|(name, digit)| freeform(&format!("MusicBrainz {name}"), &mbid(digit)));
    let Some(made) = ffmpeg_file(&["-metadata", "title=Rivers"], sound(), "m4a") else { return };
    let tags = tags_of(with_atoms(made, &atoms.collect::<Vec<_>>().concat()));
    assert_eq!((tags.title.as_deref(), tags.musicbrainz), (Some("Rivers"), all_ids()));
}

#[test]
fn covers_come_out_as_they_went_in() {
    let picture = [b"\xff\xd8\xff\xe0".as_slice(), &[7; 900_000]].concat();
    let apic = |kind: u8, bytes: &[u8]| [b"\0image/png\0".as_slice(), &[kind, 0], bytes].concat();
    let read = |source: Vec<u8>| probe_with_cover(Cursor::new(source), None, &Limits::default()).expect("fine").1;
    for version in [3, 4] {
        // The back comes first, the front is the one; and the bytes say that it is no PNG.
        let back = [b"\x89PNG\r\n\x1a\n".as_slice(), &[1; 100]].concat();
        let source = tagged(version, &[(b"APIC", apic(4, &back)), (b"APIC", apic(3, &picture))]);
        let cover = read(source.clone()).expect("a cover");
        assert_eq!((cover.media_type, cover.bytes == picture), ("image/jpeg", true));
        // Who does not ask for it does not hold it, and hears the same.
        assert!(probe(Cursor::new(source), None, &Limits::default()).is_ok());
    }
    for bytes in [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".as_slice(), b"%PDF", b""] {
        assert_eq!(read(tagged(4, &[(b"APIC", apic(3, bytes))])), None);
    }
    let huge = [b"\xff\xd8\xff\xe0".as_slice(), &vec![7; 17 << 20]].concat();
    assert_eq!(read(tagged(4, &[(b"APIC", apic(3, &huge))])), None);
}

#[test]
fn covers_of_the_library_are_found() {
    let Some(library) = library() else { return };
    for (name, has_cover) in [
        ("flac_cover.flac", true),
        ("aac_cover.m4a", true),
        ("mp3_cover_id3v23.mp3", true),
        ("mp3_cbr_192k.mp3", false),
        ("wav_s16_44k.wav", false),
    ] {
        let path = library.join("good").join(name);
        let (_, cover) = probe_with_cover(open(&path), None, &Limits::default()).expect("the file is fine");
        assert_eq!(cover.is_some(), has_cover, "{name}");
        let Some(cover) = cover else { continue };
        let name = path.to_string_lossy();
        let arguments = ["-i", &name, "-map", "0:v", "-c", "copy", "-f", "image2pipe", "-"];
        let Some(theirs) = ffmpeg(&arguments, Vec::new()) else { return };
        assert!(cover.bytes == theirs, "{name}");
    }
}

/// A chunk of RIFF.
fn chunk(id: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut chunk = [id.as_slice(), &(content.len() as u32).to_le_bytes(), content].concat();
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

/// A WAV file with one more chunk, before its samples or behind them.
fn wave_with(more: &[u8], is_behind: bool) -> Vec<u8> {
    let sound = sound();
    let data = sound.windows(4).position(|id| id == b"data").expect("samples");
    let at = if is_behind { sound.len() } else { data };
    let mut wave = [&sound[..at], more, &sound[at..]].concat();
    let size = (wave.len() - 8) as u32;
    wave[4..8].copy_from_slice(&size.to_le_bytes());
    wave
}

#[test]
fn wave_files_say_it_before_and_behind_the_samples() {
    let list = [b"INFO".to_vec(), chunk(b"INAM", b"Tides\0"), chunk(b"IGNR", b"Jazz"), chunk(b"ITRK", b"7")].concat();
    let frames = [(b"TIT2", text(3, "Ebb")), (b"TCON", text(3, "Soul")), (b"TSRC", text(3, "DEA123456789"))];
    let id3 = tagged(4, &frames);
    let id3 = &id3[..id3.len() - sound().len()];
    for is_behind in [false, true] {
        let tags = tags_of(wave_with(&chunk(b"LIST", &list), is_behind));
        assert_eq!((tags.title.as_deref(), tags.genre.as_deref()), (Some("Tides"), Some("Jazz")), "{is_behind}");
        assert_eq!(tags.track_number, Some(7));
        for id in [b"id3 ", b"ID3 "] {
            let tags = tags_of(wave_with(&chunk(id, id3), is_behind));
            assert_eq!((tags.title.as_deref(), tags.genre.as_deref()), (Some("Ebb"), Some("Soul")), "{is_behind}");
            assert_eq!(tags.isrc.as_deref(), Some("DEA123456789"));
        }
    }
    // Both: ID3 speaks first, and what it does not say the list does.
    let both = [chunk(b"LIST", &list), chunk(b"id3 ", id3)].concat();
    let tags = tags_of(wave_with(&both, true));
    assert_eq!((tags.title.as_deref(), tags.track_number), (Some("Ebb"), Some(7)));
    // The music is the same, whatever stands around it.
    let samples = |source: Vec<u8>| crate::support::samples_of(Cursor::new(source));
    assert_eq!(samples(wave_with(&both, true)), samples(sound()));
}

#[test]
fn wave_files_by_ffmpeg_are_read() {
    let tagged = ["-metadata", "title=Tides", "-metadata", "genre=Jazz", "-metadata", "artist=Bj\u{f6}rk"];
    for extra in [&[] as &[&str], &["-write_id3v2", "1"]] {
        let arguments = [&tagged[..], extra, &["-c", "copy"]].concat();
        let Some(file) = ffmpeg_file(&arguments, sound(), "wav") else { return };
        let tags = tags_of(file);
        let told = [tags.title, tags.genre, tags.artist].map(Option::unwrap_or_default);
        assert_eq!(told, ["Tides", "Jazz", "Bj\u{f6}rk"], "{extra:?}");
    }
}
