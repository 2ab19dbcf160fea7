//! The outward face: feeds, heads of pages, players for pages of others, the site map.

mod head;
mod show_embed;
mod show_feed;
mod show_oembed;
mod show_sitemap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::support::{Answer, App, Single, send};

/// An element of an XML document, with the names that it stands in: `rss/channel/item`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Element {
    pub(crate) path: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Element {
    #[track_caller]
    pub(crate) fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(own, _)| own == name);
        found.map_or_else(|| panic!("no {name} in {self:?}"), |(_, value)| value)
    }
}

/// The elements of a document, in their order; fails where it is not well-formed.
#[track_caller]
pub(crate) fn parse(xml: &str) -> Vec<Element> {
    let is_writable =
        |letter: char| matches!(letter, '\t' | '\n' | '\r') || letter >= ' ' && !"\u{FFFE}\u{FFFF}".contains(letter);
    assert!(xml.chars().all(is_writable), "XML 1.0 has no such character: {xml:?}");
    let (mut reader, mut elements, mut open): (_, Vec<Element>, Vec<usize>) =
        (Reader::from_str(xml), Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap_or_else(|problem| panic!("{problem}: {xml}")) {
            Event::Start(start) => {
                let element = begin(&start, &elements, &open);
                open.push(elements.len());
                elements.push(element);
            }
            Event::Empty(start) => elements.push(begin(&start, &elements, &open)),
            Event::End(_) => {
                open.pop().expect("an element that is open");
            }
            Event::Text(text) => {
                if let Some(place) = open.last() {
                    elements[*place].text += &text.decode().expect("UTF-8");
                }
            }
            Event::GeneralRef(reference) => {
                let place = *open.last().expect("an element that is open");
                elements[place].text.push(resolve(&reference));
            }
            Event::Eof => break,
            Event::Decl(_) => {}
            other => panic!("{other:?}: {xml}"),
        }
    }
    assert!(open.is_empty(), "not closed: {xml}");
    elements
}

fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> char {
    if let Some(letter) = reference.resolve_char_ref().expect("a character") {
        return letter;
    }
    match &*reference.decode().expect("UTF-8") {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        other => panic!("XML knows no &{other};"),
    }
}

fn begin(start: &BytesStart<'_>, elements: &[Element], open: &[usize]) -> Element {
    let name = String::from_utf8(start.name().as_ref().to_vec()).expect("UTF-8");
    let path = open.last().map_or_else(|| name.clone(), |parent| format!("{}/{name}", elements[*parent].path));
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.expect("an attribute");
        let name = String::from_utf8(attribute.key.as_ref().to_vec()).expect("UTF-8");
        (name, attribute.normalized_value(XmlVersion::Implicit1_0).expect("a value").into_owned())
    });
    Element { path, attributes: attributes.collect(), text: String::new() }
}

/// The texts of all elements at a path.
pub(crate) fn texts(elements: &[Element], path: &str) -> Vec<String> {
    elements.iter().filter(|element| element.path == path).map(|element| element.text.clone()).collect()
}

/// What stands at a path, beside the API or in it, for somebody without an account.
pub(crate) async fn fetch(app: &App, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = app.site.http.get(format!("{}{path}", app.site.base));
    send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

/// Ways in which a release, or its one track, is not for everybody.
pub(crate) const HIDDEN: [(&str, &str); 7] = [
    ("withdrawn", "update artists.releases set published_at = null where id = '{release}'"),
    ("embargo", "update artists.releases set published_at = now() + interval '1 day' where id = '{release}'"),
    ("unlisted", "update artists.releases set visibility = 'unlisted' where id = '{release}'"),
    ("followers", "update artists.releases set visibility = 'followers' where id = '{release}'"),
    ("private", "update artists.releases set visibility = 'private' where id = '{release}'"),
    ("taken down", "update artists.tracks set state = 'taken_down' where id = '{track}'"),
    ("processing", "update artists.tracks set state = 'processing' where id = '{track}'"),
];

/// Hides a single in one of those ways.
pub(crate) async fn hide(app: &App, single: &Single, statement: &str) {
    app.execute(&statement.replace("{release}", &single.release).replace("{track}", &single.track)).await;
}

/// It is for everybody again.
pub(crate) async fn reveal(app: &App, single: &Single) {
    let Single { release, track } = single;
    let published = "published_at = now() - interval '1 minute', visibility = 'public'";
    app.execute(&format!("update artists.releases set {published} where id = '{release}'")).await;
    app.execute(&format!("update artists.tracks set state = 'ready' where id = '{track}'")).await;
}

/// Gives a release, its track and its artist a name that no door would let in, and that no page may be broken by.
pub(crate) async fn name_hostilely(app: &App, single: &Single) {
    let name = format!(
        "'{}' || chr(1) || chr(8) || chr(27) || chr(65535) || '{}'",
        HOSTILE[0].replace('\'', "''"),
        HOSTILE[1]
    );
    app.execute(&format!("update artists.releases set title = {name} where id = '{}'", single.release)).await;
    app.execute(&format!("update artists.tracks set title = {name} where id = '{}'", single.track)).await;
    app.execute(&format!("update artists.artists set name = {name} where slug = 'nina'")).await;
}

/// The two halves of that name; between them stand control characters.
pub(crate) const HOSTILE: [&str; 2] =
    ["]]></title><script>alert(1)</script>\" onload='x' & ", "<!-- {{7*7}} \\u0000 %s 北"];
