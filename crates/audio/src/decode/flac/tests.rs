use super::Flac;
use crate::flac::{FlacBits, FlacFormat, FlacFrame, FlacFrames};
use std::panic::catch_unwind;
use symphonia::core::codecs::audio::well_known::CODEC_ID_FLAC;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};
use symphonia::default::get_codecs;

/// Frames of music, noise, silence and a square, as our encoder makes them, with the header of their stream.
fn packets(format: FlacFormat) -> (Vec<Vec<u8>>, [u8; 34]) {
    let mut noise = 1_u32;
    let mut samples = Vec::new();
    for index in 0..40_000_u32 {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let random = f64::from(noise >> 8) / f64::from(1 << 23) - 1.0;
        let value = match index / 8_000 {
            0 => (f64::from(index) * 0.03).sin() * 0.6 + random * 0.001,
            1 => random,
            2 => 0.0,
            3 => f64::from((index / 200 % 2 * 2) as u8) - 1.0,
            _ => (f64::from(index) * 0.011).sin() * 0.2 + random * 0.02,
        };
        samples.extend((0..format.channels).map(|channel| (value / f64::from(channel + 1)) as f32));
    }
    let (mut frames, mut packets) = (FlacFrames::new(format).expect("FLAC has it"), Vec::new());
    let mut take = |frame: FlacFrame<'_>| {
        packets.push(frame.bytes.to_vec());
        Ok(())
    };
    frames.push(&samples, &mut take).expect("memory takes all");
    let info = frames.finish(&mut take).expect("memory takes all");
    (packets, info.to_bytes())
}

/// symphonia's decoder and ours, for one stream.
fn decoders(info: [u8; 34]) -> (Box<dyn AudioDecoder>, Flac) {
    let mut params = AudioCodecParameters::new();
    params.for_codec(CODEC_ID_FLAC).with_extra_data(info.into());
    let theirs = get_codecs().make_audio_decoder(&params, &AudioDecoderOptions::default()).expect("it is FLAC");
    let ours = Flac::new(theirs.codec_params(), true).expect("it is ours");
    (theirs, ours)
}

fn by_symphonia(decoder: &mut dyn AudioDecoder, packet: &[u8]) -> Option<Vec<f32>> {
    let packet = Packet::new(0, Timestamp::new(0), Duration::from(4_096_u32), packet.to_vec());
    let mut block = Vec::new();
    // It overflows where a stream makes no sense.
    let decoded = catch_unwind(std::panic::AssertUnwindSafe(|| {
        decoder.decode(&packet).ok().map(|buffer| buffer.copy_to_vec_interleaved(&mut block))
    }));
    decoded.ok().flatten().map(|()| block)
}

fn formats() -> impl Iterator<Item = FlacFormat> {
    [(1, FlacBits::Sixteen), (2, FlacBits::Sixteen), (2, FlacBits::TwentyFour), (5, FlacBits::TwentyFour)]
        .into_iter()
        .map(|(channels, bits)| FlacFormat { channels, rate_hz: 44_100, bits, source_bits: Some(bits.count()) })
}

#[test]
fn frames_decode_to_what_symphonia_makes_of_them() {
    for format in formats() {
        let (packets, info) = packets(format);
        let (mut theirs, mut ours) = decoders(info);
        let mut block = Vec::new();
        for (number, packet) in packets.iter().enumerate() {
            assert_eq!(ours.decode(packet, &mut block), Some((44_100, format.channels.into())));
            assert!(Some(&block) == by_symphonia(theirs.as_mut(), packet).as_ref(), "{format:?}, frame {number}");
        }
        assert!(!ours.differs_from_checksum(), "{format:?}");
        ours.decode(&packets[0], &mut block);
        assert!(ours.differs_from_checksum(), "{format:?}, with a frame too many");
    }
}

#[test]
fn broken_frames_do_no_harm_and_decode_to_the_same() {
    let (mut noise, mut decoded, mut refused) = (7_u32, 0, 0);
    let mut random = move |below: usize| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 8) as usize % below
    };
    for format in formats() {
        let (packets, info) = packets(format);
        let (mut theirs, mut ours) = decoders(info);
        let mut block = Vec::new();
        for _ in 0..400 {
            let mut packet = packets[random(packets.len())].clone();
            // Behind the header, whose checksum would tell.
            let within = if random(2) == 0 { 60 } else { packet.len() - 7 };
            let at = 7 + random(within).min(packet.len() - 8);
            packet[at] ^= 1 << random(8);
            if random(8) == 0 {
                packet.truncate(at);
            }
            match (ours.decode(&packet, &mut block), by_symphonia(theirs.as_mut(), &packet)) {
                (Some(_), Some(expected)) => {
                    decoded += 1;
                    assert!(block == expected, "{format:?}, byte {at}");
                }
                (None, _) => refused += 1,
                (Some(_), None) => {}
            }
        }
    }
    assert!(decoded > 200 && refused > 200, "{decoded} decoded, {refused} refused");
}
