//! Countries as statements write them: ISO 3166-1 in two letters or three, or by name.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Codes that stores write for the whole world, or for “we do not know”.
const NOWHERE: &[&str] = &["", "-", "N/A", "WW", "XX", "ZZ", "WORLD", "WORLDWIDE", "GLOBAL", "UNKNOWN", "OTHER", "ROW"];

/// Not ISO's, but written.
const ALSO: &[(&str, &str)] = &[
    ("UK", "GB"),
    ("EL", "GR"),
    ("XK", "XK"),
    ("XKX", "XK"),
    ("KOSOVO", "XK"),
    ("USA", "US"),
    ("UNITED STATES OF AMERICA", "US"),
    ("GREAT BRITAIN", "GB"),
    ("RUSSIA", "RU"),
    ("SOUTH KOREA", "KR"),
    ("KOREA, REPUBLIC OF", "KR"),
    ("REPUBLIC OF KOREA", "KR"),
    ("VIET NAM", "VN"),
    ("CZECH REPUBLIC", "CZ"),
    ("TURKIYE", "TR"),
    ("TÜRKIYE", "TR"),
    ("IVORY COAST", "CI"),
    ("CÔTE D'IVOIRE", "CI"),
    ("TAIWAN, PROVINCE OF CHINA", "TW"),
    ("IRAN, ISLAMIC REPUBLIC OF", "IR"),
    ("BOLIVIA, PLURINATIONAL STATE OF", "BO"),
    ("VENEZUELA, BOLIVARIAN REPUBLIC OF", "VE"),
    ("TANZANIA, UNITED REPUBLIC OF", "TZ"),
    ("MOLDOVA, REPUBLIC OF", "MD"),
    ("RUSSIAN FEDERATION", "RU"),
    ("SYRIAN ARAB REPUBLIC", "SY"),
    ("LAO PEOPLE'S DEMOCRATIC REPUBLIC", "LA"),
    ("BRUNEI DARUSSALAM", "BN"),
    ("CAPE VERDE", "CV"),
    ("MACEDONIA", "MK"),
    ("SWAZILAND", "SZ"),
    ("HOLLAND", "NL"),
];

