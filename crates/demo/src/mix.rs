//! The mixing desk: a channel for each part, three effects that they share, one way out.

use crate::{
    block::{BLOCK, Stereo},
    effect::{Chorus, Echo, Master, Reverb},
    math::{cosine, decay, gain, sine},
    perform::Cue,
    random::Random,
    score::{Part, Score},
    voice::{Drum, Instrument, Voice},
};

pub(crate) struct Desk {
    channels: Vec<Channel>,
    kicks: Kicks,
    chorus: Chorus,
    echo: Echo,
    reverb: Reverb,
    master: Master,
    /// The sample at which the next block begins.
    now: u64,
}

impl Desk {
    pub(crate) fn new(score: &Score) -> Self {
        let mut random = Random::new(score.seed);
        let channels: Vec<Channel> =
            score.parts.iter().map(|part| Channel::new(part, score.perform(part, &mut random))).collect();
        let mut desk = Self {
            kicks: Kicks::new(&channels),
            channels,
            chorus: Chorus::new(),
            echo: Echo::new((score.seconds(score.echo_beats)) as f32),
            reverb: Reverb::new(score.room),
            master: Master::new(score.trim),
            now: 0,
        };
        desk.next(); // the master holds one block back: let it hold the first
        desk
    }

    /// The next block of the piece.
    pub(crate) fn next(&mut self) -> Stereo {
        let mut buses =
            Buses { dry: Stereo::SILENCE, chorus: Stereo::SILENCE, echo: Stereo::SILENCE, reverb: Stereo::SILENCE };
        let duck = self.kicks.next(self.now);
        for channel in &mut self.channels {
            channel.sound(self.now, &duck, &mut buses);
        }
        self.now += BLOCK as u64;
        let wide = self.chorus.process(&buses.chorus);
        buses.dry.add(&wide, 1.0);
        buses.reverb.add(&wide, 0.3);
        let echoes = self.echo.process(&buses.echo);
        buses.dry.add(&echoes, 1.0);
        buses.reverb.add(&echoes, 0.35);
        buses.dry.add(&self.reverb.process(&buses.reverb), 1.0);
        self.master.process(buses.dry)
    }
}

struct Buses {
    dry: Stereo,
    chorus: Stereo,
    echo: Stereo,
    reverb: Stereo,
}

struct Channel {
    instrument: Instrument,
    /// What is still to come, the next at the end.
    cues: Vec<Cue>,
    voices: Vec<Placed>,
    level: f32,
    chorus: f32,
    echo: f32,
    reverb: f32,
    duck: f32,
}

/// A sounding voice and its place on the stage.
struct Placed {
    voice: Box<dyn Voice>,
    left: f32,
    right: f32,
    /// Where in the next block it begins.
    offset: usize,
}

impl Channel {
    fn new(part: &Part, mut cues: Vec<Cue>) -> Self {
        cues.reverse();
        Self {
            instrument: part.instrument,
            cues,
            voices: Vec::new(),
            level: gain(part.level),
            chorus: part.chorus,
            echo: part.echo,
            reverb: part.reverb,
            duck: part.duck,
        }
    }

    fn sound(&mut self, now: u64, duck: &[f32; BLOCK], buses: &mut Buses) {
        self.strike(now);
        if self.voices.is_empty() {
            return;
        }
        let mut own = Stereo::SILENCE;
        self.voices.retain_mut(|placed| placed.sound(&mut own));
        for (i, dip) in duck.iter().enumerate() {
            let level = self.level * (1.0 - self.duck * dip);
            own.left[i] *= level;
            own.right[i] *= level;
        }
        buses.dry.add(&own, 1.0);
        buses.chorus.add(&own, self.chorus);
        buses.echo.add(&own, self.echo);
        buses.reverb.add(&own, self.reverb);
    }

    fn strike(&mut self, now: u64) {
        while let Some(cue) = self.cues.pop_if(|cue| cue.start < now + BLOCK as u64) {
            // Equal power: a quarter turn from left to right.
            let angle = (cue.pan + 1.0) / 8.0;
            self.voices.push(Placed {
                voice: self.instrument.strike(&cue.touch),
                left: cosine(angle),
                right: sine(angle),
                offset: cue.start.saturating_sub(now) as usize,
            });
        }
    }
}

impl Placed {
    fn sound(&mut self, out: &mut Stereo) -> bool {
        let mut mono = [0.0; BLOCK];
        let alive = self.voice.sound(&mut mono[self.offset..]);
        self.offset = 0;
        for (i, sample) in mono.iter().enumerate() {
            out.left[i] += self.left * sample;
            out.right[i] += self.right * sample;
        }
        alive
    }
}

/// The dip that each beat of the kick drum makes in the parts that give way to it.
struct Kicks {
    /// The next at the end.
    starts: Vec<u64>,
    dip: f32,
    depth: f32,
    recovery: f32,
}

impl Kicks {
    fn new(channels: &[Channel]) -> Self {
        let kicks = channels.iter().filter(|channel| matches!(channel.instrument, Instrument::Drum(Drum::Kick)));
        let mut starts: Vec<u64> = kicks.flat_map(|channel| channel.cues.iter().map(|cue| cue.start)).collect();
        starts.sort_by(|a, b| b.cmp(a));
        Self { starts, dip: 0.0, depth: 0.0, recovery: decay(0.75) }
    }

    fn next(&mut self, now: u64) -> [f32; BLOCK] {
        let mut dips = [0.0; BLOCK];
        for (i, dip) in dips.iter_mut().enumerate() {
            if self.starts.pop_if(|start| *start <= now + i as u64).is_some() {
                self.depth = 1.0;
            }
            self.depth *= self.recovery;
            self.dip += (self.depth - self.dip) * 0.01; // over 2 ms, or it would click
            *dip = self.dip;
        }
        dips
    }
}
