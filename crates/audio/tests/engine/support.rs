use legato_audio::{Decoder, Failure, Limits, Output, Plan, Progress, Rejection, Rendered, Rung, SpareThread, render};
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};

/// A result with the bytes of its renditions.
pub(crate) struct Renditions {
    pub(crate) rendered: Rendered,
    pub(crate) ogg: Vec<u8>,
    pub(crate) cmaf: Vec<u8>,
}

pub(crate) fn try_render(
    source: impl Read + Seek + Send + Sync + 'static,
    limits: &Limits,
) -> Result<Renditions, Failure> {
    let (rendered, mut files) = try_render_ladder(source, limits, "opus_128", &[])?;
    let (ogg, cmaf) = files.remove(0);
    Ok(Renditions { rendered, ogg, cmaf })
}

impl Renditions {
    /// Frames of Opus, at 48 kHz.
    pub(crate) fn frames(&self) -> u64 {
        self.rendered.renditions[0].frames
    }

    pub(crate) fn channels(&self) -> u16 {
        self.rendered.renditions[0].channels
    }
}

/// What a rung is: its whole file, and what belongs to its segments.
pub(crate) type Files = (Vec<u8>, Vec<u8>);

/// Renders a ladder such as `opus_128,flac`: what was said of it, and each rung's two files.
pub(crate) fn try_render_ladder(
    source: impl Read + Seek + Send + Sync + 'static,
    limits: &Limits,
    ladder: &str,
    spare_threads: &[SpareThread],
) -> Result<(Rendered, Vec<Files>), Failure> {
    let rungs: Vec<Rung> = ladder.split(',').map(|name| name.parse().expect("a rung")).collect();
    let files: Vec<(Memory, Memory)> = rungs.iter().map(|_| Default::default()).collect();
    let output = |(rung, (whole, segments)): (&Rung, &(Memory, Memory))| Output {
        rung: *rung,
        whole: Box::new(whole.clone()),
        segments: Some(Box::new(segments.clone())),
    };
    let outputs = rungs.iter().zip(&files).map(output).collect();
    let plan = Plan { outputs, spare_threads: spare_threads.to_vec(), ..Plan::default() };
    let rendered = render(source, None, limits, plan, &mut |_: Progress| {})?;
    Ok((rendered, files.into_iter().map(|(whole, segments)| (whole.bytes(), segments.bytes())).collect()))
}

/// One rung of Opus into nothing.
pub(crate) fn opus_into(whole: impl Write + Seek + Send + 'static) -> Plan {
    let outputs = vec![Output { rung: Rung::Opus { kbps: 128 }, whole: Box::new(whole), segments: None }];
    Plan { outputs, ..Plan::default() }
}

/// A thread that helps.
pub(crate) fn spare_thread() -> SpareThread {
    let (sender, jobs) = mpsc::channel::<Box<dyn FnOnce() + Send>>();
    std::thread::spawn(move || jobs.into_iter().for_each(|job| job()));
    sender
}

/// A file in memory, read by whoever keeps a copy.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Cursor<Vec<u8>>>>);

impl Memory {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.lock().expect("nobody panicked").get_ref().clone()
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panicked").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Memory {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.lock().expect("nobody panicked").seek(to)
    }
}

pub(crate) fn render_bytes(bytes: &[u8]) -> Renditions {
    try_render(Cursor::new(bytes.to_vec()), &Limits::default()).expect("the source is fine")
}

pub(crate) fn render_file(path: &Path) -> Renditions {
    try_render(open(path), &Limits::default()).unwrap_or_else(|failure| panic!("{}: {failure}", path.display()))
}

pub(crate) fn rejection(result: Result<Renditions, Failure>) -> Rejection {
    match result {
        Err(Failure::Rejected(rejection)) => rejection,
        Err(Failure::Io(error)) => panic!("the machine failed: {error}"),
        Ok(_) => panic!("it was accepted"),
    }
}