/// Two letters, three letters, name.
const ISO_3166: &str = "\
AD AND Andorra
AE ARE United Arab Emirates
AF AFG Afghanistan
AG ATG Antigua and Barbuda
AI AIA Anguilla
AL ALB Albania
AM ARM Armenia
AO AGO Angola
AQ ATA Antarctica
AR ARG Argentina
AS ASM American Samoa
AT AUT Austria
AU AUS Australia
AW ABW Aruba
AX ALA Åland Islands
AZ AZE Azerbaijan
BA BIH Bosnia and Herzegovina
BB BRB Barbados
BD BGD Bangladesh
BE BEL Belgium
BF BFA Burkina Faso
BG BGR Bulgaria
BH BHR Bahrain
BI BDI Burundi
BJ BEN Benin
BL BLM Saint Barthélemy
BM BMU Bermuda
BN BRN Brunei
BO BOL Bolivia
BQ BES Bonaire, Sint Eustatius and Saba
BR BRA Brazil
BS BHS Bahamas
BT BTN Bhutan
BV BVT Bouvet Island
BW BWA Botswana
BY BLR Belarus
BZ BLZ Belize
CA CAN Canada
CC CCK Cocos (Keeling) Islands
CD COD Congo, Democratic Republic of the
CF CAF Central African Republic
CG COG Congo
CH CHE Switzerland
CI CIV Cote d'Ivoire
CK COK Cook Islands
CL CHL Chile
CM CMR Cameroon
CN CHN China
CO COL Colombia
CR CRI Costa Rica
CU CUB Cuba
CV CPV Cabo Verde
CW CUW Curaçao
CX CXR Christmas Island
CY CYP Cyprus
CZ CZE Czechia
DE DEU Germany
DJ DJI Djibouti
DK DNK Denmark
DM DMA Dominica
DO DOM Dominican Republic
DZ DZA Algeria
EC ECU Ecuador
EE EST Estonia
EG EGY Egypt
EH ESH Western Sahara
ER ERI Eritrea
ES ESP Spain
ET ETH Ethiopia
FI FIN Finland
FJ FJI Fiji
FK FLK Falkland Islands
FM FSM Micronesia
FO FRO Faroe Islands
FR FRA France
GA GAB Gabon
GB GBR United Kingdom
GD GRD Grenada
GE GEO Georgia
GF GUF French Guiana
GG GGY Guernsey
GH GHA Ghana
GI GIB Gibraltar
GL GRL Greenland
GM GMB Gambia
GN GIN Guinea
GP GLP Guadeloupe
GQ GNQ Equatorial Guinea
GR GRC Greece
GS SGS South Georgia and the South Sandwich Islands
GT GTM Guatemala
GU GUM Guam
GW GNB Guinea-Bissau
GY GUY Guyana
HK HKG Hong Kong
HM HMD Heard Island and McDonald Islands
HN HND Honduras
HR HRV Croatia
HT HTI Haiti
HU HUN Hungary
ID IDN Indonesia
IE IRL Ireland
IL ISR Israel
IM IMN Isle of Man
IN IND India
IO IOT British Indian Ocean Territory
IQ IRQ Iraq
IR IRN Iran
IS ISL Iceland
IT ITA Italy
JE JEY Jersey
JM JAM Jamaica
JO JOR Jordan
JP JPN Japan
KE KEN Kenya
KG KGZ Kyrgyzstan
KH KHM Cambodia
KI KIR Kiribati
KM COM Comoros
KN KNA Saint Kitts and Nevis
KP PRK North Korea
KR KOR Korea
KW KWT Kuwait
KY CYM Cayman Islands
KZ KAZ Kazakhstan
LA LAO Laos
LB LBN Lebanon
LC LCA Saint Lucia
LI LIE Liechtenstein
LK LKA Sri Lanka
LR LBR Liberia
LS LSO Lesotho
LT LTU Lithuania
LU LUX Luxembourg
LV LVA Latvia
LY LBY Libya
MA MAR Morocco
MC MCO Monaco
MD MDA Moldova
ME MNE Montenegro
MF MAF Saint Martin
MG MDG Madagascar
MH MHL Marshall Islands
MK MKD North Macedonia
ML MLI Mali
MM MMR Myanmar
MN MNG Mongolia
MO MAC Macao
MP MNP Northern Mariana Islands
MQ MTQ Martinique
MR MRT Mauritania
MS MSR Montserrat
MT MLT Malta
MU MUS Mauritius
MV MDV Maldives
MW MWI Malawi
MX MEX Mexico
MY MYS Malaysia
MZ MOZ Mozambique
NA NAM Namibia
NC NCL New Caledonia
NE NER Niger
NF NFK Norfolk Island
NG NGA Nigeria
NI NIC Nicaragua
NL NLD Netherlands
NO NOR Norway
NP NPL Nepal
NR NRU Nauru
NU NIU Niue
NZ NZL New Zealand
OM OMN Oman
PA PAN Panama
PE PER Peru
PF PYF French Polynesia
PG PNG Papua New Guinea
PH PHL Philippines
PK PAK Pakistan
PL POL Poland
PM SPM Saint Pierre and Miquelon
PN PCN Pitcairn
PR PRI Puerto Rico
PS PSE Palestine
PT PRT Portugal
PW PLW Palau
PY PRY Paraguay
QA QAT Qatar
RE REU Réunion
RO ROU Romania
RS SRB Serbia
RU RUS Russian Federation
RW RWA Rwanda
SA SAU Saudi Arabia
SB SLB Solomon Islands
SC SYC Seychelles
SD SDN Sudan
SE SWE Sweden
SG SGP Singapore
SH SHN Saint Helena
SI SVN Slovenia
SJ SJM Svalbard and Jan Mayen
SK SVK Slovakia
SL SLE Sierra Leone
SM SMR San Marino
SN SEN Senegal
SO SOM Somalia
SR SUR Suriname
SS SSD South Sudan
ST STP Sao Tome and Principe
SV SLV El Salvador
SX SXM Sint Maarten
SY SYR Syria
SZ SWZ Eswatini
TC TCA Turks and Caicos Islands
TD TCD Chad
TF ATF French Southern Territories
TG TGO Togo
TH THA Thailand
TJ TJK Tajikistan
TK TKL Tokelau
TL TLS Timor-Leste
TM TKM Turkmenistan
TN TUN Tunisia
TO TON Tonga
TR TUR Turkey
TT TTO Trinidad and Tobago
TV TUV Tuvalu
TW TWN Taiwan
TZ TZA Tanzania
UA UKR Ukraine
UG UGA Uganda
UM UMI United States Minor Outlying Islands
US USA United States
UY URY Uruguay
UZ UZB Uzbekistan
VA VAT Holy See
VC VCT Saint Vincent and the Grenadines
VE VEN Venezuela
VG VGB British Virgin Islands
VI VIR U.S. Virgin Islands
VN VNM Vietnam
VU VUT Vanuatu
WF WLF Wallis and Futuna
WS WSM Samoa
YE YEM Yemen
YT MYT Mayotte
ZA ZAF South Africa
ZM ZMB Zambia
ZW ZWE Zimbabwe";

static KNOWN: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut known: HashMap<String, &'static str> =
        ALSO.iter().map(|(name, code)| ((*name).to_owned(), *code)).collect();
    for line in ISO_3166.lines() {
        let mut parts = line.splitn(3, ' ');
        let (Some(two), Some(three), Some(name)) = (parts.next(), parts.next(), parts.next()) else { continue };
        known.extend([two.to_owned(), three.to_owned(), name.to_uppercase()].map(|key| (key, two)));
    }
    known
});

/// The code in two letters; `Some(None)` where a cell says none or the whole world; `None`: that is no country.
pub(super) fn read(cell: &str) -> Option<Option<String>> {
    let cell = cell.trim().to_uppercase();
    if NOWHERE.contains(&cell.as_str()) {
        return Some(None);
    }
    KNOWN.get(&cell).map(|code| Some((*code).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_read_in_every_form() {
        for cell in ["DE", "deu", "Germany", " germany "] {
            assert_eq!(read(cell), Some(Some("DE".into())), "{cell}");
        }
        assert_eq!((read("UK"), read("World"), read("")), (Some(Some("GB".into())), Some(None), Some(None)));
        assert_eq!((read("Atlantis"), read("1.25")), (None, None));
    }

    #[test]
    fn the_list_is_whole() {
        assert_eq!(ISO_3166.lines().count(), 249);
        let two: std::collections::HashSet<_> = ISO_3166.lines().map(|line| &line[..2]).collect();
        let three: std::collections::HashSet<_> = ISO_3166.lines().map(|line| &line[3..6]).collect();
        assert_eq!((two.len(), three.len()), (249, 249));
    }
}
