//! What a client can play, and what its network carries.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::decide::{Ceiling, ChoiceReason};
use crate::platform::db::named;

/// Who saves data spends less than this, in bits per second.
const SAVER_BPS: i32 = 96_000;

named! {
    /// A program or device, by what its maker says that it plays; those that we could not try are among them (README).
    pub(crate) enum Client {
        /// Chrome, Edge, Opera, and what is built on them.
        Chromium = "chromium",
        Firefox = "firefox",
        /// macOS 14, iOS 17 and later.
        Safari = "safari",
        Chromecast = "chromecast",
        Sonos = "sonos",
        Ffmpeg = "ffmpeg",
        Mpv = "mpv",
        Vlc = "vlc",
        /// What knows MP3 alone.
        Mp3 = "mp3",
    }
}

impl Client {
    /// The MIME types that it plays.
    pub(super) fn accept(self) -> Vec<String> {
        let types: &[&str] = match self {
            Self::Chromium | Self::Firefox => &[
                "audio/mp4; codecs=opus",
                "audio/mp4; codecs=flac",
                "audio/ogg; codecs=opus",
                "audio/flac",
                "audio/mpeg",
            ],
            Self::Safari => &["audio/mp4; codecs=opus", "audio/mp4; codecs=flac", "audio/flac", "audio/mpeg"],
            Self::Chromecast => &["audio/ogg; codecs=opus", "audio/flac", "audio/mpeg"],
            Self::Sonos => &["audio/flac", "audio/mpeg"],
            Self::Ffmpeg | Self::Mpv | Self::Vlc => &["*/*"],
            Self::Mp3 => &["audio/mpeg"],
        };
        types.iter().map(|mime| (*mime).to_owned()).collect()
    }
}

named! {
    /// What a device is connected by (`type` of the Network Information API).
    pub(crate) enum Connection {
        Ethernet = "ethernet",
        Wifi = "wifi",
        /// Paid by its bytes, as far as anybody knows.
        Cellular = "cellular",
        Unknown = "unknown",
    }
}

/// The network that a client says it has, in the words of the browsers' Network Information API.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Network {
    #[serde(default = "unknown")]
    connection: Connection,
    /// What it carries, in bits per second, as far as that was seen.
    #[serde(default)]
    downlink_bps: Option<u32>,
    /// Whether its owner asked for fewer bytes.
    #[serde(default)]
    saves_data: bool,
}

fn unknown() -> Connection {
    Connection::Unknown
}

impl Network {
    /// What a second of music may cost over it; `metered` is what the account says of networks paid by their bytes.
    pub(super) fn ceilings(self, metered: Option<i32>) -> Vec<Ceiling> {
        let mut ceilings = Vec::new();
        if self.saves_data {
            ceilings.push(Ceiling { bps: SAVER_BPS, reason: ChoiceReason::Network });
        }
        if let Some(downlink) = self.downlink_bps {
            // A quarter stays for everything else, and for the bad minute.
            let bps = i32::try_from(downlink / 4 * 3).unwrap_or(i32::MAX);
            ceilings.push(Ceiling { bps, reason: ChoiceReason::Network });
        }
        if let (Connection::Cellular, Some(bps)) = (self.connection, metered) {
            ceilings.push(Ceiling { bps, reason: ChoiceReason::AccountLimit });
        }
        ceilings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_limits_what_it_says() {
        let limits = |network: Network, metered| {
            let ceilings = network.ceilings(metered).into_iter();
            ceilings.map(|ceiling| (ceiling.bps, ceiling.reason)).collect::<Vec<_>>()
        };
        let wifi = Network { connection: Connection::Wifi, downlink_bps: None, saves_data: false };
        assert_eq!(limits(wifi, Some(64_000)), []);
        let cellular = Network { connection: Connection::Cellular, ..wifi };
        assert_eq!(limits(cellular, Some(64_000)), [(64_000, ChoiceReason::AccountLimit)]);
        assert_eq!(limits(cellular, None), []);
        let slow = Network { downlink_bps: Some(200_000), saves_data: true, ..wifi };
        assert_eq!(limits(slow, None), [(96_000, ChoiceReason::Network), (150_000, ChoiceReason::Network)]);
        assert_eq!(limits(Network { downlink_bps: Some(u32::MAX), ..wifi }, None), [(i32::MAX, ChoiceReason::Network)]);
    }
}
