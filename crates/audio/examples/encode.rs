//! Encodes a file: `encode flac16|flac24|none SOURCE OUTPUT`. For measuring by hand.

use legato_audio::{Decoder, FlacBits, FlacEncoder, FlacFormat, Labels, Limits};
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, kind, source, output] = &arguments[..] else { return Err("encode KIND SOURCE OUTPUT".into()) };
    let mut decoder = Decoder::open(File::open(source)?, None, &Limits::default())?;
    let probe = decoder.probe().clone();
    if kind == "none" {
        while decoder.next_block()?.is_some() {}
        return Ok(());
    }
    let output = BufWriter::new(File::create(output)?);
    let bits = if kind == "flac24" { FlacBits::TwentyFour } else { FlacBits::Sixteen };
    let format = FlacFormat {
        channels: probe.channels,
        rate_hz: probe.sample_rate_hz,
        bits,
        source_bits: probe.bits_per_sample,
    };
    let mut encoder = FlacEncoder::new(output, format, &Labels::default(), None)?;
    while let Some(block) = decoder.next_block()? {
        encoder.push(block)?;
    }
    encoder.finish()?;
    Ok(())
}
