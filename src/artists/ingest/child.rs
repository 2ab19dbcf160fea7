//! The part of the chain that touches an upload's bytes. It runs in the sandboxed child, and nowhere else.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Duration;

use legato_audio::{Failure, Labels, Limits, Output, Plan, Rung, Sink};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::artists::track::TrackProblem;
use crate::platform::sandbox::{Context, Fault, Task, no_outputs};

/// The tasks that `main` hands to the sandbox.
pub(crate) const PROBE: Task = Task { name: "probe", outputs: no_outputs, wants_threads: false, run: probe };
pub(crate) const RENDER: Task = Task { name: "render", outputs: names, wants_threads: true, run: render };

/// The files of one rung of the ladder: whole, and what belongs to its segments, if it has any.
pub(super) fn files(rung: Rung) -> [String; 2] {
    [format!("{rung}"), format!("{rung}.mp4")]
}

/// The file of the fingerprint's items, four bytes each, little-endian.
pub(super) const FINGERPRINT: &str = "fingerprint";

fn names(arguments: &Value) -> Vec<String> {
    let order: Result<Order, _> = serde_json::from_value(arguments.clone());
    let rungs = order.map_or(Vec::new(), |order| order.rungs);
    [FINGERPRINT.to_owned()].into_iter().chain(rungs.into_iter().flat_map(files)).collect()
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
    /// What the files say of themselves.
    #[serde(default)]
    pub(super) labels: Labels,
}

fn probe(context: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let (order, limits) = read(&context)?;
    let probe = legato_audio::probe(context.source, order.extension.as_deref(), &limits).map_err(fault)?;
    Ok(json(&probe)?)
}

fn render(mut context: Context, report: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let (order, limits) = read(&context)?;
    let mut files = std::mem::take(&mut context.outputs).into_iter();
    let mut fingerprint = files.next().map(BufWriter::new).ok_or_else(|| std::io::Error::other("no outputs"))?;
    let outputs = order.rungs.iter().map(|rung| output(*rung, &mut files)).collect::<std::io::Result<_>>()?;
    let Order { extension, ladder, labels, .. } = order;
    let plan = Plan { ladder, outputs, labels, spare_threads: context.spare_threads };
    let mut progress = |progress: legato_audio::Progress| report(serde_json::to_value(progress).unwrap_or_default());
    let rendered = legato_audio::render(context.source, extension.as_deref(), &limits, plan, &mut progress);
    let rendered = rendered.map_err(fault)?;
    rendered.fingerprint.items.iter().try_for_each(|item| fingerprint.write_all(&item.to_le_bytes()))?;
    fingerprint.flush()?;
    Ok(json(&rendered)?)
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
