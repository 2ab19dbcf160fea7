//! What can be said of music without ears.

use std::{collections::HashSet, sync::LazyLock};

use legato_demo::{Piece, catalogue};

/// The first piece of each artist, and so of each style, rendered once for all tests.
static FIRSTS: LazyLock<Vec<Rendered>> = LazyLock::new(|| {
    let first = |piece: &Piece| Rendered { title: piece.title, frames: piece.frames(), file: piece.render() };
    catalogue().iter().map(|artist| first(&artist.releases[0].tracks[0])).collect()
});

struct Rendered {
    title: &'static str,
    frames: u32,
    file: Vec<u8>,
}

/// The samples of one piece, in -1..1.
struct Heard {
    left: Vec<f64>,
    right: Vec<f64>,
}

#[test]
fn the_catalogue_has_three_artists_four_releases_and_twelve_pieces() {
    let artists = catalogue();
    let releases: Vec<_> = artists.iter().flat_map(|artist| &artist.releases).collect();
    let pieces: Vec<_> = releases.iter().flat_map(|release| &release.tracks).collect();
    assert_eq!((artists.len(), releases.len(), pieces.len()), (3, 4, 12));
    assert_eq!(pieces.iter().map(|piece| piece.title).collect::<HashSet<_>>().len(), 12);
    assert!(releases.iter().all(|release| ["album", "ep", "single"].contains(&release.kind)));
    for piece in pieces {
        let seconds = piece.frames() / 44_100;
        assert!((60..150).contains(&seconds), "{} lasts {seconds} s", piece.title);
    }
}

#[test]
fn a_file_says_what_it_is() {
    let file = &FIRSTS[2].file;
    assert_eq!(&file[..4], b"RIFF");
    assert_eq!(u32_at(file, 4) as usize, file.len() - 8);
    assert_eq!(&file[8..16], b"WAVEfmt ");
    assert_eq!(u32_at(file, 24), 44_100);
    for tag in ["INAM\x0b\0\0\0Escapement\0", "IART", "IPRD", "ITRK\x02\0\0\x001\0", "ICOP\x08\0\0\0CC0 1.0\0"] {
        assert!(file[..400].windows(tag.len()).any(|window| window == tag.as_bytes()), "{tag:?} is missing");
    }
}

#[test]
fn each_style_sounds_and_is_neither_too_loud_nor_too_soft() {
    for piece in FIRSTS.iter() {
        let heard = Heard::of(&piece.file);
        assert_eq!(heard.left.len(), piece.frames as usize);
        for side in [&heard.left, &heard.right] {
            let peak = side.iter().fold(0.0, |peak: f64, x| peak.max(x.abs()));
            assert!((0.3..0.8).contains(&peak), "{}: peak {peak}", piece.title);
            let offset = side.iter().sum::<f64>() / side.len() as f64;
            assert!(offset.abs() < 1e-3, "{}: offset {offset}", piece.title);
            assert!((-23.0..-14.0).contains(&decibels(side)), "{}: {} dB", piece.title, decibels(side));
            assert!(decibels(&side[..400]) < -50.0 && decibels(&side[side.len() - 400..]) < -70.0, "{}", piece.title);
        }
    }
}

#[test]
fn no_piece_falls_silent_and_its_sections_differ() {
    for piece in FIRSTS.iter() {
        let heard = Heard::of(&piece.file);
        let body = &heard.left[44_100..heard.left.len() - 6 * 44_100];
        let seconds: Vec<f64> = body.chunks_exact(2 * 44_100).map(decibels).collect();
        assert!(seconds.iter().all(|level| *level > -45.0), "{seconds:.0?}");
        let loudest = seconds.iter().fold(-99.0, |most: f64, level| most.max(*level));
        let softest = seconds.iter().fold(0.0, |least: f64, level| least.min(*level));
        assert!(loudest - softest > 4.0, "{seconds:.0?}");
    }
}

/// The sum changes when the music does; it must not with the machine or the profile.
#[test]
fn a_piece_is_the_same_bytes_everywhere() {
    assert_eq!(format!("{:016x}", fingerprint(&FIRSTS[2].file)), "a057aae5406eb662");
}

impl Heard {
    fn of(file: &[u8]) -> Self {
        let data = file.windows(4).position(|window| window == b"data").expect("a data chunk") + 8;
        let samples: Vec<f64> = file[data..]
            .chunks_exact(2)
            .map(|pair| f64::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0)
            .collect();
        let side = |first: usize| samples.iter().skip(first).step_by(2).copied().collect();
        Self { left: side(0), right: side(1) }
    }
}

fn decibels(samples: &[f64]) -> f64 {
    10.0 * (samples.iter().map(|x| x * x).sum::<f64>() / samples.len() as f64 + 1e-12).log10()
}

fn u32_at(file: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]])
}

/// FNV-1a.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn every_release_and_artist_has_a_picture_of_its_own() {
    let artists = catalogue();
    let covers = artists.iter().flat_map(|artist| &artist.releases).map(legato_demo::DemoRelease::cover);
    let pictures: Vec<Vec<u8>> = covers.chain(artists.iter().map(legato_demo::DemoArtist::avatar)).collect();
    assert_eq!(pictures.iter().collect::<HashSet<_>>().len(), 7);
    for picture in &pictures {
        assert_eq!(&picture[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(picture[16..24], [0, 0, 4, 0, 0, 0, 4, 0]);
    }
    assert!(pictures[0] == artists[0].releases[0].cover(), "the same title is the same picture");
}
