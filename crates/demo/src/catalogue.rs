//! Who plays what: the invented artists, their releases and pieces.

use std::io::{self, Write};

use crate::{
    block::BLOCK,
    compose::{Setting, works},
    math::RATE,
    mix::Desk,
    picture::Scene,
    plan::Sketch,
    random::Random,
    score::Score,
    wav,
};

#[derive(Clone)]
pub struct DemoArtist {
    /// Lower-case letters and hyphens.
    pub handle: &'static str,
    pub name: &'static str,
    pub releases: Vec<DemoRelease>,
    scene: Scene,
}

#[derive(Clone)]
pub struct DemoRelease {
    pub title: &'static str,
    /// `album`, `ep` or `single`.
    pub kind: &'static str,
    /// In the order of the release.
    pub tracks: Vec<Piece>,
    scene: Scene,
}

impl DemoArtist {
    /// The artist's picture, a PNG.
    pub fn avatar(&self) -> Vec<u8> {
        self.scene.draw(self.name)
    }
}

impl DemoRelease {
    /// The front cover, a PNG.
    pub fn cover(&self) -> Vec<u8> {
        self.scene.draw(self.title)
    }
}

/// One piece of music, as its composition; the sound is made when it is asked for.
#[derive(Clone)]
pub struct Piece {
    pub title: &'static str,
    artist: &'static str,
    release: &'static str,
    genre: &'static str,
    number: u32,
    sketch: &'static Sketch,
    setting: Setting,
}

/// The demo catalogue: three artists, four releases, twelve pieces, all CC0 1.0.
pub fn catalogue() -> Vec<DemoArtist> {
    works::ARTISTS.iter().map(works::Author::perform).collect()
}

impl works::Author {
    fn perform(&self) -> DemoArtist {
        let releases = self.releases.iter().map(|release| DemoRelease {
            title: release.title,
            kind: release.kind,
            scene: self.scene,
            tracks: (1..).zip(release.works).map(|(number, work)| self.piece(release.title, number, work)).collect(),
        });
        DemoArtist { handle: self.handle, name: self.name, releases: releases.collect(), scene: self.scene }
    }

    fn piece(&self, release: &'static str, number: u32, work: &'static works::Work) -> Piece {
        Piece {
            title: work.title,
            artist: self.name,
            release,
            genre: self.genre,
            number,
            sketch: &work.sketch,
            setting: work.setting,
        }
    }
}

/// Seconds over which the end fades, so that the room's last breath is not cut.
const FADE: u32 = 3 * RATE as u32;

impl Piece {
    /// How long it is, in frames at 44,100 Hz.
    pub fn frames(&self) -> u32 {
        self.score().frames()
    }

    /// The whole file in memory, as [`Piece::write_wav`] writes it.
    pub fn render(&self) -> Vec<u8> {
        let mut file = Vec::new();
        self.write_wav(&mut file).expect("writing to memory does not fail");
        file
    }

    /// Plays the piece into a WAV file: 16 bit, 44,100 Hz, two channels, with title, artist, release, track number,
    /// genre and licence in its LIST/INFO chunk. Works block by block and needs about a megabyte; writes 512 bytes at
    /// a time, so a file wants a `BufWriter`. The same piece is the same bytes on every machine.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_wav(&self, mut out: impl Write) -> io::Result<()> {
        let score = self.score();
        let frames = score.frames();
        wav::write_header(&mut out, frames, &self.tags())?;
        let mut desk = Desk::new(&score);
        let mut dither = Random::new(score.seed);
        for first in (0..frames).step_by(BLOCK) {
            let block = desk.next();
            let count = BLOCK.min((frames - first) as usize);
            let mut bytes = [0; BLOCK * 4];
            for i in 0..count {
                let level = fade(first + i as u32, frames);
                bytes[4 * i..4 * i + 2].copy_from_slice(&quantise(block.left[i] * level, &mut dither));
                bytes[4 * i + 2..4 * i + 4].copy_from_slice(&quantise(block.right[i] * level, &mut dither));
            }
            out.write_all(&bytes[..count * 4])?;
        }
        out.flush()
    }

    fn score(&self) -> Score {
        self.setting.score(self.sketch)
    }

    fn tags(&self) -> [([u8; 4], String); 6] {
        [
            (*b"INAM", self.title.to_owned()),
            (*b"IART", self.artist.to_owned()),
            (*b"IPRD", self.release.to_owned()),
            (*b"ITRK", self.number.to_string()),
            (*b"IGNR", self.genre.to_owned()),
            (*b"ICOP", "CC0 1.0".to_owned()),
        ]
    }
}

/// The level near the end: a curve that comes to rest.
fn fade(frame: u32, frames: u32) -> f32 {
    let left = (frames - frame).min(FADE) as f32 / FADE as f32;
    left * left * (3.0 - 2.0 * left)
}

/// To 16 bit, with triangular dither of one step, so that fading sounds do not turn to gravel.
fn quantise(x: f32, dither: &mut Random) -> [u8; 2] {
    let bits = dither.bits();
    let noise = ((bits & 0xffff) as f32 - ((bits >> 16) & 0xffff) as f32) / 65_536.0;
    let scaled = x * 32_767.0 + noise;
    let rounded = if scaled < 0.0 { scaled - 0.5 } else { scaled + 0.5 };
    (rounded as i16).to_le_bytes()
}
