//! TuneCore, sales report as a CSV (Money & Analytics → Sales reports). Described in TrackShift's wiki, “Column
//! Definitions: Tunecore” (2023), and at <https://support.tunecore.com/hc/en-gb/articles/115006684868>. What is counted is
//! “Total Earned”, in the account's own currency.

use super::{Processor, Source, kind_of};
use crate::artists::statements::reading::layout::Layout;
use crate::artists::statements::reading::period::DateForm;
use crate::artists::statements::reading::sold::{Line, Read, Sold};

pub(super) struct TuneCore;

impl Processor for TuneCore {
    fn source(&self) -> Source {
        Source::TuneCore
    }

    fn layouts(&self) -> Vec<Layout> {
        vec![Layout::new(
            "2020",
            &[
                "Sales Period",
                "Posted Date",
                "Store Name",
                "Country Of Sale",
                "Artist",
                "Release Type",
                "Release Title",
                "Song Title",
                "Label",
                "UPC",
                "Optional UPC",
                "TC Song ID",
                "Optional ISRC",
                "Sales Type",
                "# Units Sold",
                "Per Unit Price",
                "Net Sales",
                "Net Sales Currency",
                "Exchange Rate",
                "Total Earned",
                "Currency",
            ],
        )]
    }

    fn amount_column(&self) -> &str {
        "Total Earned"
    }

    fn sold(&self, line: &Line<'_>) -> Read<Option<Sold>> {
        let (song, release) = (line.text("Song Title"), line.text("Release Title"));
        let own = line.upc("Optional UPC")?;
        let day = line.period("Sales Period", DateForm::YearMonthDay)?;
        Ok(Some(Sold {
            line: line.record.line,
            period: day.whole_month(),
            store: line.required("Store Name")?,
            territory: line.territory("Country Of Sale")?,
            isrc: line.isrc("Optional ISRC")?,
            upc: own.map_or_else(|| line.upc("UPC"), |own| Ok(Some(own)))?,
            title: if song.is_empty() { release.clone() } else { song },
            artist: line.text("Artist"),
            release,
            kind: kind_of(line.cell("Sales Type")),
            quantity: line.quantity("# Units Sold")?,
            amount: line.amount("Total Earned")?,
            currency: line.currency("Currency")?,
            reference: line.reported("Posted Date"),
        }))
    }
}
