//! Believe (Backstage), royalty report as a CSV with semicolons. The columns are those that Believe's clients read, in
//! reports of 2022 to 2026; amounts are in the currency that the client is paid in. Months are written by their first day.

use super::{Processor, Source, kind_of};
use crate::artists::statements::reading::layout::Layout;
use crate::artists::statements::reading::period::DateForm;
use crate::artists::statements::reading::sold::{Line, Read, Sold};

pub(super) struct Believe;

impl Processor for Believe {
    fn source(&self) -> Source {
        Source::Believe
    }

    fn layouts(&self) -> Vec<Layout> {
        vec![Layout::new(
            "2022",
            &[
                "Reporting month",
                "Sales Month",
                "Platform",
                "Country / Region",
                "Label Name",
                "Artist Name",
                "Release title",
                "Track title",
                "UPC",
                "ISRC",
                "Release Catalog nb",
                "Streaming Subscription Type",
                "Release type",
                "Sales Type",
                "Quantity",
                "Client Payment Currency",
                "Unit Price",
                "Mechanical Fee",
                "Gross Revenue",
                "Client share rate",
                "Net Revenue",
            ],
        )]
    }

    fn amount_column(&self) -> &str {
        "Net Revenue"
    }

    fn sold(&self, line: &Line<'_>) -> Read<Option<Sold>> {
        let (track, release) = (line.text("Track title"), line.text("Release title"));
        Ok(Some(Sold {
            line: line.record.line,
            period: line.period("Sales Month", DateForm::YearMonthDay)?.whole_month(),
            store: line.required("Platform")?,
            territory: line.territory("Country / Region")?,
            isrc: line.isrc("ISRC")?,
            upc: line.upc("UPC")?,
            title: if track.is_empty() { release.clone() } else { track },
            artist: line.text("Artist Name"),
            release,
            kind: kind_of(line.cell("Sales Type")),
            quantity: line.quantity("Quantity")?,
            amount: line.amount("Net Revenue")?,
            currency: line.currency("Client Payment Currency")?,
            reference: line.reported("Reporting month"),
        }))
    }
}
