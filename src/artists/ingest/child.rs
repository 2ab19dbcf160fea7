//! What touches an upload's bytes: the chain's steps, and streams made on the fly. It runs in the sandboxed child, and
//! nowhere else.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::time::Duration;

use legato_audio::{Failure, Form, FrontCover, Labels, Limits, OPUS_COMPLEXITY, Output, Plan, Probe, Rung, Sink, Wish};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::artists::track::TrackProblem;
use crate::platform::sandbox::{Context, Fault, Task, no_outputs};

/// The tasks that `main` hands to the sandbox.
pub(crate) const PROBE: Task = Task { name: "probe", outputs: cover, inputs: &[], wants_threads: false, run: probe };
pub(crate) const RENDER: Task = Task {
    name: "render",
    outputs: names,
    inputs: &[LABELS, LARGE_COVER, SMALL_COVER],
    wants_threads: true,
    run: render,
};

pub(crate) const STREAM: Task =
    Task { name: "stream", outputs: no_outputs, inputs: &[], wants_threads: false, run: stream };

/// The files of one rung of the ladder: whole, and what belongs to its segments, if it has any.
pub(super) fn files(rung: Rung) -> [String; 2] {
    [format!("{rung}"), format!("{rung}.mp4")]
}

/// The file of the fingerprint's items, four bytes each, little-endian.
pub(super) const FINGERPRINT: &str = "fingerprint";

/// The file of the waveform, as [`legato_audio::Waveform::to_bytes`] writes it.
pub(super) const WAVEFORM: &str = "waveform";

/// The file of the cover that the upload holds; empty if it holds none.
pub(super) const COVER: &str = "cover";

/// The file of what the renditions say of themselves, as JSON. These are words of people: they go on no command line.
pub(super) const LABELS: &str = "labels.json";

/// The files of the front cover that goes into renditions, both JPEG.
pub(super) const LARGE_COVER: &str = "cover-large.jpg";
pub(super) const SMALL_COVER: &str = "cover-small.jpg";

/// What a probe finds.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Probed {
    pub(super) probe: Probe,
    /// `image/jpeg` …, by the first bytes of what is in [`COVER`].
    pub(super) cover_type: Option<String>,
}

fn cover(_: &Value) -> Vec<String> {
    vec![COVER.to_owned()]
}

fn names(arguments: &Value) -> Vec<String> {
    let order: Result<Order, _> = serde_json::from_value(arguments.clone());
    let rungs = order.map_or(Vec::new(), |order| order.rungs);
    [FINGERPRINT, WAVEFORM].map(str::to_owned).into_iter().chain(rungs.into_iter().flat_map(files)).collect()
}

/// What both tasks are told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    /// The ending of the uploaded file's name, in lower case: a hint, no more.
    pub(super) extension: Option<String>,
    pub(super) max_duration: Duration,
    /// The whole ladder.
    pub(super) ladder: Vec<Rung>,
    /// The rungs of it that are to be made.
    pub(super) rungs: Vec<Rung>,
}

fn probe(context: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let (order, limits) = read(&context)?;
    let found = legato_audio::probe_with_cover(context.source, order.extension.as_deref(), &limits);
    let (probe, cover) = found.map_err(fault)?;
    if let (Some(cover), Some(mut file)) = (&cover, context.outputs.into_iter().next()) {
        file.write_all(&cover.bytes)?;
    }
    Ok(json(&Probed { probe, cover_type: cover.map(|cover| cover.media_type.to_owned()) })?)
}

