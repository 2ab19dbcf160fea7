//! Symphonic, “Earnings Detail” as a CSV (SymphonicMS → Royalties). Described at
//! <https://support.symdistro.com/hc/en-us/articles/211678046> (2024). US dollars. The period is when the music was heard
//! (“Activity Period”), not when it was reported. What is void is taken back.

use super::{Processor, Source, kind_of};
use crate::artists::statements::reading::layout::Layout;
use crate::artists::statements::reading::period::DateForm;
use crate::artists::statements::reading::sold::{Line, Read, Sold};

pub(super) struct Symphonic;

impl Processor for Symphonic {
    fn source(&self) -> Source {
        Source::Symphonic
    }

    fn layouts(&self) -> Vec<Layout> {
        vec![Layout::new(
            "2024",
            &[
                "Reporting Period",
                "Label",
                "Release Name",
                "Release Version",
                "Release Artists",
                "UPC Code",
                "Catalogue",
                "Track Title",
                "Mix Version",
                "ISRC Code",
                "Track Artists",
                "Digital Service Provider",
                "Activity Period",
                "Territory",
                "Delivery",
                "Content Type",
                "Sale or Void",
                "Count",
                "Royalty ($US)",
            ],
        )]
    }

    fn amount_column(&self) -> &str {
        "Royalty ($US)"
    }

    fn sold(&self, line: &Line<'_>) -> Read<Option<Sold>> {
        let (track, release) = (line.text("Track Title"), line.text("Release Name"));
        let count = line.quantity("Count")?;
        let is_void = line.cell("Sale or Void").eq_ignore_ascii_case("void");
        Ok(Some(Sold {
            line: line.record.line,
            period: line.period("Activity Period", DateForm::NamedMonth)?,
            store: line.required("Digital Service Provider")?,
            territory: line.territory("Territory")?,
            isrc: line.isrc("ISRC Code")?,
            upc: line.upc("UPC Code")?,
            title: if track.is_empty() { release.clone() } else { track },
            artist: line.text("Track Artists"),
            release,
            kind: kind_of(line.cell("Delivery")),
            quantity: if is_void && count > 0 { -count } else { count },
            amount: line.amount("Royalty ($US)")?,
            currency: "USD".to_owned(),
            reference: line.reported("Reporting Period"),
        }))
    }
}
