//! The part that touches an upload's bytes. It runs in the sandboxed child, and nowhere else.

use std::io::Write;

use legato_pictures::{About, Cut, Kept, Pack, Shape, decode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::platform::sandbox::{Context, Fault, Task};

/// The task that `main` hands to the sandbox.
pub(crate) const TASK: Task = Task { name: "picture", outputs, inputs: &[], wants_threads: false, run: make };

/// What is to be made.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Order {
    /// A square in two sizes, the larger first, each a file.
    Squares([u32; 2]),
    /// All sizes of a shape in one file, and what is told of them.
    Pack(Shape),
}

/// The files of squares, the larger one first.
pub(super) const SQUARES: [&str; 2] = ["large.jpg", "small.jpg"];

/// The file of a pack.
pub(super) const PACK: &str = "pack";

fn outputs(arguments: &Value) -> Vec<String> {
    match serde_json::from_value(arguments.clone()) {
        Ok(Order::Squares(_)) => SQUARES.map(str::to_owned).into(),
        Ok(Order::Pack(_)) => vec![PACK.to_owned()],
        Err(_) => Vec::new(),
    }
}

fn make(context: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let order: Order = serde_json::from_value(context.arguments).map_err(std::io::Error::from)?;
    let cut = match order {
        Order::Squares(_) => Cut { shape: Shape::Square, min_side: 1 },
        Order::Pack(shape) => Cut { shape, min_side: Shape::MIN_SIDE },
    };
    let kept = decode(context.source, cut).map_err(|refusal| Fault::Refused(json!(refusal)))?;
    match order {
        Order::Squares(sizes) => squares(&kept, sizes, context.outputs),
        Order::Pack(shape) => {
            let Pack { bytes, about } = Pack::of(&kept, shape).map_err(std::io::Error::other)?;
            for mut output in context.outputs {
                output.write_all(&bytes)?;
            }
            Ok(serde_json::to_value(about).map_err(std::io::Error::from)?)
        }
    }
}

fn squares(kept: &Kept, sizes: [u32; 2], outputs: Vec<std::fs::File>) -> Result<Value, Fault> {
    for (mut output, side) in outputs.into_iter().zip(sizes) {
        output.write_all(&kept.jpeg(Shape::Square, side).map_err(std::io::Error::other)?)?;
    }
    Ok(Value::Null)
}

/// Whether what a child says of its pack can be so. The bytes themselves are for browsers, which trust them no more than
/// this process does: they are sent as pictures and nothing else.
pub(super) fn is_plausible(about: &About, shape: Shape, size_bytes: u64) -> bool {
    let is_colour = |text: &String| {
        text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let is_hash =
        (6..=64).contains(&about.blur_hash.len()) && about.blur_hash.bytes().all(|byte| byte.is_ascii_graphic());
    let largest = shape.widths().last().copied().unwrap_or(0);
    let fits = |side: u32| (1..=largest).contains(&side);
    let variants_fit = about.variants.iter().all(|variant| {
        let ends = variant.offset.checked_add(variant.length).is_some_and(|end| end <= size_bytes);
        ends && variant.length > 0 && fits(variant.width) && fits(variant.height)
    });
    let count = about.variants.len();
    (1..=2 * shape.widths().len()).contains(&count)
        && variants_fit
        && fits(about.width)
        && fits(about.height)
        && (1..=5).contains(&about.colours.len())
        && about.colours.iter().all(is_colour)
        && is_hash
}

#[cfg(test)]
mod tests {
    use legato_pictures::{Encoding, Variant};

    use super::*;

    fn about() -> About {
        let variant = Variant { width: 64, height: 64, encoding: Encoding::Webp, offset: 0, length: 10 };
        About {
            width: 64,
            height: 64,
            colours: vec!["#a0b1c2".to_owned()],
            blur_hash: "U0TSUA".to_owned(),
            variants: vec![variant],
        }
    }

    #[test]
    fn what_a_broken_child_might_say_is_not_believed() {
        assert!(is_plausible(&about(), Shape::Square, 10));
        let mut liars = vec![
            About { width: 0, ..about() },
            About { height: 4096, ..about() },
            About { colours: vec![], ..about() },
            About { colours: vec!["red".to_owned()], ..about() },
            About { colours: vec!["#\u{e4}0b1c".to_owned()], ..about() },
            About { blur_hash: "<b>\n".to_owned(), ..about() },
            About { variants: vec![], ..about() },
        ];
        let ranges = [(0, 11), (u64::MAX, 2), (5, 6), (3, 0)];
        liars.extend(ranges.map(|(offset, length)| {
            let mut about = about();
            about.variants[0] = Variant { offset, length, ..about.variants[0].clone() };
            about
        }));
        for liar in liars {
            assert!(!is_plausible(&liar, Shape::Square, 10), "{liar:?}");
        }
    }
}
