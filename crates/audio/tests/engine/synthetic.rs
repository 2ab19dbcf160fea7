use crate::support::{Memory, on_channels, opus_into, rejection, render_bytes, rms, samples_of, sine, try_render};
use crate::support::{wav, wav_f32};
use legato_audio::{Codec, Container, Failure, Limits, Warning, Waveform, probe, render};
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::time::Duration;

#[test]
fn a_probe_tells_what_a_file_is() {
    let bytes = wav(44_100, 2, &on_channels(&sine(44_100, 4_410, 440.0), 2));
    let probe = probe(Cursor::new(bytes), Some("wav"), &Limits::default()).unwrap();
    assert_eq!((probe.container, probe.codec), (Container::Wav, Codec::Pcm));
    assert_eq!((probe.sample_rate_hz, probe.channels, probe.bits_per_sample), (44_100, 2, Some(16)));
    assert_eq!(probe.claimed_frames, Some(4_410));
}

#[test]
fn music_comes_out_where_it_went_in() {
    for (rate_hz, channels) in [(8_000, 1), (22_050, 2), (44_100, 1), (44_100, 2), (48_000, 2), (96_000, 2)] {
        let frames = rate_hz as usize * 3 + 17;
        let out = render_bytes(&wav(rate_hz, channels, &on_channels(&sine(rate_hz, frames, 440.0), channels.into())));
        assert_eq!(out.channels(), channels, "mono stays mono, stereo stereo");

        let decoded = samples_of(Cursor::new(out.ogg.clone()));
        let expected = on_channels(&sine(48_000, decoded.len() / usize::from(channels), 440.0), channels.into());
        assert_eq!(decoded.len() as u64, out.frames() * u64::from(channels));
        // Away from the edges, where resampler and codec ring.
        let inside = 4_800..decoded.len() - 4_800;
        let error: Vec<f32> = decoded[inside.clone()].iter().zip(&expected[inside]).map(|(a, b)| a - b).collect();
        assert!(rms(&error, 1, 0) < 0.02, "{rate_hz} Hz, {channels} channels: off by {}", rms(&error, 1, 0));
    }
}

#[test]
fn the_first_segment_is_short_and_the_others_are_six_seconds() {
    let out = render_bytes(&wav(48_000, 1, &sine(48_000, 48_000 * 17, 200.0)));
    let cmaf = out.rendered.renditions[0].cmaf.as_ref().expect("Opus has segments");
    let samples: Vec<u64> = cmaf.segments.iter().map(|segment| segment.samples).collect();
    assert_eq!(samples, [96_000, 288_000, 288_000, 48_000 * 17 + 312 - 96_000 - 2 * 288_000]);
}

#[test]
fn one_sample_and_silence_work() {
    let out = render_bytes(&wav(44_100, 1, &[0.25]));
    assert_eq!((out.rendered.analysis.frames, out.frames()), (1, 2));
    assert_eq!(samples_of(Cursor::new(out.ogg)).len(), 2);

    let out = render_bytes(&wav(44_100, 2, &[0.0; 88_200]));
    let loudness = out.rendered.analysis.loudness;
    assert_eq!((loudness.integrated_lufs, loudness.range_lu, loudness.true_peak_dbtp), (None, None, None));
    assert!(out.rendered.waveform.levels.iter().all(|level| level.peaks().iter().all(|peak| *peak == 0)));
}

#[test]
fn loudness_is_that_of_the_standard() {
    // EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS measures -23.0 LUFS.
    let peak = 10f32.powf(-23.0 / 20.0);
    let tone: Vec<f32> = sine(48_000, 48_000 * 20, 1_000.0).iter().map(|sample| sample * 2.0 * peak).collect();
    let loudness = render_bytes(&wav(48_000, 2, &on_channels(&tone, 2))).rendered.analysis.loudness;
    assert!((loudness.integrated_lufs.unwrap() + 23.0).abs() < 0.1, "{loudness:?}");
    assert!((loudness.true_peak_dbtp.unwrap() + 23.0).abs() < 0.2, "{loudness:?}");
}

#[test]
fn the_waveform_shows_where_it_is_loud() {
    let mut samples = sine(44_100, 88_200, 440.0);
    samples[44_100..].iter_mut().for_each(|sample| *sample *= 2.0);
    let peaks = render_bytes(&wav(44_100, 1, &samples)).rendered.waveform.levels[1].peaks();
    assert_eq!(peaks.len(), Waveform::PARTS[1]);
    // 440 Hz has 2.2 turns in three parts: look at the highest of a few.
    let highest = |from: usize| *peaks[from..from + 9].iter().max().unwrap();
    assert!((126..=129).contains(&highest(450)) && highest(1_350) >= 253);
}

#[test]
fn absurd_samples_are_repaired_and_told() {
    let mut samples = sine(48_000, 48_000, 440.0);
    samples[100] = f32::NAN;
    samples[200] = 1e30;
    let out = render_bytes(&wav_f32(48_000, 1, &samples));
    assert_eq!(out.rendered.warnings, [Warning::InvalidSamples { count: 2 }]);
    assert!(out.rendered.analysis.loudness.integrated_lufs.unwrap().is_finite());
}

