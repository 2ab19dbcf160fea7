//! Finds the parts of an AVIF file (AOMedia AV1 Image File Format 1.1, over ISO/IEC 23008-12): the AV1 stream of the
//! picture and of its transparency, its colour profile, and how it is turned. Pictures that are put together of tiles
//! (`grid`) are not taken.

/// The parts of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Avif {
    pub(crate) picture: Vec<u8>,
    pub(crate) alpha: Option<Vec<u8>>,
    pub(crate) profile: Option<Vec<u8>>,
    /// Quarters of a turn, anticlockwise.
    pub(crate) turns: u8,
    /// After it is turned: 0 upside down, 1 left and right exchanged.
    pub(crate) mirror: Option<u8>,
}

/// More items, properties and extents than these have no use.
const MOST: usize = 256;

/// Where the data of an item lies.
struct Location {
    item: u32,
    /// 0: in the file; 1: in the `idat` box.
    is_inside: bool,
    extents: Vec<(u64, u64)>,
}

/// A property, and what it says.
type Property<'a> = (&'a [u8; 4], &'a [u8]);

/// What the boxes of `meta` say.
#[derive(Default)]
struct Meta<'a> {
    primary: Option<u32>,
    kinds: Vec<(u32, &'a [u8])>,
    locations: Vec<Location>,
    inside: &'a [u8],
    properties: Vec<Property<'a>>,
    /// Of an item: places among the properties, from 1.
    associations: Vec<(u32, Vec<usize>)>,
    /// Pictures that belong to others: from, to.
    auxiliaries: Vec<(u32, u32)>,
}

/// Whether a file begins like one.
pub(crate) fn is_avif(file: &[u8]) -> bool {
    let Some((b"ftyp", brands)) = boxes(file).next() else { return false };
    brands.chunks_exact(4).enumerate().any(|(place, brand)| place != 1 && brand == b"avif")
}

impl Avif {
    /// None: what belongs there is not there.
    pub(crate) fn read(file: &[u8]) -> Option<Self> {
        let (_, meta) = boxes(file).find(|(name, _)| *name == b"meta")?;
        let meta = Meta::read(full(meta)?.1)?;
        let primary = meta.primary?;
        let is_av1 = |item: u32| meta.kinds.iter().any(|(of, kind)| *of == item && *kind == b"av01");
        if !is_av1(primary) {
            return None;
        }
        let mut auxiliaries = meta.auxiliaries.iter().filter(|(_, to)| *to == primary).map(|(from, _)| *from);
        let alpha = auxiliaries.find(|item| is_av1(*item) && meta.is_alpha(*item));
        let first = |name: &[u8; 4]| meta.of(primary).find(|(of, _)| *of == name).map(|(_, what)| what);
        Some(Self {
            picture: meta.data(primary, file)?,
            alpha: alpha.and_then(|alpha| meta.data(alpha, file)),
            profile: meta.of(primary).find_map(profile),
            turns: first(b"irot").and_then(|turn| turn.first()).map_or(0, |turn| turn & 3),
            mirror: first(b"imir").and_then(|axis| axis.first()).map(|axis| axis & 1),
        })
    }
}

fn profile((name, what): Property<'_>) -> Option<Vec<u8>> {
    let (kind, profile) = what.split_at_checked(4)?;
    (name == b"colr" && [&b"prof"[..], b"rICC"].contains(&kind)).then(|| profile.to_vec())
}

impl<'a> Meta<'a> {
    fn read(children: &'a [u8]) -> Option<Self> {
        let mut meta = Self::default();
        for (name, body) in boxes(children) {
            match name {
                b"pitm" => meta.primary = Some(primary(body)?),
                b"iinf" => meta.kinds = kinds(body)?,
                b"iloc" => meta.locations = locations(body)?,
                b"idat" => meta.inside = body,
                b"iref" => meta.auxiliaries = auxiliaries(body)?,
                b"iprp" => {
                    for (name, body) in boxes(body) {
                        match name {
                            b"ipco" => meta.properties = boxes(body).take(MOST).collect(),
                            b"ipma" => meta.associations.extend(associations(body)?),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Some(meta)
    }

    fn of(&self, item: u32) -> impl Iterator<Item = Property<'a>> {
        let places = self.associations.iter().filter(move |(of, _)| *of == item).flat_map(|(_, places)| places);
        places.filter_map(|place| self.properties.get(place.checked_sub(1)?).copied())
    }

    fn is_alpha(&self, item: u32) -> bool {
        let kinds = [&b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0"[..], b"urn:mpeg:hevc:2015:auxid:1\0"];
        self.of(item).any(|(name, what)| name == b"auxC" && full(what).is_some_and(|(_, kind)| kinds.contains(&kind)))
    }

    fn data(&self, item: u32, file: &[u8]) -> Option<Vec<u8>> {
        let location = self.locations.iter().find(|location| location.item == item)?;
        let from = if location.is_inside { self.inside } else { file };
        let mut data = Vec::new();
        for (offset, length) in &location.extents {
            let begin = usize::try_from(*offset).ok()?;
            // No length is all that follows.
            let end = if *length == 0 { from.len() } else { begin.checked_add(usize::try_from(*length).ok()?)? };
            data.extend_from_slice(from.get(begin..end)?);
            if data.len() > file.len() {
                return None;
            }
        }
        (!data.is_empty()).then_some(data)
    }
}

/// The boxes in `bytes`, by name and body, up to one that goes beyond its end.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let mut rest = bytes;
        let size = number(&mut rest, 4)?;
        let name = rest.split_off(..4)?.try_into().ok()?;
        let (size, head) = match size {
            0 => (bytes.len() as u64, 8),
            1 => (number(&mut rest, 8)?, 16),
            size => (size, 8),
        };
        let whole = bytes.split_off(..usize::try_from(size).ok()?)?;
        Some((name, whole.get(head..)?))
    })
}

/// Of a box that has them, its version and what follows version and flags; the lowest flag is the version's second byte.
fn full(body: &[u8]) -> Option<((u8, bool), &[u8])> {
    let (head, rest) = body.split_at_checked(4)?;
    Some(((head[0], head[3] & 1 == 1), rest))
}

fn number(bytes: &mut &[u8], length: usize) -> Option<u64> {
    let digits = bytes.split_off(..length)?;
    Some(digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)))
}

