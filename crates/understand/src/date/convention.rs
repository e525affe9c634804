//! What words of time mean where people differ; the product has one reading, and other readings can
//! be asked for.

/// How expressions that people read differently are read. [`Convention::default`] is the product's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convention {
    /// Which Tuesday "next Tuesday" is, and which one "last Tuesday" was.
    pub weekdays: Weekdays,
    /// Which hour "at 3" is.
    pub hours: Hours,
    /// Whether an hour without a day is of today even if it is past.
    pub past_hours: PastHours,
    /// Whether the last hour or minute named belongs to an interval: "3-4pm" ends at 4 or before 5.
    pub clock_ends: Ends,
    /// Whether the last day named belongs to an interval.
    pub day_ends: Ends,
    /// When a weekend begins.
    pub weekend: Weekend,
    /// What "the next three weeks" begin with.
    pub runs: Runs,
    /// How exact "in three days" is.
    pub counted: Counted,
    /// How many days back a day without a year may lie before the next year's is meant.
    pub days_back: i64,
    /// What the end of a day is.
    pub day_end: DayEnd,
    /// How a month or year is parted by "early", "late", "end of".
    pub parts: Parts,
    /// Whether feasts that begin at sunset begin on the eve.
    pub feasts: Feasts,
    /// The hours of a morning, an afternoon, an evening.
    pub day_parts: DayParts,
    /// Whether "now" is a time to tell.
    pub present: Present,
}

/// See [`Convention::weekdays`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weekdays {
    /// "Next" is of the next week from its Monday, "last" the most recent one, "this" the coming one.
    NextWeeks,
    /// "Next" and "this" are the coming one.
    Coming,
    /// "Next", "this" and "last" are of the next, this and the last week.
    OfTheWeek,
}

/// See [`Convention::hours`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hours {
    /// One to six are in the afternoon, seven to twelve before it.
    Working,
    /// The soonest that fits.
    Soonest,
}

/// See [`Convention::past_hours`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastHours {
    /// Of today.
    Today,
    /// Of tomorrow.
    Tomorrow,
}

/// Whether an end belongs to what it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// It does.
    Included,
    /// It does not.
    Excluded,
}

/// See [`Convention::weekend`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weekend {
    /// On Saturday.
    Saturday,
    /// On Friday at six in the evening.
    FridayEvening,
}

/// See [`Convention::runs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// With the day after the message: "the next three weeks" are 21 days.
    Days,
    /// With the next whole unit of the calendar.
    Calendar,
}

/// See [`Convention::counted`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// To the day, years to the month.
    Day,
    /// To the unit below the one named: "in three days" is an hour.
    UnitBelow,
    /// To the day, years too.
    YearsToo,
}

/// See [`Convention::day_end`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayEnd {
    /// The day itself: "EOD Thursday" is Thursday.
    TheDay,
    /// Its midnight.
    Midnight,
    /// Its last second.
    LastSecond,
}

/// See [`Convention::parts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// Ten days of a month, a third of a year.
    Thirds,
    /// Halves.
    Halves,
}

/// See [`Convention::day_parts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayParts {
    /// A morning from eight, an afternoon until seven, an evening from six to midnight.
    Working,
    /// The same, but a morning from midnight.
    FromMidnight,
    /// Four hours each from eight.
    FourHours,
}

/// See [`Convention::present`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Present {
    /// Only where nothing else is said, or as the end of an interval.
    Ignored,
    /// Always.
    Named,
}

/// See [`Convention::feasts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feasts {
    /// With their first day.
    Day,
    /// With the eve of it.
    Eve,
}

impl Default for Convention {
    fn default() -> Self {
        Self {
            weekdays: Weekdays::NextWeeks,
            hours: Hours::Working,
            past_hours: PastHours::Today,
            clock_ends: Ends::Excluded,
            day_ends: Ends::Included,
            weekend: Weekend::Saturday,
            runs: Runs::Days,
            counted: Counted::Day,
            days_back: 60,
            day_end: DayEnd::TheDay,
            parts: Parts::Thirds,
            feasts: Feasts::Day,
            day_parts: DayParts::Working,
            present: Present::Ignored,
        }
    }
}

impl Convention {
    /// The reading of duckling's corpus.
    ///
    /// # Source
    /// facebook/duckling, `Duckling/Time/EN/Corpus.hs`: what each of its examples stands for.
    #[must_use]
    pub fn duckling() -> Self {
        Self {
            weekdays: Weekdays::Coming,
            hours: Hours::Soonest,
            past_hours: PastHours::Tomorrow,
            clock_ends: Ends::Included,
            day_ends: Ends::Included,
            weekend: Weekend::FridayEvening,
            runs: Runs::Calendar,
            counted: Counted::UnitBelow,
            days_back: 0,
            day_end: DayEnd::Midnight,
            parts: Parts::Thirds,
            feasts: Feasts::Eve,
            day_parts: DayParts::FromMidnight,
            present: Present::Named,
        }
    }

    /// The reading of the specifications of Recognizers-Text.
    ///
    /// # Source
    /// microsoft/Recognizers-Text, `Specs/DateTime/English`: what each of its examples stands for.
    #[must_use]
    pub fn recognizers() -> Self {
        Self {
            weekdays: Weekdays::OfTheWeek,
            hours: Hours::Soonest,
            past_hours: PastHours::Today,
            clock_ends: Ends::Excluded,
            day_ends: Ends::Excluded,
            weekend: Weekend::Saturday,
            runs: Runs::Days,
            counted: Counted::YearsToo,
            days_back: 0,
            day_end: DayEnd::LastSecond,
            parts: Parts::Halves,
            feasts: Feasts::Day,
            day_parts: DayParts::FourHours,
            present: Present::Named,
        }
    }
}
