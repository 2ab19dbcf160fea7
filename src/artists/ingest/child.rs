//! The part of the chain that touches an upload's bytes. It runs in the sandboxed child, and nowhere else.

use std::io::{BufWriter, Write};
use std::time::Duration;

use legato_audio::{Failure, Limits, Outputs};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::artists::track::TrackProblem;
use crate::platform::sandbox::{Context, Fault, Task};

/// The tasks that `main` hands to the sandbox.
pub(crate) const PROBE: Task = Task { name: "probe", outputs: &[], run: probe };
pub(crate) const RENDER: Task = Task { name: "render", outputs: &[OGG, CMAF], run: render };

pub(super) const OGG: &str = "opus.ogg";
pub(super) const CMAF: &str = "opus.mp4";

/// What both tasks are told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    /// The ending of the uploaded file's name, in lower case: a hint, no more.
    pub(super) extension: Option<String>,
    pub(super) max_duration: Duration,
}

fn probe(context: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let (order, limits) = read(&context)?;
    let probe = legato_audio::probe(context.source, order.extension.as_deref(), &limits).map_err(fault)?;
    Ok(json(&probe)?)
}

fn render(context: Context, report: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let (order, limits) = read(&context)?;
    let [ogg, cmaf] = <[_; 2]>::try_from(context.outputs).map_err(|_| std::io::Error::other("two outputs wanted"))?;
    let (mut ogg, mut cmaf) = (BufWriter::new(ogg), BufWriter::new(cmaf));
    let outputs = Outputs { ogg: &mut ogg, cmaf: &mut cmaf };
    let mut progress = |progress: legato_audio::Progress| report(progress.percent.into());
    let rendered = legato_audio::render(context.source, order.extension.as_deref(), &limits, outputs, &mut progress);
    let rendered = rendered.map_err(fault)?;
    ogg.flush()?;
    cmaf.flush()?;
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