pub(crate) fn open(path: &Path) -> File {
    File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All samples, interleaved.
pub(crate) fn samples_of(source: impl Read + Seek + Send + Sync + 'static) -> Vec<f32> {
    let mut decoder = Decoder::open(source, None, &Limits::default()).expect("the source is fine");
    let mut samples = Vec::new();
    while let Some(block) = decoder.next_block().expect("the source is fine") {
        samples.extend_from_slice(block);
    }
    samples
}

/// A file of the library of real music, or `None` and a loud word if the library is not there.
pub(crate) fn library() -> Option<PathBuf> {
    const DEFAULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/audio");
    let path = std::env::var_os("LEGATO_TEST_AUDIO").map_or_else(|| DEFAULT.into(), PathBuf::from);
    if path.join("reference.json").exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: no library of test audio at {}; set LEGATO_TEST_AUDIO", path.display());
    None
}

/// Run ffmpeg with `arguments`, `input` on its standard input; its standard output, or `None` and a loud
/// word if it is not installed.
pub(crate) fn ffmpeg(arguments: &[&str], input: Vec<u8>) -> Option<Vec<u8>> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin"]).args(arguments);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: ffmpeg is not installed");
        return None;
    };
    let mut stdin = child.stdin.take().expect("it is piped");
    let feeder = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("ffmpeg ends");
    // It may stop reading before the end; what it made of it is what counts.
    drop(feeder.join());
    assert!(output.status.success(), "ffmpeg {arguments:?} failed");
    Some(output.stdout)
}

/// What ffmpeg makes of `input` with `arguments`, in a format that it writes into files alone; `None` as [`ffmpeg`].
pub(crate) fn ffmpeg_file(arguments: &[&str], input: Vec<u8>, extension: &str) -> Option<Vec<u8>> {
    static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("legato-engine-{}-{count}.{extension}", std::process::id()));
    let name = path.to_string_lossy().into_owned();
    let written = ffmpeg(&[&["-i", "-"], arguments, &["-y", &name]].concat(), input)
        .map(|_| std::fs::read(&path).expect("ffmpeg wrote it"));
    drop(std::fs::remove_file(&path));
    written
}

/// The samples that ffmpeg decodes, interleaved in its order of channels.
pub(crate) fn ffmpeg_samples(source: &[u8], extension: &str) -> Option<Vec<f32>> {
    // Through a file: it looks for indexes at the end.
    let path = std::env::temp_dir().join(format!("legato-engine-{}-{:p}.{extension}", std::process::id(), source));
    std::fs::write(&path, source).expect("room for a file");
    let name = path.to_string_lossy().into_owned();
    let bytes = ffmpeg(&["-i", &name, "-f", "f32le", "-"], Vec::new());
    drop(std::fs::remove_file(&path));
    Some(bytes?.as_chunks::<4>().0.iter().map(|sample| f32::from_le_bytes(*sample)).collect())
}

/// A WAV file of 16 bits: the samples are interleaved, ±1.0 is full scale.
pub(crate) fn wav(rate_hz: u32, channels: u16, samples: &[f32]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| ((sample * 32_767.0).round() as i16).to_le_bytes()).collect();
    wav_of(1, 16, rate_hz, channels, &data)
}

/// A WAV file of 32-bit floats.
pub(crate) fn wav_f32(rate_hz: u32, channels: u16, samples: &[f32]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    wav_of(3, 32, rate_hz, channels, &data)
}

fn wav_of(format: u16, bits: u16, rate_hz: u32, channels: u16, data: &[u8]) -> Vec<u8> {
    let frame = channels * bits / 8;
    let mut wav = b"RIFF".to_vec();
    wav.extend((data.len() as u32 + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0");
    wav.extend(format.to_le_bytes());
    wav.extend(channels.to_le_bytes());
    wav.extend(rate_hz.to_le_bytes());
    wav.extend((rate_hz * u32::from(frame)).to_le_bytes());
    wav.extend(frame.to_le_bytes());
    wav.extend(bits.to_le_bytes());
    wav.extend(b"data");
    wav.extend((data.len() as u32).to_le_bytes());
    wav.extend(data);
    wav
}

/// A sine of half of full scale.
pub(crate) fn sine(rate_hz: u32, frames: usize, hz: f64) -> Vec<f32> {
    let turn = std::f64::consts::TAU * hz / f64::from(rate_hz);
    (0..frames).map(|frame| (0.5 * (turn * frame as f64).sin()) as f32).collect()
}

/// The same samples on every channel.
pub(crate) fn on_channels(samples: &[f32], channels: usize) -> Vec<f32> {
    samples.iter().flat_map(|sample| std::iter::repeat_n(*sample, channels)).collect()
}

/// Root mean square of one channel of interleaved samples.
pub(crate) fn rms(samples: &[f32], channels: usize, channel: usize) -> f64 {
    let one: Vec<f64> = samples.iter().skip(channel).step_by(channels).map(|sample| f64::from(*sample)).collect();
    (one.iter().map(|sample| sample * sample).sum::<f64>() / one.len() as f64).sqrt()
}
