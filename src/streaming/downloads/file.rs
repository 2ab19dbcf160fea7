//! A track as a file that is taken away: which of its forms, and what it is called.

use actix_web::http::header::{Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue};
use serde::Deserialize;

use crate::artists::{Playable, PlayableRendition, RenditionKind};
use crate::platform::archive::safe;
use crate::platform::db::named;
use crate::platform::error::{Code, Error, Result};

named! {
    /// What a file is.
    pub(crate) enum FileFormat {
        Flac = "flac",
        Mp3 = "mp3",
        Opus = "opus",
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
pub(crate) struct Wanted {
    /// `flac`, `mp3` or `opus`; the first of these that there is where absent.
    #[param(value_type = Option<String>)]
    pub(super) format: Option<FileFormat>,
}

impl FileFormat {
    fn kind(self) -> RenditionKind {
        match self {
            Self::Flac => RenditionKind::Flac,
            Self::Mp3 => RenditionKind::Mp3,
            Self::Opus => RenditionKind::OpusOgg,
        }
    }
}

/// The best whole file of a track.
///
/// # Errors
/// `nothing-acceptable` where it has none of that format.
pub(super) fn best(track: &Playable, wanted: Wanted) -> Result<(&PlayableRendition, FileFormat)> {
    let formats = wanted.format.map_or_else(|| FileFormat::ALL.to_vec(), |format| vec![format]);
    let found = formats.into_iter().find_map(|format| {
        let of_format = track.renditions.iter().filter(|rendition| rendition.kind == format.kind());
        let best =
            of_format.filter(|rendition| rendition.segments.is_none()).max_by_key(|rendition| rendition.bitrate_bps);
        best.map(|best| (best, format))
    });
    found.ok_or(Error::Refused(Code::NothingAcceptable))
}

/// `03 Ebb.flac`, safe on every file system; the number where there is one.
pub(super) fn name(number: Option<usize>, title: &str, format: FileFormat) -> String {
    let number = number.map(|number| format!("{number:02} ")).unwrap_or_default();
    safe(&format!("{number}{title}.{}", format.name()))
}

/// What makes a browser keep a file under this name (RFC 6266).
pub(super) fn attachment(name: &str) -> ContentDisposition {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ' { c } else { '_' }).collect();
    let extended = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    let mut parameters = vec![DispositionParam::Filename(plain.clone())];
    if plain != name {
        parameters.push(DispositionParam::FilenameExt(extended));
    }
    ContentDisposition { disposition: DispositionType::Attachment, parameters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_kept_under_its_name_by_every_browser() {
        assert_eq!(attachment("01 Ebb.flac").to_string(), "attachment; filename=\"01 Ebb.flac\"");
        let foreign = attachment("01 Fløde \"x\".mp3").to_string();
        assert_eq!(
            foreign,
            "attachment; filename=\"01 Fl_de _x_.mp3\"; filename*=UTF-8''01%20Fl%C3%B8de%20%22x%22.mp3"
        );
    }

    #[test]
    fn a_name_is_safe_on_every_file_system() {
        assert_eq!(name(Some(3), "Ebb", FileFormat::Flac), "03 Ebb.flac");
        let odd = name(None, "a/b\\c:../\n", FileFormat::Mp3);
        assert!(odd.ends_with(".mp3") && !odd.contains(['/', '\\', ':', '\n']), "{odd}");
    }
}
