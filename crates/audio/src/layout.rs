use symphonia::core::audio::{ChannelLabel, Channels, Position};

/// Where a channel is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    Left,
    Right,
    Center,
    /// Low-frequency effects: neither measured (BS.1770) nor mixed down (BS.775).
    Effects,
    /// At the listener's side, ±90° to ±110°.
    SideLeft,
    SideRight,
    /// Behind the listener, ±135°; in a layout without side speakers these are the surrounds.
    RearLeft,
    RearRight,
    RearCenter,
    /// Above or beside the standard's positions, by the side that they are nearest to.
    ElseLeft,
    ElseRight,
    ElseCenter,
}

/// The speakers of a source in the order of its interleaved samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout(Vec<Speaker>);

impl Layout {
    /// The order that RFC 7845 §5.1.1.2 inherits from Vorbis, for up to eight channels.
    pub(crate) fn vorbis(channels: usize) -> Self {
        use Speaker::*;
        Self(match channels {
            3 => vec![Left, Center, Right],
            4 => vec![Left, Right, RearLeft, RearRight],
            5 => vec![Left, Center, Right, RearLeft, RearRight],
            6 => vec![Left, Center, Right, RearLeft, RearRight, Effects],
            7 => vec![Left, Center, Right, SideLeft, SideRight, RearCenter, Effects],
            8 => vec![Left, Center, Right, SideLeft, SideRight, RearLeft, RearRight, Effects],
            _ => return Self::by_count(channels),
        })
    }

    pub(crate) fn of(speakers: &[Speaker]) -> Self {
        Self(speakers.to_vec())
    }

    /// Of a header that does not say; the first decoded packet does.
    pub(crate) fn unknown() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn speakers(&self) -> &[Speaker] {
        &self.0
    }

    pub(crate) fn channels(&self) -> usize {
        self.0.len()
    }

    /// For three to eight channels: where each channel of FLAC (RFC 9639 §9.1.3) stands among ours. `None` if these
    /// are not the speakers that FLAC has for so many.
    pub(crate) fn flac_order(&self) -> Option<Vec<usize>> {
        use Speaker::*;
        let wanted: &[Speaker] = match self.channels() {
            3 => &[Left, Right, Center],
            4 => &[Left, Right, RearLeft, RearRight],
            5 => &[Left, Right, Center, RearLeft, RearRight],
            6 => &[Left, Right, Center, Effects, RearLeft, RearRight],
            7 => &[Left, Right, Center, Effects, RearCenter, SideLeft, SideRight],
            8 => &[Left, Right, Center, Effects, RearLeft, RearRight, SideLeft, SideRight],
            _ => return None,
        };
        // One pair of surrounds is one pair, wherever it is said to stand.
        let is_one_pair = !(self.has_sides() && self.0.contains(&RearLeft));
        let same = |ours: Speaker, theirs: Speaker| match (ours, theirs) {
            (SideLeft, RearLeft) | (RearLeft, SideLeft) | (SideRight, RearRight) | (RearRight, SideRight) => {
                is_one_pair
            }
            _ => ours == theirs,
        };
        wanted.iter().map(|theirs| self.0.iter().position(|ours| same(*ours, *theirs))).collect()
    }

    /// Whether the surround channels stand at the sides, so that the rear ones are further back.
    pub(crate) fn has_sides(&self) -> bool {
        self.0.iter().any(|speaker| matches!(speaker, Speaker::SideLeft | Speaker::SideRight))
    }

    /// What most writers mean when they give a number of channels and no positions.
    pub(crate) fn by_count(channels: usize) -> Self {
        use Speaker::*;
        const USUAL: [Speaker; 8] = [Left, Right, Center, Effects, RearLeft, RearRight, SideLeft, SideRight];
        Self(match channels {
            1 => vec![Center],
            4 => vec![Left, Right, RearLeft, RearRight],
            5 => vec![Left, Right, Center, RearLeft, RearRight],
            7 => vec![Left, Right, Center, Effects, RearCenter, SideLeft, SideRight],
            _ => (0..channels).map(|index| USUAL.get(index).copied().unwrap_or(ElseCenter)).collect(),
        })
    }
}

impl From<&Channels> for Layout {
    fn from(channels: &Channels) -> Self {
        match channels {
            // One or two channels are mono or stereo, whatever they are called.
            _ if channels.count() <= 2 => Self::by_count(channels.count()),
            Channels::Positioned(positions) => Self(positions.iter().map(Speaker::from).collect()),
            Channels::Custom(labels) => Self(labels.iter().map(Speaker::from).collect()),
            _ => Self::by_count(channels.count()),
        }
    }
}

impl From<&ChannelLabel> for Speaker {
    fn from(label: &ChannelLabel) -> Self {
        match label {
            ChannelLabel::Positioned(position) => Self::from(*position),
            _ => Self::ElseCenter,
        }
    }
}

impl From<Position> for Speaker {
    fn from(position: Position) -> Self {
        const LEFTS: Position = Position::TOP_FRONT_LEFT
            .union(Position::TOP_REAR_LEFT)
            .union(Position::TOP_SIDE_LEFT)
            .union(Position::BOTTOM_FRONT_LEFT);
        const RIGHTS: Position = Position::TOP_FRONT_RIGHT
            .union(Position::TOP_REAR_RIGHT)
            .union(Position::TOP_SIDE_RIGHT)
            .union(Position::BOTTOM_FRONT_RIGHT);
        match position {
            Position::FRONT_LEFT | Position::FRONT_LEFT_CENTER | Position::FRONT_LEFT_WIDE => Self::Left,
            Position::FRONT_RIGHT | Position::FRONT_RIGHT_CENTER | Position::FRONT_RIGHT_WIDE => Self::Right,
            Position::FRONT_CENTER => Self::Center,
            Position::LFE1 | Position::LFE2 => Self::Effects,
            Position::SIDE_LEFT => Self::SideLeft,
            Position::SIDE_RIGHT => Self::SideRight,
            Position::REAR_LEFT => Self::RearLeft,
            Position::REAR_RIGHT => Self::RearRight,
            Position::REAR_CENTER => Self::RearCenter,
            _ if LEFTS.contains(position) => Self::ElseLeft,
            _ if RIGHTS.contains(position) => Self::ElseRight,
            _ => Self::ElseCenter,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Speaker::*;
    use super::*;

    #[test]
    fn flac_has_an_order_of_its_own() {
        assert_eq!(Layout::vorbis(6).flac_order(), Some(vec![0, 2, 1, 5, 3, 4]));
        assert_eq!(
            Layout(vec![Left, Right, Center, Effects, SideLeft, SideRight]).flac_order(),
            Some((0..6).collect())
        );
        assert_eq!(Layout::vorbis(8).flac_order(), Some(vec![0, 2, 1, 7, 5, 6, 3, 4]));
        assert_eq!(Layout(vec![Left, Right, RearCenter]).flac_order(), None);
        assert_eq!(Layout::vorbis(2).flac_order(), None);
    }
}
