//! What letters say.

use std::collections::BTreeMap;

use super::*;
use crate::platform::config::Flags;

const LINK: &str = "https://music.example/x#legato_l_code";

fn wording(text: &'static str, language: Language, display_name: &str) -> Wording {
    let flags = Flags::from([("public_url", "https://music.example".to_owned())]);
    let config = Config::from_layers("", BTreeMap::new(), flags).expect("settings that hold");
    let mut facts = Facts::of(&config, "ada", display_name);
    facts.link = LINK.into();
    facts.at = DateTime::from_timestamp(1_763_739_660, 0);
    facts.until = facts.at;
    facts.email = "new@example.org".into();
    facts.reason = "noise".into();
    facts.what = Some(FactorChange::TotpOn);
    (facts.by, facts.artist, facts.role) = ("Charles".into(), "The Engines".into(), "editor".into());
    Wording { text, language, time_zone: "Europe/Berlin".into(), facts }
}

fn written(wording: &Wording) -> mail::Letter {
    wording.write("ada@example.org".into()).expect("a letter")
}

#[test]
fn every_letter_is_whole_in_every_language() {
    for (text, ..) in TEXTS {
        for language in Language::ALL {
            let letter = written(&wording(text, *language, "Ada Lovelace"));
            // It may reach a stranger, who need not learn anybody's name.
            let is_named = !["email_gone", "artist_invitation_unknown"].contains(text);
            for part in [&letter.text, &letter.html] {
                assert_eq!(part.contains("Ada Lovelace"), is_named, "{part}");
                assert!(part.contains("music.example"), "{part}");
                assert!(!["{{", "{%", "->", "\n\n\n"].iter().any(|slip| part.contains(slip)), "{part}");
            }
            assert!(!letter.text.contains("none"), "{}", letter.text);
            let has_link = letter.text.contains(LINK);
            assert_eq!(has_link, *text != "suspended", "{}", letter.text);
            assert_eq!(has_link, letter.html.contains("<a href="), "{}", letter.html);
            assert!(!["src=", "<style", "<script", "url("].iter().any(|remote| letter.html.contains(remote)));
        }
    }
}

#[test]
fn every_change_of_a_factor_has_its_sentence() {
    let changes = FactorChange::ALL;
    for language in Language::ALL {
        let mut wording = wording("factor_changed", *language, "Ada");
        let said: std::collections::BTreeSet<String> = changes
            .iter()
            .map(|change| {
                wording.facts.what = Some(*change);
                written(&wording).text.split("\n\n").nth(2).expect("the sentence").to_owned()
            })
            .collect();
        assert_eq!(said.len(), changes.len(), "{said:#?}");
        assert!(said.iter().all(|sentence| sentence.ends_with('.')), "{said:#?}");
    }
}

#[test]
fn a_letter_reads_well() {
    let letter = written(&wording("password_changed", Language::English, "Ada"));
    assert_eq!(letter.subject, "Your password was changed");
    insta::assert_snapshot!(letter.text, @"
    Hello Ada,

    On 21 November 2025, 16:41 CET the password of your account ada on music.example was changed. Other devices were signed out.

    If it was you, you need not do anything.

    If it was not you, choose a new password at once. Then look through the devices, tokens and passkeys in your settings (https://music.example/settings), and remove what you do not know.

    Choose a new password:
    https://music.example/x#legato_l_code

    -- 
    music.example has written this for the account ada. Nobody reads answers.
    ");
}

#[test]
fn a_time_is_told_as_people_tell_it_where_they_are() {
    let mut wording = wording("password_changed", Language::German, "Ada");
    assert!(written(&wording).text.contains("am 21. November 2025, 16:41 Uhr CET"), "{}", written(&wording).text);
    wording.language = Language::English;
    assert!(written(&wording).text.contains("On 21 November 2025, 16:41 CET"), "{}", written(&wording).text);
    wording.time_zone = "Atlantis/Poseidonis".into();
    assert!(written(&wording).text.contains("15:41 UTC"), "{}", written(&wording).text);
}

#[test]
fn a_name_is_text_and_nothing_else() {
    let letter = written(&wording("new_device", Language::English, "<script>alert('x')<!-- & co"));
    assert!(letter.html.contains("Hello &lt;script&gt;alert(&#x27;x&#x27;)&lt;!-- &amp; co,"), "{}", letter.html);
    assert!(letter.text.contains("Hello <script>alert('x')<!-- & co,"), "{}", letter.text);

    let letter = written(&wording("new_device", Language::English, "Ada\r\nSubject evil\n\n-> Click\u{7}"));
    assert_eq!(letter.subject, "A new device has signed in");
    assert!(letter.text.contains("Hello Ada Subject evil -> Click,"), "{}", letter.text);
    assert_eq!(letter.html.matches("<a ").count(), 1, "{}", letter.html);
    // What stands in braces was not written by us.
    assert!(written(&wording("new_device", Language::English, "{{ reason }}")).text.contains("Hello {{ reason }},"));
}

#[test]
fn a_name_that_reads_like_a_link_is_left_out() {
    for name in ["Win at evil.example", "https://evil", "x@evil", "evil.example"] {
        assert!(written(&wording("confirm_email", Language::English, name)).text.contains("Hello ada,"), "{name}");
    }
    for name in ["Dr. Ada", "Ada L.", "Ada … Lovelace"] {
        assert!(written(&wording("confirm_email", Language::English, name)).text.contains(&format!("Hello {name},")));
    }
}
