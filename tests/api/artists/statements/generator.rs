//! Makes statements of every sender that is known, of sales that nobody ever made.

/// One sale, as a sender would write it.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) title: &'static str,
    pub(super) isrc: &'static str,
    pub(super) store: &'static str,
    pub(super) territory: &'static str,
    pub(super) month: u32,
    pub(super) quantity: i64,
    pub(super) amount: &'static str,
}

impl Line {
    pub(super) fn new(title: &'static str, isrc: &'static str, amount: &'static str) -> Self {
        Self { title, isrc, store: "Spotify", territory: "DE", month: 3, quantity: 10, amount }
    }
}

/// Three sales of two tracks, in two countries and two months; 13.50 in all, of 27 things.
pub(super) fn lines() -> Vec<Line> {
    vec![
        Line { quantity: 20, ..Line::new("Tides", "QZES71234567", "10.0000000001") },
        Line { territory: "US", month: 4, quantity: 5, ..Line::new("Tides", "QZES71234567", "2.4999999999") },
        Line { store: "iTunes", quantity: 2, ..Line::new("Harbour", "QZES71234568", "1.00") },
    ]
}

/// A statement by DistroKid in its layout of 2016.
pub(super) fn distrokid(lines: &[Line]) -> String {
    let header = "Reporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\tTeam Percentage\tSong/Album\tCountry of \
                  Sale\tSongwriter Royalties Withheld\tEarnings (USD)\n";
    let row = |line: &Line| {
        let Line { title, isrc, store, territory, month, quantity, amount } = line;
        format!(
            "2026-06-01\t2026-{month:02}\t{store}\tNina\t{title}\t{isrc}\t0724384960650\t{quantity}\t100\tSong\t{territory}\t0\t{amount}\n"
        )
    };
    header.to_owned() + &lines.iter().map(row).collect::<String>()
}

/// A statement of each sender: its name, and the file.
pub(super) fn all(lines: &[Line]) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("distrokid", distrokid(lines).into_bytes()),
        ("distrokid", table(DISTROKID_2024, ",", lines, distrokid_2024)),
        ("tunecore", table(TUNECORE, ",", lines, tunecore)),
        ("cd_baby", table(CD_BABY, "\t", lines, cd_baby)),
        ("apple", apple(lines)),
        ("believe", table(BELIEVE, ";", lines, believe)),
        ("symphonic", table(SYMPHONIC, ",", lines, symphonic)),
        ("sonosuite", table(SONOSUITE, ",", lines, sonosuite)),
        ("bandcamp", bandcamp(lines)),
    ]
}

fn way<'a>(line: &Line, download: &'a str, stream: &'a str) -> &'a str {
    if line.store == "iTunes" { download } else { stream }
}

fn country(line: &Line) -> &'static str {
    if line.territory == "DE" { "Germany" } else { "United States" }
}

fn distrokid_2024(line: &Line, month: &str) -> String {
    let Line { title, isrc, store, territory, quantity, amount, .. } = line;
    format!(
        "2026-06-02,2026-06-01,2026-{month},{store},Nina,{title},{isrc},724384960650,{quantity},100,Song,{territory},0,\
         {amount},0"
    )
}

fn tunecore(line: &Line, month: &str) -> String {
    let Line { title, isrc, store, territory, quantity, amount, .. } = line;
    let way = way(line, "Download", "Streaming");
    format!(
        "2026-{month}-01,2026-06-01,{store},{territory},Nina,Song,Album,{title},Own,567890123456,,ABCDE1234567,{isrc},{way},\
         {quantity},0.1,{amount},USD,1,{amount},USD"
    )
}

fn cd_baby(line: &Line, month: &str) -> String {
    let Line { title, isrc, store, territory, quantity, amount, .. } = line;
    let (way, isrc) = (way(line, "Download", "Stream"), isrc.to_lowercase());
    format!(
        "6/15/2026 12:00:00 AM\t{month}/28/2026 12:00:00 AM\t{quantity}\t0.1\t{amount}\t{isrc}\t\"880000000001\"\tnina1\t\
         Album\tNina\t{title}\t{store}\t{way}\t{territory}"
    )
}

fn believe(line: &Line, month: &str) -> String {
    let Line { title, isrc, store, quantity, amount, .. } = line;
    let (way, amount, country) = (way(line, "Download", "Stream"), amount.replace('.', ","), country(line));
    format!(
        "2026/06/01;2026/{month}/01;{store};{country};Own;Nina;Album;{title};724384960650;{isrc};CAT1;Premium;Music Release;\
         {way};{quantity};USD;0,1;0;{amount};1;{amount}"
    )
}

fn symphonic(line: &Line, month: &str) -> String {
    let Line { title, isrc, store, territory, quantity, amount, .. } = line;
    let way = way(line, "Download", "Streaming");
    let month = if month == "03" { "March 2026" } else { "April 2026" };
    format!(
        "JUN-26,Own,Album,,Nina,724384960650,CAT1,{title},,{isrc},Nina,{store},{month},{territory},{way},Music,Sale,{quantity},\
         {amount}"
    )
}

