//! XSPF version 1: XML without a document type. No entity is known but those that XML has itself, and attributes are not
//! read.

use quick_xml::events::{BytesRef, BytesText, Event};
use quick_xml::{Reader, Writer};

use super::{Line, MAX_TEXT, ReadList, TOO_LONG, Written, WrittenName, push};

/// How deep elements may lie in one another.
const MAX_DEPTH: usize = 16;

const NAMESPACE: &str = "http://xspf.org/ns/0/";

/// A document on its way through.
#[derive(Default)]
struct Reading {
    list: ReadList,
    /// The local names of the elements around.
    path: Vec<String>,
    text: String,
    line: Line,
}

pub(super) fn read(text: &str) -> Result<ReadList, String> {
    let mut reader = Reader::from_str(text);
    let mut reading = Reading::default();
    let mut has_root = false;
    loop {
        match reader.read_event().map_err(|cause| format!("This is no XML: {cause}."))? {
            Event::Start(element) => {
                reading.open(element.local_name().as_ref())?;
                has_root = true;
            }
            Event::Empty(element) => {
                reading.open(element.local_name().as_ref())?;
                reading.close()?;
                has_root = true;
            }
            Event::End(_) => reading.close()?,
            Event::Text(text) => reading.add(&text.decode().map_err(|cause| format!("This is no XML: {cause}."))?)?,
            Event::CData(text) => reading.add(&text.decode().map_err(|cause| format!("This is no XML: {cause}."))?)?,
            Event::GeneralRef(name) => reading.add(&resolved(&name)?)?,
            Event::DocType(_) => return Err("A list has no document type (DOCTYPE) here.".into()),
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    if !has_root || !reading.path.is_empty() {
        return Err("This is no XML: it ends before its end.".into());
    }
    Ok(reading.list)
}

fn resolved(name: &BytesRef<'_>) -> Result<String, String> {
    if let Ok(Some(letter)) = name.resolve_char_ref() {
        return Ok(letter.to_string());
    }
    let name = name.decode().map_err(|cause| format!("This is no XML: {cause}."))?;
    let known = quick_xml::escape::resolve_xml_entity(&name).map(str::to_owned);
    known.ok_or_else(|| format!("A list has no entities of its own here, such as &{name:.40};."))
}

impl Reading {
    fn open(&mut self, name: &[u8]) -> Result<(), String> {
        if self.path.is_empty() && name != b"playlist" {
            return Err("This is no XSPF: it does not begin with a playlist.".into());
        }
        if self.path.len() == MAX_DEPTH {
            return Err("This is no XSPF: its elements lie too deep in one another.".into());
        }
        self.path.push(String::from_utf8_lossy(&name[..name.len().min(64)]).into_owned());
        self.text.clear();
        if self.is_at(&["playlist", "trackList", "track"]) {
            self.line = Line::default();
        }
        Ok(())
    }

    fn add(&mut self, text: &str) -> Result<(), String> {
        if self.text.len() + text.len() > MAX_TEXT {
            return Err(TOO_LONG.into());
        }
        self.text.push_str(text);
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["playlist", "title"] => self.list.title = Some(text),
            ["playlist", "annotation"] => self.list.description = Some(text),
            ["playlist", "trackList", "track"] => push(&mut self.list.lines, std::mem::take(&mut self.line))?,
            ["playlist", "trackList", "track", name] => self.line.tell(name, text),
            _ => {}
        }
        self.path.pop();
        Ok(())
    }

    fn is_at(&self, path: &[&str]) -> bool {
        self.path.iter().map(String::as_str).eq(path.iter().copied())
    }
}

impl Line {
    fn tell(&mut self, name: &str, text: String) {
        match name {
            "location" if self.location.is_none() => self.location = Some(text),
            "location" | "identifier" => self.identifiers.push(text),
            "title" => self.title = Some(text),
            "creator" => self.artist = Some(text),
            "duration" => self.duration_ms = text.parse().ok(),
            _ => {}
        }
    }
}

pub(super) fn write(playlist: &Written<'_>) -> anyhow::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec(), b' ', 2);
    let root = xml.create_element("playlist").with_attributes([("version", "1"), ("xmlns", NAMESPACE)]);
    root.write_inner_content(|xml| {
        element(xml, "title", playlist.title)?;
        if !playlist.description.is_empty() {
            element(xml, "annotation", playlist.description)?;
        }
        xml.create_element("trackList").write_inner_content(|xml| {
            playlist.lines.iter().try_for_each(|line| {
                xml.create_element("track").write_inner_content(|xml| {
                    element(xml, "location", &line.url)?;
                    line.named.as_ref().map_or(Ok(()), |name| named(xml, name))
                })?;
                Ok(())
            })
        })?;
        Ok(())
    })?;
    Ok(xml.into_inner())
}

fn named(xml: &mut Writer<Vec<u8>>, name: &WrittenName) -> std::io::Result<()> {
    for identifier in identifiers(name) {
        element(xml, "identifier", &identifier)?;
    }
    element(xml, "title", &name.title)?;
    element(xml, "creator", &name.artist)?;
    element(xml, "album", &name.release)?;
    element(xml, "duration", &name.duration_ms.to_string())
}

fn element(xml: &mut Writer<Vec<u8>>, name: &str, text: &str) -> std::io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(text))?;
    Ok(())
}

/// What others call a track.
pub(super) fn identifiers(name: &WrittenName) -> Vec<String> {
    let recording = name.recording_mbid.iter().map(|id| format!("https://musicbrainz.org/recording/{id}"));
    let isrc = name.isrc.iter().map(|code| format!("urn:isrc:{code}"));
    recording.chain(isrc).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(inner: &str) -> String {
        format!("<playlist version=\"1\"><trackList><track>{inner}</track></trackList></playlist>")
    }

    #[test]
    fn a_track_says_what_it_is() {
        let list = read(&track(
            "<location>file:///etc/passwd</location><x:title xmlns:x='y'>Tides &amp; <![CDATA[<Waves>]]> &#x41;</x:title>
             <creator>Nina</creator><duration>61000</duration><extension><title>no</title></extension>",
        ))
        .expect("a list");
        assert_eq!(list.lines[0].name(), "Nina - Tides & <Waves> A");
        assert_eq!(list.lines[0].duration_ms, Some(61_000));
    }

    #[test]
    fn a_hostile_document_is_refused() {
        let bomb = "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol1 \"&lol;&lol;\">]><playlist>&lol1;</playlist>";
        let external = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><playlist/>";
        for bad in [bomb, external] {
            assert!(read(bad).is_err_and(|fault| fault.contains("DOCTYPE")), "{bad}");
        }
        assert!(read(&track("<title>&xxe;</title>")).is_err_and(|fault| fault.contains("&xxe;")));
        for bad in [
            "<html><body/></html>".to_owned(),
            "<playlist>".to_owned(),
            "<playlist></track>".to_owned(),
            "<playlist".to_owned(),
            "<".to_owned(),
            format!("<playlist>{}", "<a>".repeat(100_000)),
            track("<title>&#0;&#xFFFFFFFF;</title>"),
        ] {
            assert!(read(&bad).is_err(), "{bad:.60}");
        }
        // Attributes are not even looked at.
        let many: String = (0..100_000).map(|number| format!(" a{number}='x'")).collect();
        let list = read(&format!("<playlist{many}><trackList><track/></trackList></playlist>")).expect("a list");
        assert_eq!(list.lines.len(), 1);
    }
}
