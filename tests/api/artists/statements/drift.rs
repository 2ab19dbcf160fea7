//! A file that is not as it was described stops at once, and leaves nothing behind but itself, in quarantine.

use serde_json::{Value, json};

use super::generator::{self, Line, lines};
use super::{earns, imports, rows, sends, sum, takes};
use crate::support::{App, Person, with_app};

async fn refuses(app: &App, person: &Person<'_>, file: impl Into<Vec<u8>>, slug: &str) -> Value {
    let statement = imports(person, "", file).await;
    assert_eq!(
        (&statement["state"], &statement["problem"]["slug"]),
        (&json!("rejected"), &json!(slug)),
        "{statement:#}"
    );
    app.settle().await;
    assert_eq!(rows(app).await, "0", "nothing of it is in");
    statement["problem"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_changed_stops_the_import_and_says_how() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let file = generator::distrokid(&lines());
        let without = |column: &str| {
            let place = file.lines().next().expect("a header").split('\t').position(|name| name == column).expect("it");
            let cut = |line: &str| {
                let cells = line.split('\t').enumerate().filter(|(at, _)| *at != place).map(|(_, cell)| cell);
                cells.collect::<Vec<_>>().join("\t") + "\n"
            };
            file.lines().map(cut).collect::<String>()
        };
        let problem = refuses(app, &nina, without("UPC"), "layout_changed").await;
        assert_eq!(problem["differences"], json!([{ "kind": "missing", "column": "UPC" }]));
        let message = problem["message"].as_str().expect("a message");
        assert!(message.contains("DistroKid") && message.contains("“UPC” is missing"), "{message}");
        let problem = refuses(app, &nina, file.replacen("\tStore\t", "\tShop\t", 1), "layout_changed").await;
        assert_eq!(problem["differences"], json!([{ "kind": "renamed", "from": "Store", "to": "Shop", "at": 3 }]));
        let problem = refuses(app, &nina, file.replacen("ISRC\tUPC", "UPC\tISRC", 1), "layout_changed").await;
        assert_eq!(problem["differences"][0], json!({ "kind": "moved", "column": "ISRC", "expected_at": 6, "at": 7 }));
        let added = file.lines().map(|line| format!("{line}\tBonus\n")).collect::<String>();
        let problem = refuses(app, &nina, added, "layout_changed").await;
        assert_eq!(problem["differences"], json!([{ "kind": "new", "column": "Bonus", "at": 14 }]));
        assert_eq!((app.stored("raw").len(), app.stored("quarantine").len()), (0, 4));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_those_of_the_file_whichever_columns_it_has() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let header = "date,paid to,item type,item name,artist,currency,item price,quantity,discount code,sub total,transaction \
                      fee,fee type,item total,amount you received,bandcamp transaction id,paypal transaction id,net amount";
        let row = "3/15/26 11:45am,Bandcamp,track,Tides,Nina,USD,1,2,,1,0.1,paypal,1,1,77,,1.50";
        takes(&nina, "", format!("{header}\n{row}\n")).await;
        // Columns that not everybody has, before the one at fault.
        let (wide, filled) = (format!("item url,sku,{header}"), format!(",,{row}"));
        takes(&nina, "", format!("{wide}\n{filled}\n").replace("1.50", "1.60")).await;
        let at = async |header: &str, row: &str| {
            let statement = imports(&nina, "", format!("{header}\n{row}\n")).await;
            assert_eq!(statement["problem"]["slug"], "layout_changed", "{statement:#}");
            statement["problem"]["differences"].clone()
        };
        let renamed = |at: usize| json!([{ "kind": "renamed", "from": "artist", "to": "performer", "at": at }]);
        assert_eq!(at(&header.replace("artist", "performer"), row).await, renamed(5));
        assert_eq!(at(&wide.replace("artist", "performer"), &filled).await, renamed(7));
        let new = |at: usize| json!([{ "kind": "new", "column": "mood", "at": at }]);
        assert_eq!(at(&format!("{header},mood"), &format!("{row},")).await, new(18));
        assert_eq!(at(&format!("{wide},mood"), &format!("{filled},")).await, new(20));
        let swapped = wide.replace("artist,currency", "currency,artist");
        assert_eq!(at(&swapped, &filled).await[0], json!({ "kind": "moved", "column": "artist", "expected_at": 7, "at": 8 }));
        let twice = json!([{ "kind": "new", "column": "sku", "at": 20 }]);
        assert_eq!(at(&format!("{wide},sku"), &format!("{filled},")).await, twice);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_no_longer_parses_is_named_by_line_and_column() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let file = generator::distrokid(&lines());
        for (from, to, line, column) in [
            ("2.4999999999", "a lot", 3, "Earnings (USD)"),
            ("2026-04", "April", 3, "Sale Month"),
            ("\tUS\t", "\tAtlantis\t", 3, "Country of Sale"),
            ("QZES71234568", "QZES", 4, "ISRC"),
            ("\t20\t", "\t20.5\t", 2, "Quantity"),
            ("iTunes", "", 4, "Store"),
        ] {
            let problem = refuses(app, &nina, file.replacen(from, to, 1), "unreadable_value").await;
            assert_eq!((&problem["line"], &problem["column"]), (&json!(line), &json!(column)), "{problem:#}");
        }
        let problem = refuses(app, &nina, file.replacen("2.4999999999", "2\0\u{7}4", 1), "unreadable_value").await;
        assert!(problem["message"].as_str().is_some_and(|message| message.contains("“2  4”")), "{problem:#}");
        let cut = file.trim_end().rsplit_once('\t').expect("cells").0.to_owned();
        let problem = refuses(app, &nina, cut, "uneven_line").await;
        assert_eq!(problem["line"], 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_guessed_where_it_could_be_two_things() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let line = |amount| generator::distrokid(&[Line::new("Tides", "QZES71234567", amount)]).replace('\t', ";");
        let problem = refuses(app, &nina, line("1.234"), "ambiguous_numbers").await;
        assert_eq!(problem["column"], "Earnings (USD)");
        takes(&nina, "", line("0.234")).await;
        assert_eq!(sum(&nina).await, "0.23");
        // A header that only machines can read.
        let odd = generator::distrokid(&lines()).replacen("Store", "St\0re", 1);
        let statement = imports(&nina, "", odd).await;
        assert_eq!(statement["problem"]["differences"][0]["to"], "St re", "{statement:#}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_total_that_is_a_cent_off_stops_the_import() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let file = String::from_utf8(generator::apple(&lines())).expect("UTF-8");
        let problem =
            refuses(app, &nina, file.replace("Total_Amount\t13.50", "Total_Amount\t13.51"), "totals_differ").await;
        let message = problem["message"].as_str().expect("a message");
        assert!(message.contains("13.51") && message.contains("13.50"), "{message}");
        refuses(app, &nina, file.replace("Total_Rows\t3", "Total_Rows\t4"), "totals_differ").await;
        refuses(app, &nina, file.replace("Total_Units\t27", "Total_Units\t26"), "totals_differ").await;
        let statement = takes(&nina, "", file).await;
        assert_eq!((&statement["reconciled"], sum(&nina).await.as_str()), (&json!(true), "13.50"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_cut_off_between_two_lines_is_told_by_its_missing_total() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let file = String::from_utf8(generator::apple(&lines())).expect("UTF-8");
        let ends: Vec<usize> = file.match_indices('\n').map(|(place, _)| place + 1).collect();
        // Behind each line but the header and the last.
        for end in &ends[1..ends.len() - 1] {
            let problem = refuses(app, &nina, &file[..*end], "total_missing").await;
            let line = file[..*end].lines().count();
            assert_eq!(problem["line"], json!(line), "{problem:#}");
            assert!(problem["message"].as_str().is_some_and(|message| message.contains("Apple")), "{problem:#}");
        }
        refuses(app, &nina, file.replace("Total_Units\t27", "Total_Units\t27.5"), "unreadable_value").await;
        takes(&nina, "", file).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_nobody_knows_and_one_that_is_none_are_told_apart() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        refuses(app, &nina, "name,age\nnina,33\n", "unknown_layout").await;
        refuses(app, &nina, "", "empty").await;
        let problem = refuses(app, &nina, b"PK\x03\x04\x14\0\x06\0 a workbook".as_slice(), "not_text").await;
        assert!(problem["message"].as_str().is_some_and(|message| message.contains("CSV")), "{problem:#}");
        refuses(app, &nina, generator::distrokid(&[]), "nothing_sold").await;
        let mut damaged = generator::distrokid(&[Line::new("Café", "QZES71234567", "1")]).into_bytes();
        damaged.extend_from_slice(b"\xff\xff");
        refuses(app, &nina, damaged, "damaged_text").await;
        refuses(
            app,
            &nina,
            [generator::distrokid(&lines()).as_str(), "\"", &"x".repeat(70_000)].concat(),
            "line_too_long",
        )
        .await;
        refuses(app, &nina, vec![b','; 400], "too_many_columns").await;
        let statement = imports(&nina, "?source=tunecore", generator::distrokid(&lines())).await;
        assert_eq!(statement["problem"]["slug"], "layout_changed", "{statement:#}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_file_is_tried_again_with_what_is_said_of_it_now() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let file = generator::distrokid(&lines());
        let rejected = imports(&nina, "?source=believe", file.clone()).await;
        assert_eq!(rejected["state"], "rejected");
        app.settle().await;
        let again = sends(&nina, "?source=distrokid", file).await.is(202).json();
        assert_eq!(again["id"], rejected["id"]);
        let ready = super::ends(&nina, again["id"].as_str().expect("an id")).await;
        assert_eq!((&ready["state"], &ready["problem"]), (&json!("ready"), &Value::Null));
        app.settle().await;
        assert_eq!((app.stored("raw").len(), app.stored("quarantine").len()), (1, 0));
        assert_eq!(earns(&nina, "group=track").await.len(), 1, "nothing of it is a track here");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn encodings_and_dialects_change_nothing() {
    with_app(async |app| {
        let text = generator::distrokid(&[Line::new("Été à Sète", "QZES71234567", "1.5")]);
        let (bytes, commas) = (text.clone().into_bytes(), text.replace('\t', ","));
        let utf16 = |big: bool| -> Vec<u8> {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin")).collect();
        let files = [
            ("UTF-8", bytes.clone()),
            ("UTF-8", [b"\xef\xbb\xbf".as_slice(), &bytes].concat()),
            ("UTF-16LE", utf16(false)),
            ("UTF-16BE", utf16(true)),
            ("windows-1252", latin),
            ("UTF-8", commas.clone().into_bytes()),
            ("UTF-8", commas.replace('\n', "\r\n").into_bytes()),
            ("UTF-8", text.replace('\t', ";").replace("1.5", "1,5").into_bytes()),
            ("UTF-8", text.replace('\t', "|").into_bytes()),
            ("UTF-8", text.replace('\n', "\r").into_bytes()),
            ("UTF-8", format!("\u{feff}sep=;\r\n{}", text.replace('\t', ";").replace("1.5", "1,5")).into_bytes()),
        ];
        for (place, (encoding, file)) in files.into_iter().enumerate() {
            let artist = app.artist(&format!("artist{place}")).await;
            let statement = takes(&artist, "", file).await;
            assert_eq!(
                (&statement["encoding"], &statement["totals"][0]["amount"]),
                (&json!(encoding), &json!("1.50")),
                "{place}"
            );
            let items = artist.get(&format!("/artists/{}/sold-items", artist.handle)).await.is(200).json();
            assert_eq!(items["items"][0]["title"], "Été à Sète", "{place}");
        }
    })
    .await;
}
