//! What sales come to is kept beside them, and is always what they come to.

use serde_json::{Value, json};

use super::generator::{self, Line, lines};
use super::{earns, sum, takes};
use crate::support::{App, with_app};

/// Totals of statements that count which are not what their sales come to, or are missing, or of nothing.
async fn wrong(app: &App) -> Vec<String> {
    let sold = "select s.statement_id, 7 - grouping(store, territory, item_id) as level, month,
                       coalesce(item_id, '00000000-0000-0000-0000-000000000000') as item_id, coalesce(territory, '') as territory,
                       coalesce(store, '') as store, kind, currency, count(*) as sales, sum(quantity)::bigint as quantity,
                       sum(amount) as amount
                from artists.sales s join artists.statements st on st.id = s.statement_id and st.state = 'ready'
                where counts
                group by s.statement_id, month, kind, currency, grouping sets ((item_id, territory), (item_id, store),
                    (territory, store), (item_id), (territory), (store), ())";
    let kept =
        "select t.statement_id, level, month, item_id, territory, store, kind, currency, t.sales, quantity, amount
                from artists.sale_totals t join artists.statements st on st.id = t.statement_id and st.state = 'ready'";
    let differences = format!(
        "select 'missing ' || d::text as line from (({sold}) except ({kept})) d
         union all select 'too much ' || d::text from (({kept}) except ({sold})) d"
    );
    app.lines(&differences).await
}