#[test]
fn a_source_above_full_scale_is_turned_down_not_cut_off() {
    let hot: Vec<f32> = sine(48_000, 96_000, 440.0).iter().map(|sample| sample * 4.0).collect();
    let out = render_bytes(&wav_f32(48_000, 1, &hot));
    assert!(out.rendered.analysis.loudness.true_peak_dbtp.unwrap() > 5.9, "the original is measured");
    let decoded = samples_of(Cursor::new(out.ogg));
    assert!((rms(&decoded[48_000..], 1, 0) - 0.707).abs() < 0.02, "a full-scale sine comes out");
}

#[test]
fn what_is_cut_off_is_taken_at_its_real_length_and_told() {
    let mut bytes = wav(44_100, 2, &on_channels(&sine(44_100, 44_100, 440.0), 2));
    bytes.truncate(44 + 4 * 10_000 + 3);
    let rendered = render_bytes(&bytes).rendered;
    assert_eq!(rendered.analysis.frames, 10_000);
    assert!(matches!(rendered.warnings[..], [Warning::EndsEarly { frames: 10_000, .. }]), "{:?}", rendered.warnings);
}

#[test]
fn a_tag_in_front_of_a_wav_does_no_harm() {
    let bytes = wav(44_100, 2, &on_channels(&sine(44_100, 44_100, 440.0), 2));
    let tag = b"ID3\x04\0\0\0\0\0\x15TIT2\0\0\0\x0b\0\0\x03North Bays";
    let probe = probe(Cursor::new([tag.as_slice(), &bytes].concat()), Some("wav"), &Limits::default()).unwrap();
    assert_eq!((probe.container, probe.claimed_frames), (Container::Wav, Some(44_100)));
    assert_eq!(probe.tags.title.as_deref(), Some("North Bays"));
    let rendered = render_bytes(&[tag.as_slice(), &bytes].concat()).rendered;
    assert_eq!((rendered.analysis.frames, &rendered.warnings[..]), (44_100, &[][..]));
}

#[test]
fn the_limits_hold() {
    let stereo = wav(44_100, 2, &on_channels(&sine(44_100, 88_200, 440.0), 2));
    let refused = |limits: Limits| rejection(try_render(Cursor::new(stereo.clone()), &limits)).slug();
    assert_eq!(refused(Limits { max_duration: Duration::from_secs(1), ..Limits::default() }), "too_long");
    assert_eq!(refused(Limits { max_channels: 1, ..Limits::default() }), "too_many_channels");
    assert_eq!(refused(Limits { max_sample_rate_hz: 44_099, ..Limits::default() }), "sample_rate");
    let exactly = Limits { max_duration: Duration::from_secs(2), max_channels: 2, max_sample_rate_hz: 44_100 };
    assert!(try_render(Cursor::new(stereo.clone()), &exactly).is_ok());
    assert_eq!(rejection(try_render(Cursor::new(wav(44_100, 2, &[])), &exactly)).slug(), "empty");
}

#[test]
fn progress_rises_to_a_hundred_and_is_not_chatty() {
    let bytes = wav(48_000, 2, &on_channels(&sine(48_000, 48_000 * 30, 440.0), 2));
    let mut told = Vec::new();
    let started = std::time::Instant::now();
    let mut seconds = Vec::new();
    let mut hears = |progress: legato_audio::Progress| {
        told.push(progress.percent);
        seconds.push(progress.seconds);
    };
    render(Cursor::new(bytes), None, &Limits::default(), opus_into(Memory::default()), &mut hears).unwrap();
    assert!(seconds.is_sorted() && seconds.last() == Some(&30), "{seconds:?}");
    assert!(told.is_sorted() && told.last() == Some(&100) && told.len() >= 2, "{told:?}");
    assert!(told.len() as f64 <= 3.0 + started.elapsed().as_secs_f64() * 20.0, "{told:?}");
}

/// A disk that is full after some bytes.
struct FullDisk(usize);

impl Write for FullDisk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for FullDisk {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// A disk with a sector that cannot be read.
struct BrokenDisk(Cursor<Vec<u8>>);

impl Read for BrokenDisk {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.position() {
            0..100_000 => self.0.read(buffer),
            _ => Err(io::Error::other("bad sector")),
        }
    }
}

impl Seek for BrokenDisk {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn the_machines_failures_are_not_blamed_on_the_artist() {
    let bytes = wav(48_000, 2, &on_channels(&sine(48_000, 48_000 * 10, 440.0), 2));
    let plan = opus_into(FullDisk(20_000));
    let failure = render(Cursor::new(bytes.clone()), None, &Limits::default(), plan, &mut |_| {});
    assert!(matches!(failure, Err(Failure::Io(error)) if error.kind() == io::ErrorKind::StorageFull));

    let failure = try_render(BrokenDisk(Cursor::new(bytes)), &Limits::default());
    let failure = failure.map(|out| out.rendered.analysis);
    assert!(matches!(&failure, Err(Failure::Io(error)) if error.to_string() == "bad sector"), "{failure:?}");
}
