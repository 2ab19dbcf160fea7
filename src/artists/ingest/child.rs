//! The part of the chain that touches an upload's bytes. It runs in the sandboxed child, and nowhere else.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::time::Duration;

use legato_audio::{Failure, Labels, Limits, Output, Plan, Probe, Rung, Sink};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::artists::track::TrackProblem;
use crate::platform::sandbox::{Context, Fault, Task};

/// The tasks that `main` hands to the sandbox.
pub(crate) const PROBE: Task = Task { name: "probe", outputs: cover, inputs: &[], wants_threads: false, run: probe };
pub(crate) const RENDER: Task =
    Task { name: "render", outputs: names, inputs: &[LABELS], wants_threads: true, run: render };

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
    let labels = labels(context.inputs.pop().flatten())?;
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

fn labels(file: Option<File>) -> std::io::Result<Labels> {
    file.map_or_else(|| Ok(Labels::default()), |file| Ok(serde_json::from_reader(BufReader::new(file))?))
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
    let limits = Limits { max_duration: order.max_duration, ..Limits::default() };
    Ok((order, limits))
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
