//! Genres out of the free text of tags: `Hip Hop/Rap; Jazz`, `(17)`, `Electronic, Ambient`.

use crate::artists::metadata::genre_name;

/// What ID3v1 and its extensions up to 79 mean by a number.
const ID3: [&str; 80] = [
    "blues",
    "classic rock",
    "country",
    "dance",
    "disco",
    "funk",
    "grunge",
    "hip hop",
    "jazz",
    "metal",
    "new age",
    "oldies",
    "",
    "pop",
    "r&b",
    "rap",
    "reggae",
    "rock",
    "techno",
    "industrial",
    "alternative",
    "ska",
    "death metal",
    "pranks",
    "soundtrack",
    "euro-techno",
    "ambient",
    "trip hop",
    "vocal",
    "jazz-funk",
    "fusion",
    "trance",
    "classical",
    "instrumental",
    "acid",
    "house",
    "game",
    "sound clip",
    "gospel",
    "noise",
    "alternative rock",
    "bass",
    "soul",
    "punk",
    "space",
    "meditative",
    "instrumental pop",
    "instrumental rock",
    "ethnic",
    "gothic",
    "darkwave",
    "techno-industrial",
    "electronic",
    "pop-folk",
    "eurodance",
    "dream",
    "southern rock",
    "comedy",
    "cult",
    "gangsta rap",
    "top 40",
    "christian rap",
    "pop/funk",
    "jungle",
    "native american",
    "cabaret",
    "new wave",
    "psychedelic",
    "rave",
    "showtunes",
    "trailer",
    "lo-fi",
    "tribal",
    "acid punk",
    "acid jazz",
    "polka",
    "retro",
    "musical",
    "rock & roll",
    "hard rock",
];

/// Spellings of one genre. Left: what people write, without spaces, hyphens and dots.
const SPELLINGS: [(&str, &str); 27] = [
    ("altrock", "alternative rock"),
    ("d&b", "drum & bass"),
    ("dnb", "drum & bass"),
    ("drum'n'bass", "drum & bass"),
    ("drumandbass", "drum & bass"),
    ("drumnbass", "drum & bass"),
    ("electronica", "electronic"),
    ("elektronik", "electronic"),
    ("filmmusic", "soundtrack"),
    ("filmmusik", "soundtrack"),
    ("game", "video game music"),
    ("gamemusic", "video game music"),
    ("hiphop", "hip hop"),
    ("klassik", "classical"),
    ("lofi", "lo-fi"),
    ("ost", "soundtrack"),
    ("punkrock", "punk"),
    ("r'n'b", "r&b"),
    ("randb", "r&b"),
    ("rhythmandblues", "r&b"),
    ("rnb", "r&b"),
    ("rock'n'roll", "rock & roll"),
    ("rockandroll", "rock & roll"),
    ("score", "soundtrack"),
    ("synthpop", "synth-pop"),
    ("triphop", "trip hop"),
    ("videogame", "video game music"),
];

/// What says nothing.
const NOTHING: [&str; 8] = ["", "genre", "none", "other", "unclassifiable", "undefined", "unknown", "misc"];

/// How many genres a text may name.
const MOST: usize = 5;

/// The genres that a tag names, in their normal form, each once. Names that hold a separator of their own (`r&b`) stay whole.
pub(super) fn genres_of(text: &str) -> Vec<String> {
    let mut genres = Vec::new();
    for part in text.split([';', '/', ',', '|', '\\', '\0', '\n']).flat_map(numbers_apart) {
        let Some(name) = genre_name(&part) else { continue };
        let name = known(&name);
        if !NOTHING.contains(&name.as_str()) && !genres.contains(&name) && genres.len() < MOST {
            genres.push(name);
        }
    }
    genres
}

// `(17)(8)Rock` and `17` name genres by number; a refinement stands behind.
fn numbers_apart(part: &str) -> Vec<String> {
    let part = part.trim();
    if let Some(name) = part.parse().ok().and_then(by_number) {
        return vec![name.to_owned()];
    }
    let (mut names, mut rest) = (Vec::new(), part);
    while let Some((number, behind)) = rest.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
        let Some(name) = number.parse().ok().and_then(by_number) else { break };
        names.push(name.to_owned());
        rest = behind.trim_start();
    }
    names.push(rest.to_owned());
    names
}

fn by_number(number: usize) -> Option<&'static str> {
    ID3.get(number).copied()
}

fn known(name: &str) -> String {
    let bare: String = name.chars().filter(|letter| !matches!(letter, ' ' | '-' | '.' | '_')).collect();
    let spelling = SPELLINGS.iter().find(|(written, _)| *written == bare);
    spelling.map_or_else(|| name.to_owned(), |(_, genre)| (*genre).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_genres() {
        for (text, genres) in [
            ("Hip Hop/Rap; Jazz", vec!["hip hop", "rap", "jazz"]),
            ("Hip-Hop", vec!["hip hop"]),
            ("  TRIP HOP ", vec!["trip hop"]),
            ("(17)", vec!["rock"]),
            ("(17)(8)Jazz Rock", vec!["rock", "jazz", "jazz rock"]),
            ("26", vec!["ambient"]),
            ("R&B", vec!["r&b"]),
            ("Drum 'n' Bass, DnB", vec!["drum & bass"]),
            ("Folk (Nordic)", vec!["folk (nordic)"]),
            ("Chanson Française", vec!["chanson française"]),
            ("Other", vec![]),
            ("(12)", vec![]),
            (" ; / ", vec![]),
            ("(999)", vec!["(999)"]),
            ("a;b;c;d;e;f;g", vec!["a", "b", "c", "d", "e"]),
        ] {
            assert_eq!(genres_of(text), genres, "{text:?}");
        }
        assert!(genres_of(&"x".repeat(10_000)).is_empty());
    }
}
