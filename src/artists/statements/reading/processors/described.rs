//! Any other statement, by a mapping that the artist made: which columns there are, and what stands in which.

use super::{Amount, MustState, Processor, Source, Stated, kind_of};
use crate::artists::statements::mapping::{Field, Mapping};
use crate::artists::statements::reading::layout::Layout;
use crate::artists::statements::reading::sold::{Line, Read, Sold};
use crate::artists::statements::sale::SaleKind;

pub(super) struct Described(pub(super) Mapping);

impl Described {
    fn column(&self, field: Field) -> Option<&str> {
        self.0.fields.iter().find(|(known, _)| **known == field).map(|(_, column)| column.as_str())
    }

    fn text(&self, line: &Line<'_>, field: Field) -> String {
        self.column(field).map_or_else(String::new, |column| line.text(column))
    }

    fn kind(&self, line: &Line<'_>) -> SaleKind {
        let told = self.column(Field::Kind).map(|column| kind_of(line.cell(column)));
        told.or(self.0.kind).unwrap_or(SaleKind::Other)
    }
}

impl Processor for Described {
    fn source(&self) -> Source {
        Source::Described
    }

    fn layouts(&self) -> Vec<Layout> {
        vec![Layout::described(self.0.columns.clone())]
    }

    fn amount_column(&self) -> &str {
        self.column(Field::Amount).unwrap_or_default()
    }

    fn sold(&self, line: &Line<'_>) -> Read<Option<Sold>> {
        let period = self.column(Field::Period).unwrap_or_default();
        let store = self.text(line, Field::Store);
        let currency = match (self.column(Field::Currency), &self.0.currency) {
            (Some(column), _) => line.currency(column)?,
            (None, currency) => currency.clone().unwrap_or_default(),
        };
        let release = self.text(line, Field::Release);
        let title = self.text(line, Field::Title);
        Ok(Some(Sold {
            line: line.record.line,
            period: match self.column(Field::PeriodEnd) {
                Some(end) => line.span(period, end, self.0.date)?,
                None => line.period(period, self.0.date)?,
            },
            store: if store.is_empty() { self.0.name.as_str().to_owned() } else { store },
            territory: self.column(Field::Territory).map_or(Ok(None), |column| line.territory(column))?,
            isrc: self.column(Field::Isrc).map_or(Ok(None), |column| line.isrc(column))?,
            upc: self.column(Field::Upc).map_or(Ok(None), |column| line.upc(column))?,
            title: if title.is_empty() { release.clone() } else { title },
            artist: self.text(line, Field::Artist),
            release,
            kind: self.kind(line),
            quantity: self.column(Field::Quantity).map_or(Ok(1), |column| line.quantity(column))?,
            amount: line.amount(self.amount_column())?,
            currency,
            reference: Some(self.text(line, Field::Reference)).filter(|reference| !reference.is_empty()),
        }))
    }

    fn must_state(&self) -> &[MustState] {
        if self.0.total_label.is_some() { &[MustState::Sum] } else { &[] }
    }

    // The line that bears the label, in whichever column.
    fn stated(&self, line: &Line<'_>) -> Read<Option<Stated>> {
        let Some(label) = &self.0.total_label else { return Ok(None) };
        if !line.record.cells().any(|cell| cell.eq_ignore_ascii_case(label)) {
            return Ok(None);
        }
        let cell = line.cell(self.amount_column());
        let sum = Amount::parse(cell, line.decimal).ok_or_else(|| line.fault(self.amount_column(), "the total"))?;
        let currency = self.column(Field::Currency).and_then(|column| line.currency(column).ok());
        Ok(Some(Stated::Sum(sum, currency)))
    }
}
