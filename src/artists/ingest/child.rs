//! The part of the chain that touches an upload's bytes. It runs in the sandboxed child, and nowhere else.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Duration;

use legato_audio::{Failure, Limits, OpusOutput};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::artists::track::TrackProblem;
use crate::platform::sandbox::{Context, Fault, Task, no_outputs};

/// The tasks that `main` hands to the sandbox.
pub(crate) const PROBE: Task = Task { name: "probe", outputs: no_outputs, run: probe };
pub(crate) const RENDER: Task = Task { name: "render", outputs: names, run: render };

/// The files of one rung of the ladder: whole, and in segments.
pub(super) fn files(kbps: u32) -> [String; 2] {
    [format!("opus_{kbps}.ogg"), format!("opus_{kbps}.mp4")]
}

/// The file of the fingerprint's items, four bytes each, little-endian.
pub(super) const FINGERPRINT: &str = "fingerprint";

fn names(arguments: &Value) -> Vec<String> {
    let order: Result<Order, _> = serde_json::from_value(arguments.clone());
    let rungs = order.map_or(Vec::new(), |order| order.opus_kbps);
    [FINGERPRINT.to_owned()].into_iter().chain(rungs.into_iter().flat_map(files)).collect()
}

/// What both tasks are told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    /// The ending of the uploaded file's name, in lower case: a hint, no more.
    pub(super) extension: Option<String>,
    pub(super) max_duration: Duration,
    /// The rungs of the ladder that are to be made.
    pub(super) opus_kbps: Vec<u32>,
    /// The lowest of the whole ladder.
    pub(super) lowest_kbps: u32,
}

fn probe(context: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let (order, limits) = read(&context)?;
    let probe = legato_audio::probe(context.source, order.extension.as_deref(), &limits).map_err(fault)?;
    Ok(json(&probe)?)
}

fn render(context: Context, report: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let (order, limits) = read(&context)?;
    let mut files: Vec<BufWriter<File>> = context.outputs.into_iter().map(BufWriter::new).collect();
    let (fingerprint, renditions) = files.split_first_mut().ok_or_else(|| std::io::Error::other("no outputs"))?;
    let rungs = order.opus_kbps.iter().zip(renditions.chunks_exact_mut(2));
    let outputs = rungs.filter_map(|(kbps, files)| match files {
        [ogg, cmaf] => Some(OpusOutput { stereo_bps: kbps * 1000, lowest_bps: order.lowest_kbps * 1000, ogg, cmaf }),
        _ => None,
    });
    let mut progress = |progress: legato_audio::Progress| report(serde_json::to_value(progress).unwrap_or_default());
    let rendered =
        legato_audio::render(context.source, order.extension.as_deref(), &limits, outputs.collect(), &mut progress);
    let rendered = rendered.map_err(fault)?;
    rendered.fingerprint.items.iter().try_for_each(|item| fingerprint.write_all(&item.to_le_bytes()))?;
    files.iter_mut().try_for_each(BufWriter::flush)?;
    Ok(json(&rendered)?)
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
