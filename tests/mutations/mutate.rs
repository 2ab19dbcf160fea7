//! Ways to break a file. The same seed breaks it in the same way.

/// A generator of the same numbers on every run (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `limit`, which may be zero.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// The headers of most files end before this.
const HEADERS: usize = 600;
/// Shares of all bits that are turned (zzuf's range).
const RATES: [f64; 5] = [0.0001, 0.0005, 0.002, 0.01, 0.05];
/// What breaks sizes, counts and rates.
const NUMBERS: [u32; 12] =
    [0, 1, 2, 7, 8, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fff7, 1_000_000_000];

type Way = fn(&mut Vec<u8>, &[u8], &mut Random);

/// By name, for the report. The second argument is another file, of another format as a rule.
const WAYS: [(&str, Way); 10] = [
    ("bits", |file, _, random| {
        let rate = random.one_of(&RATES);
        flip(file, rate, random);
    }),
    ("header bits", |file, _, random| {
        let headers = file.len().min(HEADERS);
        let rate = random.one_of(&[0.001, 0.01, 0.05]);
        flip(&mut file[..headers], rate, random);
    }),
    ("numbers", |file, _, random| numbers(file, random)),
    ("chunk sizes", |file, _, random| chunk_sizes(file, random)),
    ("cut", |file, _, random| file.truncate(random.below(file.len()))),
    ("block gone", |file, _, random| {
        let (from, to) = block(file, random);
        file.drain(from..to);
    }),
    ("block twice", |file, _, random| {
        let (from, to) = block(file, random);
        let copy = file[from..to].to_vec();
        let at = random.below(file.len() + 1);
        file.splice(at..at, copy);
    }),
    ("blocks swapped", |file, _, random| {
        let size = 1 + random.below(file.len() / 4);
        let places = file.len() / size;
        let (one, other) = (random.below(places) * size, random.below(places) * size);
        (0..size).for_each(|offset| file.swap(one + offset, other + offset));
    }),
    ("another's head", |file, other, random| {
        let head = random.below(other.len().min(4 * HEADERS) + 1);
        let replaced = if random.below(2) == 0 { 0 } else { head.min(file.len()) };
        file.splice(..replaced, other[..head].iter().copied());
    }),
    ("another's tail", |file, other, random| {
        file.truncate(1 + random.below(file.len()));
        file.extend_from_slice(&other[random.below(other.len())..]);
    }),
];

/// Break a file in one to three ways; the answer names them.
pub(crate) fn mutate(file: &mut Vec<u8>, other: &[u8], random: &mut Random) -> String {
    let mut ways = Vec::new();
    for _ in 0..=random.below(3) {
        if file.len() < 16 {
            break;
        }
        let (name, way) = random.one_of(&WAYS);
        way(file, other, random);
        ways.push(name);
    }
    ways.join(", ")
}

fn flip(bytes: &mut [u8], rate: f64, random: &mut Random) {
    let count = (bytes.len() as f64 * 8.0 * rate).ceil() as usize;
    for _ in 0..count {
        let at = random.below(bytes.len());
        bytes[at] ^= 1 << random.below(8);
    }
}

fn block(file: &[u8], random: &mut Random) -> (usize, usize) {
    let from = random.below(file.len());
    let longest = file.len() - from;
    let most = random.one_of(&[16, 512, 65_536]).min(longest);
    let to = from + 1 + random.below(most);
    (from, to.min(file.len()))
}

/// Numbers of two, four or eight bytes, in both orders, anywhere; more often in the headers.
fn numbers(file: &mut [u8], random: &mut Random) {
    for _ in 0..=random.below(6) {
        let reach = if random.below(3) > 0 { file.len().min(HEADERS) } else { file.len() };
        put_number(file, random.below(reach), random);
    }
}

fn put_number(file: &mut [u8], at: usize, random: &mut Random) {
    let number = if random.below(4) == 0 { random.next() as u32 } else { random.one_of(&NUMBERS) };
    let width = random.one_of(&[2, 4, 4, 8]);
    let wide = u64::from(number) << if width == 8 { random.one_of(&[0, 32]) } else { 0 };
    let big = wide.to_be_bytes();
    let mut bytes = big[8 - width..].to_vec();
    if random.below(2) == 0 {
        bytes.reverse();
    }
    for (place, byte) in file[at..].iter_mut().zip(bytes) {
        *place = byte;
    }
}

/// The numbers beside names of four letters: the sizes of RIFF and AIFF chunks, of MP4 boxes, of ID3 frames.
fn chunk_sizes(file: &mut [u8], random: &mut Random) {
    let is_name = |name: &[u8]| name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b' ');
    let names: Vec<usize> =
        file.windows(4).take(200_000).enumerate().filter(|(_, name)| is_name(name)).map(|(at, _)| at).collect();
    for _ in 0..=random.below(3) {
        let at = if names.is_empty() { random.below(file.len()) } else { random.one_of(&names) };
        let before_or_behind = if random.below(2) == 0 { at.saturating_sub(4) } else { at + 4 };
        if before_or_behind < file.len() {
            put_number(file, before_or_behind, random);
        }
    }
}
