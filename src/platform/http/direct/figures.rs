//! What was answered directly, in the figures and the log.

use std::cell::RefCell;
use std::time::Duration;

use actix_web::http::StatusCode;
use prometheus::Histogram;

use super::Asked;
use crate::platform::http::edge;
use crate::platform::metrics::Metrics;

/// The method, the route and the status of an answer.
type Labels = (&'static str, &'static str, u16);

/// The series that answers of one thread belong to: there are a few, and to look one up by its labels costs more than to count.
#[derive(Default)]
pub(super) struct Figures {
    series: RefCell<Vec<(Labels, Histogram)>>,
}

impl Figures {
    /// Notes an answer, and how long its head took.
    pub(super) fn note(&self, metrics: &Metrics, (asked, status): (&Asked, StatusCode), took: Duration) {
        metrics.direct_answers.inc();
        let labels = (if asked.is_head { "HEAD" } else { "GET" }, asked.route, status.as_u16());
        let mut series = self.series.borrow_mut();
        match series.iter().find(|(known, _)| *known == labels) {
            Some((_, histogram)) => histogram.observe(took.as_secs_f64()),
            None => {
                let histogram = edge::series(metrics, labels);
                histogram.observe(took.as_secs_f64());
                series.push((labels, histogram));
            }
        }
        edge::log(labels, took);
    }
}