fn sonosuite(line: &Line, month: &str) -> String {
    let Line { title, isrc, store, quantity, amount, .. } = line;
    let (id, way, country) = (quantity * 1000, way(line, "download", "streaming"), country(line));
    format!(
        "{id},2026-{month}-01,2026-{month}-28,2026-06-15,{country},USD,{way},{quantity},0.1,{amount},0,0,0,{amount},1,{amount},0,\
         0,{amount},ops@example.org,{store},Own,Nina,Album,724384960650,{title},{isrc}"
    )
}

fn table(header: &str, glue: &str, lines: &[Line], row: impl Fn(&Line, &str) -> String) -> Vec<u8> {
    let mut text = format!("{}\r\n", header.replace('|', glue));
    for line in lines {
        text += &format!("{}\r\n", row(line, &format!("{:02}", line.month)));
    }
    text.into_bytes()
}

/// With the three lines at the end that say what it comes to.
pub(super) fn apple(lines: &[Line]) -> Vec<u8> {
    let rows = table(APPLE, "\t", lines, |line, month| {
        let Line { title, isrc, store, territory, quantity, amount, .. } = line;
        let product = if *store == "iTunes" { "1" } else { "S" };
        format!(
            "{month}/01/2026\t{month}/28/2026\t724384960650\t{isrc}\tv1\t{quantity}\t0.1\t{amount}\tUSD\tS\t123\tNina\t{title}\tOwn\t\t{product}\t\t{territory}\t\t\t0\tUSD"
        )
    });
    let units: i64 = lines.iter().map(|line| line.quantity).sum();
    let sum: f64 = lines.iter().map(|line| line.amount.parse::<f64>().expect("a number")).sum();
    let totals = format!("Total_Rows\t{}\nTotal_Amount\t{sum:.2}\nTotal_Units\t{units}\n", lines.len());
    [rows, totals.into_bytes()].concat()
}

/// In UTF-16, as Bandcamp sends it; with a payout, which is no sale, and columns that not everybody has.
fn bandcamp(lines: &[Line]) -> Vec<u8> {
    let mut text = format!("{BANDCAMP}\n");
    for line in lines {
        let Line { title, isrc, territory, month, quantity, amount, .. } = line;
        text += &format!(
            "{month}/15/26 11:45am,Bandcamp,track,{title},Nina,USD,1,{quantity},,1,0.1,paypal,1,1,{},,{amount},digital download,{isrc},{territory}\n",
            quantity * 77
        );
    }
    text += "4/30/26 9:00am,Bandcamp,payout,,,USD,,,,,,,,-13.50,,,-13.50,,,\n";
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

const DISTROKID_2024: &str = "Date Inserted|Reporting Date|Sale Month|Store|Artist|Title|ISRC|UPC|Quantity|Team \
     Percentage|Source Type|Country of Sale|Songwriter Royalties Withheld (USD)|Earnings (USD)|Recoup (USD)";
const TUNECORE: &str = "Sales Period|Posted Date|Store Name|Country Of Sale|Artist|Release Type|Release Title|Song \
     Title|Label|UPC|Optional UPC|TC Song ID|Optional ISRC|Sales Type|# Units Sold|Per Unit Price|Net Sales|Net Sales \
     Currency|Exchange Rate|Total Earned|Currency";
const CD_BABY: &str = "Report Date|Sales Date|Quantity|Price|Subtotal|Isrc|Barcode|CDBabySku|Album Name|Artist Name|Track \
     Name|Partner Name|Transaction Type|Delivery Country";
const APPLE: &str = "Start Date|End Date|UPC|ISRC/ISBN|Vendor Identifier|Quantity|Partner Share|Extended Partner \
     Share|Partner Share Currency|Sales or Return|Apple Identifier|Artist/Show/Developer/Author|Title|Label/Studio/Network/\
     Developer/Publisher|Grid|Product Type Identifier|ISAN/Other Identifier|Country Of Sale|Pre-order Flag|Promo \
     Code|Customer Price|Customer Currency";
const BELIEVE: &str = "Reporting month|Sales Month|Platform|Country / Region|Label Name|Artist Name|Release title|Track \
     title|UPC|ISRC|Release Catalog nb|Streaming Subscription Type|Release type|Sales Type|Quantity|Client Payment \
     Currency|Unit Price|Mechanical Fee|Gross Revenue|Client share rate|Net Revenue";
const SYMPHONIC: &str = "Reporting Period|Label|Release Name|Release Version|Release Artists|UPC Code|Catalogue|Track \
     Title|Mix Version|ISRC Code|Track Artists|Digital Service Provider|Activity Period|Territory|Delivery|Content Type|Sale or \
     Void|Count|Royalty ($US)";
const SONOSUITE: &str = "id|start_date|end_date|confirmation_report_date|country|currency|type|units|unit_price|gross_total|\
     other_costs|channel_costs|taxes|net_total|currency_rate|gross_total_client_currency|other_costs_client_currency|\
     channel_costs_client_currency|net_total_client_currency|user_email|channel|label|artist|release|upc|track_title|isrc";
const BANDCAMP: &str = "date,paid to,item type,item name,artist,currency,item price,quantity,discount code,sub \
     total,transaction fee,fee type,item total,amount you received,bandcamp transaction id,paypal transaction id,net \
     amount,package,isrc,country code";
