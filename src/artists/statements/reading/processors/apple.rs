//! Apple (iTunes Store and Apple Music), financial report as tab-separated text (iTunes Connect → Payments and Financial
//! Reports). Described in Apple's “Payments and Financial Reports Guide”; the columns are those of the report since 2012. A
//! report ends with three lines of its own: `Total_Rows`, `Total_Amount` and `Total_Units`. A fiscal month of Apple's begins
//! on a Sunday, so it is put down to the month that its middle lies in.

use super::{Amount, MustState, Processor, SaleKind, Source, Stated};
use crate::artists::statements::reading::layout::Layout;
use crate::artists::statements::reading::period::DateForm;
use crate::artists::statements::reading::sold::{Line, Read, Sold};

pub(super) struct Apple;

impl Processor for Apple {
    fn source(&self) -> Source {
        Source::Apple
    }

    fn layouts(&self) -> Vec<Layout> {
        vec![Layout::new(
            "2012",
            &[
                "Start Date",
                "End Date",
                "UPC",
                "ISRC/ISBN",
                "Vendor Identifier",
                "Quantity",
                "Partner Share",
                "Extended Partner Share",
                "Partner Share Currency",
                "Sales or Return",
                "Apple Identifier",
                "Artist/Show/Developer/Author",
                "Title",
                "Label/Studio/Network/Developer/Publisher",
                "Grid",
                "Product Type Identifier",
                "ISAN/Other Identifier",
                "Country Of Sale",
                "Pre-order Flag",
                "Promo Code",
                "Customer Price",
                "Customer Currency",
            ],
        )]
    }

    fn amount_column(&self) -> &str {
        "Extended Partner Share"
    }

    fn sold(&self, line: &Line<'_>) -> Read<Option<Sold>> {
        Ok(Some(Sold {
            line: line.record.line,
            period: line.span("Start Date", "End Date", DateForm::MonthDayYear)?,
            store: store(line.cell("Product Type Identifier")).to_owned(),
            territory: line.territory("Country Of Sale")?,
            isrc: line.isrc("ISRC/ISBN")?,
            upc: line.upc("UPC")?,
            title: line.text("Title"),
            artist: line.text("Artist/Show/Developer/Author"),
            release: String::new(),
            kind: kind(line.cell("Product Type Identifier")),
            quantity: line.quantity("Quantity")?,
            amount: line.amount("Extended Partner Share")?,
            currency: line.currency("Partner Share Currency")?,
            reference: None,
        }))
    }

    fn must_state(&self) -> &[MustState] {
        &[MustState::Lines, MustState::Sum, MustState::Units]
    }

    fn stated(&self, line: &Line<'_>) -> Read<Option<Stated>> {
        // In the first two columns, whatever those are called.
        let (label, value) = (line.record.cell(0), line.record.cell(1));
        let unclear = || line.fault("End Date", "a total");
        let read = || Amount::parse(value, line.decimal).ok_or_else(unclear);
        let count = || read()?.count().ok_or_else(unclear);
        Ok(match label.to_ascii_lowercase().as_str() {
            "total_amount" => Some(Stated::Sum(read()?, None)),
            "total_rows" => Some(Stated::Lines(count()?.try_into().map_err(|_| unclear())?)),
            "total_units" => Some(Stated::Units(count()?)),
            _ => None,
        })
    }
}

// `S` and its kin are plays of Apple Music; the others are sales.
fn is_stream(product: &str) -> bool {
    product.to_ascii_uppercase().starts_with('S')
}

fn store(product: &str) -> &'static str {
    if is_stream(product) { "Apple Music" } else { "iTunes" }
}

fn kind(product: &str) -> SaleKind {
    if is_stream(product) { SaleKind::Stream } else { SaleKind::Download }
}