fn id(statement: &Value) -> &str {
    statement["id"].as_str().expect("an id")
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_are_what_the_sales_come_to_whatever_comes_and_goes() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let all = lines();
        let same = vec![Line::new("Tides", "QZES71234567", "-0.000000000001"); 3];
        let first = takes(&nina, "", generator::distrokid(&[&all[..2], &same].concat())).await;
        assert_eq!(wrong(app).await, [""; 0]);
        // Two of these, and two of the three, count already.
        let second = takes(&nina, "", generator::distrokid(&[&all, &same[1..]].concat())).await;
        assert_eq!((wrong(app).await, &second["repeated"]), (Vec::new(), &json!(4)));
        let before = sum(&nina).await;
        nina.delete(&format!("/artists/nina/statements/{}", id(&first))).await.is(204);
        app.settle().await;
        assert_eq!((wrong(app).await, sum(&nina).await), (Vec::new(), before));
        let second = nina.get(&format!("/artists/nina/statements/{}", id(&second))).await.is(200).json();
        assert_eq!(second["repeated"], 0);
        // Nothing is left of what went.
        let left = "select count(distinct statement_id)::text as line from artists.sale_totals";
        assert_eq!(app.lines(left).await, ["1"]);
        nina.delete(&format!("/artists/nina/statements/{}", id(&second))).await.is(204);
        app.settle().await;
        assert_eq!(app.lines(left).await, ["0"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_runs_again_tallies_once() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        takes(&nina, "", generator::distrokid(&lines())).await;
        app.settle().await;
        // As if a worker had been lost, once all was tallied.
        app.execute("update artists.statements set state = 'loading', ended_at = null").await;
        app.execute(
            "insert into platform.jobs (id, queue, kind, payload, priority, max_attempts)
             select gen_random_uuid(), 'statements', 'artists.import_statement', jsonb_build_object('statement', id), 0, 5
             from artists.statements",
        )
        .await;
        app.settle().await;
        assert_eq!((wrong(app).await, sum(&nina).await), (Vec::new(), "13.50".to_owned()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_statement_inherits_before_it_is_tallied_is_counted_once() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let first = takes(&nina, "", generator::distrokid(&lines()[..2])).await;
        let second = takes(&nina, "", generator::distrokid(&lines())).await;
        app.settle().await;
        // As it stands between two batches: the first line is tallied, the others are not.
        let second = id(&second);
        app.runs(&format!(
            "update artists.statements set state = 'loading', tallied = 2 where id = '{second}';
             delete from artists.sale_totals where statement_id = '{second}'"
        ))
        .await;
        nina.delete(&format!("/artists/nina/statements/{}", id(&first))).await.is(204);
        app.settle().await;
        let tallied = format!(
            "select sales || ' ' || quantity as line from artists.sale_totals where statement_id = '{second}' and level = 0"
        );
        assert_eq!(app.lines(&tallied).await, ["1 20"]);
    })
    .await;
}

/// Groups by two of track, territory and store at the most, with whatever filters.
const FEW: [&str; 12] = [
    "group=month",
    "group=track",
    "group=territory",
    "group=store",
    "group=kind",
    "group=month,track",
    "group=track,territory",
    "group=month,track,store,kind",
    "group=territory,store",
    "group=month&territory=DE",
    "group=store&territory=DE&from=2026-03&to=2026-03",
    "group=kind&store=Spotify",
];

#[tokio::test(flavor = "multi_thread")]
async fn earnings_are_told_without_a_look_at_the_sales() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let track = nina.drafts_a_single("Tides").await.track;
        nina.patch(&format!("/tracks/{track}"), json!({ "isrc": "QZES71234567" })).await.is(200);
        takes(&nina, "", generator::distrokid(&lines())).await;
        app.settle().await;
        // Whoever reads them fails from here on.
        app.execute("alter table artists.sales rename to hidden").await;
        for query in FEW {
            let groups = earns(&nina, query).await;
            let amounts = groups.iter().map(|group| group["amounts"][0]["amount"].as_str().expect("an amount"));
            let sum: f64 = amounts.map(|amount| amount.parse::<f64>().expect("a number")).sum();
            let expected = match query {
                _ if query.contains("territory=DE&from") => 11.0,
                _ if query.ends_with("territory=DE") => 11.0,
                _ if query.ends_with("store=Spotify") => 12.5,
                _ => 13.5,
            };
            assert!((sum - expected).abs() < 0.001, "{query}: {sum}");
        }
        let of_track = earns(&nina, &format!("group=month&track={track}")).await;
        assert_eq!(of_track.iter().map(|group| &group["streams"]).collect::<Vec<_>>(), [&json!(20), &json!(5)]);
        let items = nina.get("/artists/nina/sold-items").await.is(200).json();
        assert_eq!(items["items"].as_array().map(Vec::len), Some(2));
        nina.get("/artists/nina/earnings.csv?group=month,track").await.is(200);
        app.execute("alter table artists.hidden rename to sales").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_grouping_and_every_page_comes_to_the_same() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        nina.patch(&format!("/tracks/{}", single.track), json!({ "isrc": "QZES71234567" })).await.is(200);
        nina.hears(&single.track).await;
        let mut sold = lines();
        sold.extend([1, 7, 12].map(|month| Line { month, ..Line::new("Harbour", "QZES71234568", "-0.25") }));
        takes(&nina, "", generator::distrokid(&sold)).await;
        let names = ["month", "track", "territory", "store", "kind"];
        for chosen in 1..32_usize {
            let group: Vec<&str> =
                (0..5).filter(|place| chosen & (1 << place) != 0).map(|place| names[place]).collect();
            let path = format!("/artists/nina/earnings?group={}", group.join(","));
            let whole = nina.get(&path).await.is(200).json()["items"].as_array().expect("items").clone();
            let units = |field: &str| whole.iter().filter_map(|group| group[field].as_i64()).sum::<i64>();
            let told = (units("streams"), units("downloads"), units("own_plays"));
            assert_eq!(told, (55, 2, 1), "{path}");
            let (mut paged, mut cursor) = (Vec::new(), String::new());
            while paged.len() <= whole.len() {
                let page = nina.get(&format!("{path}&limit=2{cursor}")).await.is(200).json();
                paged.extend(page["items"].as_array().expect("items").clone());
                match page["next_cursor"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            assert_eq!(paged, whole, "{path}");
        }
    })
    .await;
}
