//! Times as people and formats write them.
//!
//! In: seconds since 1970. Out: date and time of day, in UTC and the Gregorian calendar, whatever the
//! machine's time zone is.

use std::fmt;

const DAY: i64 = 86_400;

/// Date and time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Utc {
    /// Before the year 1 they go on: 0, -1.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
    /// 0 to 23.
    pub hour: i64,
    /// 0 to 59.
    pub minute: i64,
    /// 0 to 59.
    pub second: i64,
}

impl Utc {
    /// So many seconds after 1970 began, or before.
    pub fn at(seconds: i64) -> Self {
        let time = seconds.rem_euclid(DAY);
        // Years from March on, so that the day that may be missing is the last; 400 of them are an era,
        // and all eras are alike.
        let days = seconds.div_euclid(DAY) + 719_468;
        let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        Self {
            year: 400 * era + year + i64::from(month >= 10),
            month: if month < 10 { month + 3 } else { month - 9 },
            day: day - (153 * month + 2) / 5 + 1,
            hour: time / 3600,
            minute: time / 60 % 60,
            second: time % 60,
        }
    }

    /// `2020-09-13`
    pub fn date(self) -> String {
        let Self { year, month, day, .. } = self;
        format!("{year:04}-{month:02}-{day:02}")
    }
}

/// As RFC 3339 has it for the years 0 to 9999: `2020-09-13T12:26:41Z`.
impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { hour, minute, second, .. } = self;
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}Z", self.date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_date_writes_them() {
        for (seconds, shown) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_799, "2000-02-29T23:59:59Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_600_000_001, "2020-09-13T12:26:41Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (-62_167_219_200, "0000-01-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Utc::at(seconds).to_string(), shown);
        }
        // No time is too far away.
        assert!(Utc::at(i64::MIN).year < Utc::at(i64::MAX).year);
    }

    #[test]
    fn each_day_follows_the_one_before() {
        let next = |day: Utc| {
            let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match day.month {
                2 => 28 + i64::from(leap(day.year)),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            match (day.day == last, day.month) {
                (true, 12) => Utc { year: day.year + 1, month: 1, day: 1, ..day },
                (true, _) => Utc { month: day.month + 1, day: 1, ..day },
                (false, _) => Utc { day: day.day + 1, ..day },
            }
        };
        for day in -300_000..300_000 {
            assert_eq!(Utc::at((day + 1) * DAY), next(Utc::at(day * DAY)));
        }
    }
}
