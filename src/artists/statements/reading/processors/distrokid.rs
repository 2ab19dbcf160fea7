//! DistroKid, “bank details” as a TSV (Bank → See excruciating detail → Download); since 2024 also as a CSV with two more
//! columns. Described in TrackShift's wiki, “Column Definitions: Distrokid” (2023), and at
//! <https://help.infinitecatalog.com/article/62-distrokid>. Amounts are in US dollars, after the splits. Which stores sell
//! downloads is told in DistroKid's help, article 360013648553; all others report streams.

use super::{Processor, SaleKind, Source};
use crate::artists::statements::reading::layout::Layout;
use crate::artists::statements::reading::period::DateForm;
use crate::artists::statements::reading::sold::{Line, Read, Sold};

const DOWNLOADS: &[&str] =
    &["itunes", "beatport", "amazon (purchases)", "amazon downloads", "medianet", "tidal downloads", "7digital"];

pub(super) struct DistroKid;

impl Processor for DistroKid {
    fn source(&self) -> Source {
        Source::DistroKid
    }

    fn layouts(&self) -> Vec<Layout> {
        vec![
            Layout::new(
                "2016",
                &[
                    "Reporting Date",
                    "Sale Month",
                    "Store",
                    "Artist",
                    "Title",
                    "ISRC",
                    "UPC",
                    "Quantity",
                    "Team Percentage",
                    "Song/Album",
                    "Country of Sale",
                    "Songwriter Royalties Withheld",
                    "Earnings (USD)",
                ],
            ),
            Layout::new(
                "2024",
                &[
                    "Date Inserted",
                    "Reporting Date",
                    "Sale Month",
                    "Store",
                    "Artist",
                    "Title",
                    "ISRC",
                    "UPC",
                    "Quantity",
                    "Team Percentage",
                    "Source Type",
                    "Country of Sale",
                    "Songwriter Royalties Withheld (USD)",
                    "Earnings (USD)",
                    "Recoup (USD)",
                ],
            ),
        ]
    }

    fn amount_column(&self) -> &str {
        "Earnings (USD)"
    }

    fn sold(&self, line: &Line<'_>) -> Read<Option<Sold>> {
        let store = line.required("Store")?;
        let what = format!("{}{}", line.cell("Song/Album"), line.cell("Source Type"));
        let title = line.text("Title");
        let release = if what.eq_ignore_ascii_case("album") { title.clone() } else { String::new() };
        let is_download = DOWNLOADS.iter().any(|name| store.to_lowercase().starts_with(name));
        Ok(Some(Sold {
            line: line.record.line,
            period: line.period("Sale Month", DateForm::YearMonth)?,
            kind: if is_download { SaleKind::Download } else { SaleKind::Stream },
            store,
            territory: line.territory("Country of Sale")?,
            isrc: line.isrc("ISRC")?,
            upc: line.upc("UPC")?,
            title,
            artist: line.text("Artist"),
            release,
            quantity: line.quantity("Quantity")?,
            amount: line.amount("Earnings (USD)")?,
            currency: "USD".to_owned(),
            reference: line.reported("Reporting Date"),
        }))
    }
}
