//! A proposed time, said in the sender's zone and in the owner's.

use jiff::Zoned;
use jiff::civil::Date;
use postil_understand::{DateMention, Grain, Owner};

use crate::language::Language;
use crate::phrase::template;

/// "Thursday, 26 November at 10:00 PST is 19:00 for me (CET)". Without a clock time the day alone.
pub(crate) fn said(mention: &DateMention, owner: &Owner, language: Language, today: Date) -> String {
    let word = |id| template(language, id).unwrap_or_default();
    let theirs = &mention.start;
    let day = language.weekday_and_day(theirs.date(), today);
    let timed = match mention.grain {
        Grain::Minute | Grain::Hour => true,
        Grain::DayPart | Grain::Day | Grain::Week | Grain::Month | Grain::Quarter | Grain::Year => false,
    };
    if !timed {
        return day;
    }
    let ours = theirs.with_time_zone(owner.zone.clone());
    let clock = language.clock(theirs);
    let at = word("word.at");
    if ours.datetime() == theirs.datetime() {
        return format!("{day}{at}{clock}");
    }
    let label =
        if mention.zone_named { format!(" {}", zone_name(theirs)) } else { word("word.yours").to_owned() };
    let our_clock = language.clock(&ours);
    let our_day = if ours.date() == theirs.date() {
        String::new()
    } else {
        format!("{}{at}", language.weekday_and_day(ours.date(), today))
    };
    let (is, for_me) = (word("word.is"), word("word.forme"));
    format!("{day}{at}{clock}{label}{is}{our_day}{our_clock}{for_me} ({})", zone_name(&ours))
}

/// "CET"; "UTC+5" where the zone has no name of its own.
fn zone_name(time: &Zoned) -> String {
    let name = time.strftime("%Z").to_string();
    if name.starts_with(['+', '-']) { format!("UTC{name}") } else { name }
}
