//! A sale counts once, however many files tell of it.

use serde_json::json;

use super::generator::{self, Line, lines};
use super::{rows, sends, sum, takes};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn files_that_overlap_do_not_count_twice() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let all = lines();
        let first = takes(&nina, "", generator::distrokid(&all[..2])).await;
        let second = takes(&nina, "", generator::distrokid(&all)).await;
        assert_eq!((&first["repeated"], &second["repeated"]), (&json!(0), &json!(2)));
        assert_eq!((rows(app).await.as_str(), sum(&nina).await.as_str()), ("5", "13.50"));
        let sales = format!("/artists/nina/statements/{}/sales", second["id"].as_str().expect("an id"));
        let sales = nina.get(&sales).await.is(200).json();
        let counts = [0, 1, 2].map(|place: usize| sales["items"][place]["counts"].clone());
        assert_eq!(counts, [json!(false), json!(false), json!(true)]);
        // What the first one counted, the second one counts when the first is gone.
        nina.delete(&format!("/artists/nina/statements/{}", first["id"].as_str().expect("an id"))).await.is(204);
        assert_eq!(sum(&nina).await, "13.50");
        let second =
            nina.get(&format!("/artists/nina/statements/{}", second["id"].as_str().expect("an id"))).await.json();
        assert_eq!(second["repeated"], 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_lines_of_one_file_are_several_sales() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let line = Line::new("Tides", "QZES71234567", "1.00");
        takes(&nina, "", generator::distrokid(&vec![line.clone(); 3])).await;
        assert_eq!(sum(&nina).await, "3.00");
        // Four of the same: three are known, one is not.
        let more = takes(&nina, "", generator::distrokid(&vec![line.clone(); 4])).await;
        assert_eq!((&more["repeated"], sum(&nina).await.as_str()), (&json!(3), "4.00"));
        // Another artist's are another's.
        let ben = app.artist("ben").await;
        takes(&ben, "", generator::distrokid(&vec![line; 3])).await;
        assert_eq!(sum(&ben).await, "3.00");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_come_at_once_count_each_sale_once() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let all = lines();
        let (one, other) = (generator::distrokid(&all), generator::distrokid(&all[1..]));
        let answers = tokio::join!(sends(&nina, "", one.clone()), sends(&nina, "", one), sends(&nina, "", other));
        for answer in [answers.0, answers.1, answers.2] {
            assert!([200, 202].contains(&answer.status), "{}", answer.text());
        }
        app.settle().await;
        assert_eq!((rows(app).await.as_str(), sum(&nina).await.as_str()), ("5", "13.50"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_runs_again_leaves_the_same() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        takes(&nina, "", generator::distrokid(&lines())).await;
        app.settle().await;
        // As if a worker had been lost in the middle of it.
        app.execute("update artists.statements set state = 'loading', ended_at = null").await;
        app.execute("delete from artists.sales where line = 3").await;
        assert_eq!(sum(&nina).await, "0.00", "nothing counts before all of it does");
        app.execute(
            "insert into platform.jobs (id, queue, kind, payload, priority, max_attempts)
             select gen_random_uuid(), 'statements', 'artists.import_statement', jsonb_build_object('statement', id), 0, 5
             from artists.statements",
        )
        .await;
        app.settle().await;
        assert_eq!((rows(app).await.as_str(), sum(&nina).await.as_str()), ("3", "13.50"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_sales_of_two_reports_are_two_wherever_they_stand() {
    with_app(async |app| {
        let (nina, ben) = (app.artist("nina").await, app.artist("ben").await);
        let may = generator::distrokid(&[Line::new("Tides", "QZES71234567", "1.00")]);
        let june = may.replace("2026-06-01", "2026-07-01");
        for file in [&may, &june] {
            assert_eq!(takes(&nina, "", file.clone()).await["repeated"], 0);
        }
        let (_, line) = june.split_once('\n').expect("a header");
        // The file of the whole year tells of both again.
        let year = format!("{may}{line}");
        assert_eq!(takes(&nina, "", year.clone()).await["repeated"], 2);
        takes(&ben, "", year).await;
        assert_eq!((sum(&nina).await.as_str(), sum(&ben).await.as_str()), ("2.00", "2.00"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_checked_while_another_goes_comes_in() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let first = takes(&nina, "", generator::distrokid(&lines())).await;
        // As it stands while the lines of a large one are cleared.
        let going = format!(
            "update artists.statements set state = 'removing' where id = '{}'",
            first["id"].as_str().expect("id")
        );
        app.execute(&going).await;
        let line = Line::new("Harbour", "QZES71234568", "3.00");
        takes(&nina, "", generator::distrokid(&[line])).await;
        assert_eq!(sum(&nina).await, "3.00");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_sells_no_more_than_can_be_added_up() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let most = Line { quantity: 1_000_000_000_000, ..Line::new("Tides", "QZES71234567", "1.00") };
        takes(&nina, "", generator::distrokid(std::slice::from_ref(&most))).await;
        let more = generator::distrokid(&[Line { quantity: most.quantity + 1, ..most }]);
        let statement = super::imports(&nina, "", more).await;
        assert_eq!(statement["state"], "rejected", "{statement:#}");
        assert!(statement["problem"].to_string().contains("Quantity"), "{statement:#}");
        assert_eq!(sum(&nina).await, "1.00");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_moves_no_more_than_can_be_kept_whichever_way() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (gives, takes_back) = (
            Line::new("Tides", "QZES71234567", "999999999999999"),
            Line::new("Harbour", "QZES71234568", "-999999999999999"),
        );
        let lines = [vec![gives; 500], vec![takes_back; 500]].concat();
        takes(&nina, "", generator::distrokid(&lines)).await;
        assert_eq!(sum(&nina).await, "0.00");
        let more = [&lines[..], &lines[..2]].concat();
        let statement = super::imports(&nina, "", generator::distrokid(&more)).await;
        assert_eq!(statement["problem"]["slug"], "too_large_sum", "{statement:#}");
    })
    .await;
}
