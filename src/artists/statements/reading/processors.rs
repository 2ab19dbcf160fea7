//! Who reads which statement: one processor for each sender, behind one interface.

mod apple;
mod bandcamp;
mod believe;
mod cd_baby;
mod described;
mod distrokid;
mod sonosuite;
mod symphonic;
mod tunecore;

use super::amount::Amount;
use super::layout::Layout;
use super::problem::StatementProblem;
use super::sold::{Line, Read, Sold};
use crate::artists::statements::mapping::Mapping;
use crate::artists::statements::sale::SaleKind;
use crate::artists::statements::statement::Source;

/// What a statement says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stated {
    /// The sum of its amounts; in which currency, where it says that.
    Sum(Amount, Option<String>),
    /// How many lines it has.
    Lines(u64),
    /// How many things were sold in all.
    Units(i64),
}

impl Stated {
    /// The currency that it is about, where it says that.
    pub(super) fn currency(&self) -> Option<&str> {
        match self {
            Self::Sum(_, currency) => currency.as_deref(),
            Self::Lines(_) | Self::Units(_) => None,
        }
    }
}

/// What a whole file states of itself: where it is missing, the file was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MustState {
    Sum,
    Lines,
    Units,
}

impl MustState {
    pub(super) fn is(self, stated: &Stated) -> bool {
        matches!(
            (self, stated),
            (Self::Sum, Stated::Sum(..)) | (Self::Lines, Stated::Lines(_)) | (Self::Units, Stated::Units(_))
        )
    }
}

/// Reads the statements of one sender.
pub(super) trait Processor {
    fn source(&self) -> Source;

    /// Every header that this sender's statements are known to have.
    fn layouts(&self) -> Vec<Layout>;

    /// The column whose numbers say which decimal separator the file has.
    fn amount_column(&self) -> &str;

    /// What a line says; `None` where nothing was sold (a payout, say).
    fn sold(&self, line: &Line<'_>) -> Read<Option<Sold>>;

    /// What a file of this sender ends with, without which it is not whole.
    fn must_state(&self) -> &[MustState] {
        &[]
    }

    /// What a line says of the statement as a whole, where it is such a line.
    fn stated(&self, _: &Line<'_>) -> Read<Option<Stated>> {
        Ok(None)
    }
}

/// All processors of senders that are known.
pub(super) fn known() -> Vec<Box<dyn Processor>> {
    vec![
        Box::new(apple::Apple),
        Box::new(bandcamp::Bandcamp),
        Box::new(believe::Believe),
        Box::new(cd_baby::CdBaby),
        Box::new(distrokid::DistroKid),
        Box::new(sonosuite::SonoSuite),
        Box::new(symphonic::Symphonic),
        Box::new(tunecore::TuneCore),
    ]
}

/// The processor of a layout that an artist described.
pub(super) fn described(mapping: Mapping) -> Box<dyn Processor> {
    Box::new(described::Described(mapping))
}

/// The processor whose layout a header is; or what keeps it from being the one that it is most like.
pub(super) fn recognise(
    candidates: Vec<Box<dyn Processor>>,
    header: &[String],
) -> Result<(Box<dyn Processor>, &'static str), Unknown> {
    let mut nearest: Option<(usize, Unknown)> = None;
    for processor in candidates {
        for layout in processor.layouts() {
            if layout.fits(header) {
                return Ok((processor, layout.version));
            }
            let likeness = layout.likeness(header);
            if nearest.as_ref().is_none_or(|(most, _)| likeness > *most) {
                nearest = Some((likeness, Unknown { source: processor.source(), likeness, layout }));
            }
        }
    }
    let nobody = || Unknown { source: Source::Described, likeness: 0, layout: Layout::described(Vec::new()) };
    Err(nearest.map_or_else(nobody, |(_, unknown)| unknown))
}

/// A header that is no known layout, and the one that it is most like.
pub(super) struct Unknown {
    source: Source,
    pub(super) likeness: usize,
    layout: Layout,
}

impl Unknown {
    /// Half of the columns is more than chance.
    const ALIKE: usize = 50;

    /// The problem of a header; `named` where the caller said what it is.
    pub(super) fn problem(&self, header: &[String], line: u64, named: bool) -> StatementProblem {
        if !named && self.likeness < Self::ALIKE {
            let message = "Nobody knows this file's columns. Say which store or aggregator it comes from, or describe its \
                           columns in a mapping.";
            return StatementProblem::new("unknown_layout", message).at(line);
        }
        let differences = self.layout.differences(header);
        let mut told: Vec<String> = differences.iter().take(5).map(super::drift::Difference::sentence).collect();
        if differences.len() > told.len() {
            told.push(format!("{} more", differences.len() - told.len()));
        }
        let message = format!(
            "The columns are not those of a statement by {} ({}): {}. Nothing was imported.",
            self.source.title(),
            self.layout.version,
            told.join("; ")
        );
        StatementProblem { differences, ..StatementProblem::new("layout_changed", message).at(line) }
    }
}

/// What a word for the way of selling means.
fn kind_of(word: &str) -> SaleKind {
    let word = word.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    if has(&[
        "stream",
        "subscription",
        "ad-funded",
        "ad funded",
        "ad supported",
        "cloud",
        "ugc",
        "user generated",
        "non-interactive",
    ]) {
        SaleKind::Stream
    } else if has(&["download", "purchase", "permanent", "track", "album", "song", "ringtone"]) {
        SaleKind::Download
    } else if has(&["physical", "vinyl", "cd", "cassette", "package", "merch", "lp"]) {
        SaleKind::Physical
    } else {
        SaleKind::Other
    }
}
