//! What every track is encoded in.

use legato_audio::Rung;

use crate::platform::config::Config;

/// The rungs that the configuration names, the least first.
///
/// # Errors
/// A sentence for the operator about a name that there is not, or a ladder that some listeners could not hear.
pub(crate) fn ladder(config: &Config) -> Result<Vec<Rung>, String> {
    let rungs: Result<Vec<Rung>, String> = config.ladder.iter().map(|name| name.parse()).collect();
    let mut rungs = rungs.map_err(|problem| format!("ladder: {problem}, or several with commas between them"))?;
    if let Some(foreign) = rungs.iter().find(|rung| !rung.is_encoded()) {
        return Err(format!("ladder: {foreign} wants a program that was built with the feature fdk-aac"));
    }
    rungs.sort_unstable();
    rungs.dedup();
    match rungs.first() {
        Some(Rung::Opus { .. }) => Ok(rungs),
        _ => Err("ladder: must have a rung of Opus, such as opus_128: it is what every track is heard in".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::config::Flags;

    fn rungs(text: &str) -> Result<Vec<String>, String> {
        let file = format!("ladder = '{text}'");
        let config = Config::from_layers(&file, std::collections::BTreeMap::new(), Flags::new()).expect("valid");
        ladder(&config).map(|rungs| rungs.iter().map(Rung::to_string).collect())
    }

    #[test]
    fn rungs_stand_in_their_order_and_once() {
        let expected = ["opus_64", "opus_128", "mp3_v0", "flac"].map(str::to_owned).to_vec();
        assert_eq!(rungs("flac, opus_128,opus_64,mp3_v0,opus_128"), Ok(expected));
    }

    #[test]
    fn a_ladder_has_aac_where_the_program_encodes_it() {
        let made = rungs("aac_256,opus_128");
        match legato_audio::ENCODES_AAC {
            true => assert_eq!(made, Ok(["opus_128", "aac_256"].map(str::to_owned).to_vec())),
            false => assert!(made.is_err_and(|problem| problem.contains("aac_256 wants a program"))),
        }
    }

    #[test]
    fn a_ladder_that_nobody_can_climb_is_a_problem() {
        for text in ["vorbis_128", "", "opus_64,,flac", "flac,mp3_320"] {
            assert!(rungs(text).is_err_and(|problem| problem.starts_with("ladder: ")), "{text}");
        }
    }
}
