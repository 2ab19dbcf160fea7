//! A name for a device that people know, out of what its browser says of itself (`User-Agent`).

/// The first that stands in the text gives the name: browsers also name those that they descend from.
const PROGRAMS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// `Firefox (Linux)`; a program that is no browser by the name before its version: `curl`. None where it says nothing.
/// Nothing else of the text comes through, for whoever signs in writes it.
pub(super) fn device_name(agent: &str) -> Option<String> {
    let known =
        |names: &[(&str, &'static str)]| names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    match (known(PROGRAMS), known(SYSTEMS)) {
        (Some(program), Some(system)) => Some(format!("{program} ({system})")),
        (Some(name), None) | (None, Some(name)) => Some(name.to_owned()),
        (None, None) => first_word(agent),
    }
}

fn first_word(agent: &str) -> Option<String> {
    let word: String = agent.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect();
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_has_a_name_that_people_know() {
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox (Linux)"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 \
                 Safari/537.36 Edg/140.0.0.0",
                "Edge (Windows)",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/19.0 Mobile/15E148 Safari/604.1",
                "Safari (iPhone)",
            ),
            ("curl/8.14.1", "curl"),
            ("Symfonium", "Symfonium"),
        ] {
            assert_eq!(device_name(agent).as_deref(), Some(name));
        }
    }

    #[test]
    fn what_somebody_writes_into_it_does_not_come_through() {
        assert_eq!(device_name("evil.example/win <script>").as_deref(), Some("evil"));
        assert_eq!(device_name("https://evil.example Firefox/1").as_deref(), Some("Firefox"));
        assert_eq!(device_name("\r\nBcc: all@example.org"), None);
    }
}