fn render(mut context: Context, report: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let (order, limits) = read(&context)?;
    let mut files = std::mem::take(&mut context.outputs).into_iter();
    let (Some(mut fingerprint), Some(mut waveform)) = (files.next(), files.next()) else {
        return Err(std::io::Error::other("no outputs").into());
    };
    let outputs = order.rungs.iter().map(|rung| output(*rung, &mut files)).collect::<std::io::Result<_>>()?;
    let mut inputs = std::mem::take(&mut context.inputs).into_iter();
    let mut labels = labels(inputs.next().flatten())?;
    labels.covers.large = inputs.next().flatten().map(cover_file).transpose()?;
    labels.covers.small = inputs.next().flatten().map(cover_file).transpose()?;
    let Order { extension, ladder, .. } = order;
    let plan = Plan { ladder, outputs, labels, spare_threads: context.spare_threads };
    let mut progress = |progress: legato_audio::Progress| report(serde_json::to_value(progress).unwrap_or_default());
    let rendered = legato_audio::render(context.source, extension.as_deref(), &limits, plan, &mut progress);
    let rendered = rendered.map_err(fault)?;
    waveform.write_all(&rendered.waveform.to_bytes())?;
    let items: Vec<u8> = rendered.fingerprint.items.iter().flat_map(|item| item.to_le_bytes()).collect();
    fingerprint.write_all(&items)?;
    Ok(json(&rendered)?)
}

/// What a stream shall be.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) rung: Rung,
    pub(super) form: Form,
    pub(super) start_ms: u64,
}

/// What the task `stream` is told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StreamOrder {
    pub(super) order: Order,
    pub(super) request: Request,
}

/// Seconds of sound between two words on how far it is.
const BETWEEN_REPORTS: u64 = 10;

fn stream(context: Context, report: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let Context { source, arguments, outlet, .. } = context;
    let StreamOrder { order, request } = serde_json::from_value(arguments).map_err(std::io::Error::from)?;
    let Request { rung, form, start_ms } = request;
    let wish = Wish { rung, form, start_ms, labels: Labels::default(), opus_complexity: OPUS_COMPLEXITY };
    let mut told = 0;
    // Who listens no more does not say so: the parent kills the child.
    let mut is_wanted = |seconds: u64| {
        if seconds >= told + BETWEEN_REPORTS {
            told = seconds;
            report(serde_json::to_value(legato_audio::Progress { percent: 0, seconds }).unwrap_or_default());
        }
        true
    };
    let extension = order.extension.as_deref();
    let streamed =
        legato_audio::stream(|| source.try_clone(), extension, &limits(&order), &wish, outlet, &mut is_wanted);
    Ok(json(&streamed.map_err(fault)?)?)
}

fn labels(file: Option<File>) -> std::io::Result<Labels> {
    file.map_or_else(|| Ok(Labels::default()), |file| Ok(serde_json::from_reader(BufReader::new(file))?))
}

// The server's own encoding of the artwork: squares, whose size a tag may leave open.
fn cover_file(mut file: File) -> std::io::Result<FrontCover> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(FrontCover { media_type: "image/jpeg".to_owned(), width: 0, height: 0, bytes })
}

fn output(rung: Rung, files: &mut impl Iterator<Item = File>) -> std::io::Result<Output> {
    let mut next = || -> std::io::Result<Box<dyn Sink>> {
        let file = files.next().ok_or_else(|| std::io::Error::other("too few outputs"))?;
        Ok(Box::new(BufWriter::new(file)))
    };
    Ok(Output { rung, whole: next()?, segments: Some(next()?) })
}

fn read(context: &Context) -> std::io::Result<(Order, Limits)> {
    let order: Order = serde_json::from_value(context.arguments.clone())?;
    let limits = limits(&order);
    Ok((order, limits))
}

fn limits(order: &Order) -> Limits {
    Limits { max_duration: order.max_duration, ..Limits::default() }
}

fn json(value: &impl Serialize) -> std::io::Result<Value> {
    Ok(serde_json::to_value(value)?)
}

fn fault(failure: Failure) -> Fault {
    match failure {
        Failure::Rejected(rejection) => {
            let problem = TrackProblem { slug: rejection.slug().to_owned(), message: rejection.to_string() };
            Fault::Refused(serde_json::to_value(problem).unwrap_or_default())
        }
        Failure::Io(cause) => Fault::Io(cause),
    }
}