fn small(bytes: &mut &[u8], length: usize) -> Option<u32> {
    u32::try_from(number(bytes, length)?).ok()
}

fn primary(body: &[u8]) -> Option<u32> {
    let ((version, _), mut rest) = full(body)?;
    small(&mut rest, if version == 0 { 2 } else { 4 })
}

fn kinds(body: &[u8]) -> Option<Vec<(u32, &[u8])>> {
    let ((version, _), mut rest) = full(body)?;
    number(&mut rest, if version == 0 { 2 } else { 4 })?;
    let entries = boxes(rest).take(MOST).filter(|(name, _)| *name == b"infe").filter_map(|(_, entry)| {
        let ((version, _), mut entry) = full(entry)?;
        let item = small(&mut entry, if version == 2 { 2 } else { 4 })?;
        Some((item, entry.get(2..6)?))
    });
    Some(entries.collect())
}

fn locations(body: &[u8]) -> Option<Vec<Location>> {
    let ((version, _), mut rest) = full(body)?;
    let sizes = number(&mut rest, 2)?;
    let size = |place: u64| usize::try_from(sizes >> place & 15).ok();
    let (offset, length, base) = (size(12)?, size(8)?, size(4)?);
    let index = if version == 0 { 0 } else { size(0)? };
    let wide = if version < 2 { 2 } else { 4 };
    let count = small(&mut rest, wide)?;
    let mut locations = Vec::new();
    for _ in 0..count.min(MOST as u32) {
        let item = small(&mut rest, wide)?;
        let method = if version == 0 { 0 } else { number(&mut rest, 2)? & 15 };
        number(&mut rest, 2)?;
        let base = number(&mut rest, base)?;
        let count = number(&mut rest, 2)?;
        let mut extents = Vec::new();
        for _ in 0..count.min(MOST as u64) {
            number(&mut rest, index)?;
            let offset = base.checked_add(number(&mut rest, offset)?)?;
            extents.push((offset, number(&mut rest, length)?));
        }
        locations.push(Location { item, is_inside: method == 1, extents });
    }
    Some(locations)
}

fn associations(body: &[u8]) -> Option<Vec<(u32, Vec<usize>)>> {
    let ((version, is_wide), mut rest) = full(body)?;
    let count = number(&mut rest, 4)?;
    let mut associations = Vec::new();
    for _ in 0..count.min(MOST as u64) {
        let item = small(&mut rest, if version == 0 { 2 } else { 4 })?;
        let count = number(&mut rest, 1)?;
        let mut places = Vec::new();
        for _ in 0..count {
            // The uppermost bit says that a reader must know the property.
            let place = if is_wide { number(&mut rest, 2)? & 0x7fff } else { number(&mut rest, 1)? & 0x7f };
            places.push(usize::try_from(place).ok()?);
        }
        associations.push((item, places));
    }
    Some(associations)
}

fn auxiliaries(body: &[u8]) -> Option<Vec<(u32, u32)>> {
    let ((version, _), rest) = full(body)?;
    let wide = if version == 0 { 2 } else { 4 };
    let mut found = Vec::new();
    for (_, mut reference) in boxes(rest).filter(|(name, _)| *name == b"auxl").take(MOST) {
        let from = small(&mut reference, wide)?;
        for _ in 0..number(&mut reference, 2)?.min(MOST as u64) {
            found.push((from, small(&mut reference, wide)?));
        }
    }
    Some(found)
}
