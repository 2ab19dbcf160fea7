//! CD Baby, accounting as tab-separated text (Accounting → Download). The columns are those of the file that TrackShift's
//! tests hold (2023); the way there is at <https://support.cdbaby.com/hc/en-us/articles/4414481317005>. CD Baby pays in US
//! dollars.

use super::{Processor, Source, kind_of};
use crate::artists::statements::reading::layout::Layout;
use crate::artists::statements::reading::period::DateForm;
use crate::artists::statements::reading::sold::{Line, Read, Sold};

pub(super) struct CdBaby;

impl Processor for CdBaby {
    fn source(&self) -> Source {
        Source::CdBaby
    }

    fn layouts(&self) -> Vec<Layout> {
        vec![Layout::new(
            "2023",
            &[
                "Report Date",
                "Sales Date",
                "Quantity",
                "Price",
                "Subtotal",
                "Isrc",
                "Barcode",
                "CDBabySku",
                "Album Name",
                "Artist Name",
                "Track Name",
                "Partner Name",
                "Transaction Type",
                "Delivery Country",
            ],
        )]
    }

    fn amount_column(&self) -> &str {
        "Subtotal"
    }

    fn sold(&self, line: &Line<'_>) -> Read<Option<Sold>> {
        let (track, album) = (line.text("Track Name"), line.text("Album Name"));
        Ok(Some(Sold {
            line: line.record.line,
            period: line.period("Sales Date", DateForm::MonthDayYear)?,
            store: line.required("Partner Name")?,
            territory: line.territory("Delivery Country")?,
            isrc: line.isrc("Isrc")?,
            upc: line.upc("Barcode")?,
            title: if track.is_empty() { album.clone() } else { track },
            artist: line.text("Artist Name"),
            release: album,
            kind: kind_of(line.cell("Transaction Type")),
            quantity: line.quantity("Quantity")?,
            amount: line.amount("Subtotal")?,
            currency: "USD".to_owned(),
            reference: line.reported("Report Date"),
        }))
    }
}
