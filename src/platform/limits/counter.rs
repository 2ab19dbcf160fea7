//! A counter: what is kept of one rule for one subject. The rules are said here once in Rust, for what this process has
//! seen; `table.rs` says the same in SQL and `shared.lua` in Lua, and a test holds the three against each other.
//!
//! A *window* begins with the first attempt after the last window's end. What the window before has counted still counts,
//! so that no stretch of a window's length, wherever it begins, sees more than is allowed. The attempt that reaches the
//! limit begins a *pause*, after which nothing counts any more. Each pause is twice as long as the last one, until it is
//! quiet for the longest.

use chrono::{DateTime, TimeDelta, Utc};

use super::Rule;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counter {
    /// Attempts in this window.
    spent: u32,
    /// Attempts in the window before.
    carried: u32,
    /// Pauses in a row.
    strikes: u32,
    /// The end of this window, or of the pause.
    resets_at: DateTime<Utc>,
}

impl Counter {
    pub(super) const NEW: Self = Self { spent: 0, carried: 0, strikes: 0, resets_at: DateTime::UNIX_EPOCH };

    /// The end of the pause, where one is on.
    pub(super) fn paused_until(&self, rule: &Rule, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        (self.is_full(rule) && now < self.resets_at).then_some(self.resets_at)
    }

    /// Counts an attempt. There is no pause.
    pub(super) fn count(&mut self, rule: &Rule, now: DateTime<Utc>) {
        let (window, longest) = (delta(rule.window), delta(rule.longest));
        if self.resets_at + longest <= now {
            self.strikes = 0;
        }
        if self.resets_at <= now {
            let is_over = self.is_full(rule) || self.resets_at + window <= now;
            self.carried = if is_over { 0 } else { self.spent };
            self.spent = 0;
            self.resets_at = now + window;
        }
        self.spent += 1;
        if self.is_full(rule) {
            self.resets_at = now + longest.min(window * (1 << self.strikes.min(MAX_DOUBLINGS)));
            self.strikes += 1;
        }
    }

    /// Takes back an attempt that was counted. One that began a pause ends it.
    pub(super) fn give_back(&mut self, rule: &Rule, now: DateTime<Utc>) {
        if self.resets_at <= now || self.spent == 0 {
            return;
        }
        if self.is_full(rule) {
            self.strikes = self.strikes.saturating_sub(1);
            self.resets_at = self.resets_at.min(now + delta(rule.window));
        }
        self.spent -= 1;
    }

    fn is_full(&self, rule: &Rule) -> bool {
        self.spent + self.carried >= rule.allowed
    }
}

/// More would leave the range of numbers before any pause is so long.
const MAX_DOUBLINGS: u32 = 16;

fn delta(duration: std::time::Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const RULE: Rule = Rule::new("test", 10, Duration::from_secs(900), Duration::from_secs(3600));

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(minutes)
    }

    /// Tries so many times at once; how many were counted.
    fn tries(counter: &mut Counter, times: u32, now: DateTime<Utc>) -> u32 {
        let counted = (0..times).filter(|_| {
            let is_free = counter.paused_until(&RULE, now).is_none();
            if is_free {
                counter.count(&RULE, now);
            }
            is_free
        });
        u32::try_from(counted.count()).expect("few")
    }

    #[test]
    fn so_many_are_counted_and_no_more() {
        let mut counter = Counter::NEW;
        assert_eq!(tries(&mut counter, 100, at(0)), 10);
        assert_eq!(counter.paused_until(&RULE, at(0)), Some(at(15)));
        assert_eq!(tries(&mut counter, 100, at(14)), 0);
        assert_eq!(tries(&mut counter, 100, at(15)), 10);
    }

    #[test]
    fn no_quarter_of_an_hour_sees_more_than_allowed_wherever_it_begins() {
        let mut counter = Counter::NEW;
        assert_eq!(tries(&mut counter, 1, at(0)), 1);
        assert_eq!(tries(&mut counter, 8, at(14)), 8);
        assert_eq!(tries(&mut counter, 100, at(16)), 1, "the nine of the window before still count");
        assert_eq!(tries(&mut counter, 100, at(30)), 0);
        assert_eq!(tries(&mut counter, 100, at(31)), 10);
    }

    #[test]
    fn a_window_long_ago_counts_no_more() {
        let mut counter = Counter::NEW;
        assert_eq!(tries(&mut counter, 9, at(0)), 9);
        assert_eq!(tries(&mut counter, 100, at(30)), 10);
    }

    #[test]
    fn each_pause_doubles_up_to_the_longest_until_it_is_quiet_for_long() {
        let (mut counter, mut now) = (Counter::NEW, at(0));
        for pause in [15, 30, 60, 60, 60] {
            assert_eq!(tries(&mut counter, 11, now), 10);
            assert_eq!(counter.paused_until(&RULE, now), Some(now + TimeDelta::minutes(pause)));
            now += TimeDelta::minutes(pause);
        }
        now += TimeDelta::minutes(60);
        tries(&mut counter, 11, now);
        assert_eq!(counter.paused_until(&RULE, now), Some(now + TimeDelta::minutes(15)));
    }

    #[test]
    fn what_is_given_back_was_never_counted() {
        let mut counter = Counter::NEW;
        for _ in 0..100 {
            assert_eq!(tries(&mut counter, 1, at(0)), 1);
            counter.give_back(&RULE, at(0));
        }
        tries(&mut counter, 10, at(1));
        counter.give_back(&RULE, at(1));
        assert_eq!(counter.paused_until(&RULE, at(1)), None, "the last one was right: there is no pause");
        assert_eq!(tries(&mut counter, 2, at(1)), 1);
        assert_eq!(counter.paused_until(&RULE, at(1)), Some(at(16)), "nor was there one before");
        counter.give_back(&RULE, at(16));
        assert_eq!(tries(&mut counter, 11, at(16)), 10, "there is nothing left to give back");
        assert!(MINUTE < RULE.window);
    }
}
