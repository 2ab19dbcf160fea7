//! The smallest unit of a currency, to which statements round their totals (ISO 4217).

/// Currencies that are not divided into a hundred.
const WHOLE: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
    "XPF",
];
const THOUSANDTHS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];
const TEN_THOUSANDTHS: &[&str] = &["CLF", "UYW"];

/// Decimals of an amount in this currency.
pub(super) fn decimals(currency: &str) -> u32 {
    match currency {
        _ if WHOLE.contains(&currency) => 0,
        _ if THOUSANDTHS.contains(&currency) => 3,
        _ if TEN_THOUSANDTHS.contains(&currency) => 4,
        _ => 2,
    }
}
