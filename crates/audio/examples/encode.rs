//! Encodes a file: `encode flac16|flac24|mp3-320|mp3-v0|none SOURCE OUTPUT`. For measuring by hand.

use legato_audio::{Decoder, FlacBits, FlacEncoder, FlacFormat, Labels, Limits, Mp3Encoder, Mp3Format, Mp3Quality};
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
    if kind.starts_with("mp3") {
        let quality = if kind == "mp3-v0" { Mp3Quality::V0 } else { Mp3Quality::Cbr320 };
        let format = Mp3Format { channels: probe.channels, rate_hz: probe.sample_rate_hz, quality };
        let mut encoder = Mp3Encoder::new(output, format, &Labels::default(), None)?;
        while let Some(block) = decoder.next_block()? {
            encoder.push(block)?;
        }
        encoder.finish()?;
        return Ok(());
    }
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
