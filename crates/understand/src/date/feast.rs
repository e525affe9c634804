//! Feasts and seasons by rule: fixed days, counted weekdays, days from Easter.
//!
//! Feasts that follow the moon are reckoned in `moon`.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};

use super::Parser;
use super::convention::{Feasts, Weekend};
use super::dated::{Dated, Near, Rank};
use super::moon::Lunar;
use super::reckon::{add, date, midnight, on_or_after};
use super::series::{Series, Slot};
use super::words::{Turn, Unit};
use crate::reading::Grain;

/// When a feast falls.
#[derive(Clone, Copy, Debug)]
enum When {
    /// Month, day.
    Fixed(i64, i64),
    /// Month, weekday, which one of the month; -1 is the last.
    Nth(i64, Weekday, i64),
    /// Days after Easter Sunday.
    Easter(i64),
    /// Days after the fourth Thursday of November.
    AfterThanksgiving(i64),
    /// 27 April, the day before where that is a Sunday.
    Koningsdag,
    /// 16 April, observed on the working day next to it.
    Emancipation,
    /// 15 April or the next working day that is no feast of the capital.
    TaxDay,
    /// The Tuesday in spring on which most states vote, every fourth year.
    SuperTuesday,
    /// By the moon.
    Moon(Lunar),
    /// Lasts so many days.
    For(&'static Self, i64),
}

use When::{
    AfterThanksgiving, Easter, Emancipation, Fixed, For, Koningsdag, Moon, Nth, SuperTuesday, TaxDay,
};

/// Feasts by their folded names without apostrophes.
///
/// # Source
/// 5 U.S.C. 6103 for the federal days, the Banking and Financial Dealings Act 1971 for the British
/// ones, the feast laws of the German, French, Dutch, Italian and Spanish states.
const FEASTS: &[(&str, When)] = &[
    ("abraham lincolns birthday", Fixed(2, 12)),
    ("all saints day", Fixed(11, 1)),
    ("all souls day", Fixed(11, 2)),
    ("allerheiligen", Fixed(11, 1)),
    ("ano novo", Fixed(1, 1)),
    ("ano nuevo", Fixed(1, 1)),
    ("anzac day", Fixed(4, 25)),
    ("april fool day", Fixed(4, 1)),
    ("april fools", Fixed(4, 1)),
    ("april fools day", Fixed(4, 1)),
    ("armistice day", Fixed(11, 11)),
    ("ascension day", Easter(39)),
    ("ascension thursday", Easter(39)),
    ("aschermittwoch", Easter(-46)),
    ("ash wednesday", Easter(-46)),
    ("assumption day", Fixed(8, 15)),
    ("august bank holiday", Nth(8, Weekday::Monday, -1)),
    ("australia day", Fixed(1, 26)),
    ("bastille day", Fixed(7, 14)),
    ("black friday", AfterThanksgiving(1)),
    ("bonfire night", Fixed(11, 5)),
    ("boxing day", Fixed(12, 26)),
    ("canada day", Fixed(7, 1)),
    ("capodanno", Fixed(1, 1)),
    ("christi himmelfahrt", Easter(39)),
    ("christmas", Fixed(12, 25)),
    ("christmas day", Fixed(12, 25)),
    ("christmas eve", Fixed(12, 24)),
    ("cinco de mayo", Fixed(5, 5)),
    ("civil rights day", Nth(1, Weekday::Monday, 3)),
    ("columbus day", Nth(10, Weekday::Monday, 2)),
    ("corpus christi", Easter(60)),
    ("cyber monday", AfterThanksgiving(4)),
    ("dia de reyes", Fixed(1, 6)),
    ("dreikonigstag", Fixed(1, 6)),
    ("early may bank holiday", Nth(5, Weekday::Monday, 1)),
    ("earth day", Fixed(4, 22)),
    ("easter", Easter(0)),
    ("easter day", Easter(0)),
    ("easter mon", Easter(1)),
    ("easter monday", Easter(1)),
    ("easter saturday", Easter(-1)),
    ("easter sunday", Easter(0)),
    ("epiphany", Fixed(1, 6)),
    ("fat tuesday", Easter(-47)),
    ("father day", Nth(6, Weekday::Sunday, 3)),
    ("fathers day", Nth(6, Weekday::Sunday, 3)),
    ("ferragosto", Fixed(8, 15)),
    ("fete du travail", Fixed(5, 1)),
    ("flag day", Fixed(6, 14)),
    ("fronleichnam", Easter(60)),
    ("german unity day", Fixed(10, 3)),
    ("goede vrijdag", Easter(-2)),
    ("good friday", Easter(-2)),
    ("groundhog day", Fixed(2, 2)),
    ("groundhogs day", Fixed(2, 2)),
    ("grundonnerstag", Easter(-3)),
    ("guy fawkes", Fixed(11, 5)),
    ("guy fawkes day", Fixed(11, 5)),
    ("guy fawkes night", Fixed(11, 5)),
    ("halloween", Fixed(10, 31)),
    ("heiligabend", Fixed(12, 24)),
    ("heilige drei konige", Fixed(1, 6)),
    ("hemelvaart", Easter(39)),
    ("hemelvaartsdag", Easter(39)),
    ("himmelfahrt", Easter(39)),
    ("holy saturday", Easter(-1)),
    ("holy thursday", Easter(-3)),
    ("independence day", Fixed(7, 4)),
    ("indigenous peoples day", Nth(10, Weekday::Monday, 2)),
    ("international womens day", Fixed(3, 8)),
    ("jueves santo", Easter(-3)),
    ("juneteenth", Fixed(6, 19)),
    ("karfreitag", Easter(-2)),
    ("kerst", Fixed(12, 25)),
    ("kings day", Koningsdag),
    ("koningsdag", Koningsdag),
    ("labor day", Nth(9, Weekday::Monday, 1)),
    ("labour day", Nth(9, Weekday::Monday, 1)),
    ("late summer bank holiday", Nth(8, Weekday::Monday, -1)),
    ("lincoln birthday", Fixed(2, 12)),
    ("lincolns birthday", Fixed(2, 12)),
    ("lundi de paques", Easter(1)),
    ("lundi de pentecote", Easter(50)),
    ("mardi gras", Easter(-47)),
    ("maria himmelfahrt", Fixed(8, 15)),
    ("martin luther king day", Nth(1, Weekday::Monday, 3)),
    ("martin luther king jr day", Nth(1, Weekday::Monday, 3)),
    ("martin luther kings day", Nth(1, Weekday::Monday, 3)),
    ("maundy thursday", Easter(-3)),
    ("may day", Fixed(5, 1)),
    ("memorial day", Nth(5, Weekday::Monday, -1)),
    ("mlk day", Nth(1, Weekday::Monday, 3)),
    ("mlk jr day", Nth(1, Weekday::Monday, 3)),
    ("monday of the holy spirit", Easter(50)),
    ("mother day", Nth(5, Weekday::Sunday, 2)),
    ("mothers day", Nth(5, Weekday::Sunday, 2)),
    ("muttertag", Nth(5, Weekday::Sunday, 2)),
    ("natale", Fixed(12, 25)),
    ("navidad", Fixed(12, 25)),
    ("neujahr", Fixed(1, 1)),
    ("new year", Fixed(1, 1)),
    ("new year eve", Fixed(12, 31)),
    ("new years", Fixed(1, 1)),
    ("new years day", Fixed(1, 1)),
    ("new years eve", Fixed(12, 31)),
    ("nieuwjaar", Fixed(1, 1)),
    ("nikolaustag", Fixed(12, 6)),
    ("nochebuena", Fixed(12, 24)),
    ("nochevieja", Fixed(12, 31)),
    ("nouvel an", Fixed(1, 1)),
    ("ognissanti", Fixed(11, 1)),
    ("ostermontag", Easter(1)),
    ("ostern", Easter(0)),
    ("ostersonntag", Easter(0)),
    ("palm sunday", Easter(-7)),
    ("pancake day", Easter(-47)),
    ("pancake tuesday", Easter(-47)),
    ("paques", Easter(0)),
    ("pascua", Easter(0)),
    ("pasen", Easter(0)),
    ("pasqua", Easter(0)),
    ("pasquetta", Easter(1)),
    ("pentecost", Easter(49)),
    ("pentecost monday", Easter(50)),
    ("pentecote", Easter(49)),
    ("pfingsten", Easter(49)),
    ("pfingstmontag", Easter(50)),
    ("pfingstsonntag", Easter(49)),
    ("pinksteren", Easter(49)),
    ("presidents day", Nth(2, Weekday::Monday, 3)),
    ("reformationstag", Fixed(10, 31)),
    ("remembrance day", Fixed(11, 11)),
    ("rosenmontag", Easter(-48)),
    ("saint nicholas day", Fixed(12, 6)),
    ("saint patricks day", Fixed(3, 17)),
    ("saint valentin", Fixed(2, 14)),
    ("shrove tuesday", Easter(-47)),
    ("sibling day", Fixed(4, 10)),
    ("siblings day", Fixed(4, 10)),
    ("silvester", Fixed(12, 31)),
    ("sinterklaas", Fixed(12, 6)),
    ("spring bank holiday", Nth(5, Weekday::Monday, -1)),
    ("st paddys day", Fixed(3, 17)),
    ("st patricks day", Fixed(3, 17)),
    ("st stephens day", Fixed(12, 26)),
    ("summer bank holiday", Nth(8, Weekday::Monday, -1)),
    ("tag der arbeit", Fixed(5, 1)),
    ("tag der deutschen einheit", Fixed(10, 3)),
    ("thanksgiving", Nth(11, Weekday::Thursday, 4)),
    ("thanksgiving day", Nth(11, Weekday::Thursday, 4)),
    ("toussaint", Fixed(11, 1)),
    ("trinity sunday", Easter(56)),
    ("tweede kerstdag", Fixed(12, 26)),
    ("tweede paasdag", Easter(1)),
    ("tweede pinksterdag", Easter(50)),
    ("valentine day", Fixed(2, 14)),
    ("valentines day", Fixed(2, 14)),
    ("valentinstag", Fixed(2, 14)),
    ("vendredi saint", Easter(-2)),
    ("veteran day", Fixed(11, 11)),
    ("veterans day", Fixed(11, 11)),
    ("viernes santo", Easter(-2)),
    ("washingtons birthday", Nth(2, Weekday::Monday, 3)),
    ("weihnachten", Fixed(12, 25)),
    ("whit monday", Easter(50)),
    ("whit sunday", Easter(49)),
    ("white sunday", Easter(49)),
    ("whitsunday", Easter(49)),
    ("womens day", Fixed(3, 8)),
    ("xmas", Fixed(12, 25)),
    ("xmas day", Fixed(12, 25)),
    ("xmas eve", Fixed(12, 24)),
    ("zweiter weihnachtstag", Fixed(12, 26)),
    ("international workers day", Fixed(5, 1)),
    ("workers day", Fixed(5, 1)),
    ("yom kippur", Moon(Lunar::Tishri(9))),
    ("shemini atzeret", Moon(Lunar::Tishri(21))),
    ("simchat torah", Moon(Lunar::Tishri(22))),
    ("simhat torah", Moon(Lunar::Tishri(22))),
    ("rosh hashanah", For(&Moon(Lunar::Tishri(0)), 2)),
    ("rosh hashana", For(&Moon(Lunar::Tishri(0)), 2)),
    ("rosh hashanna", For(&Moon(Lunar::Tishri(0)), 2)),
    ("rosh hashannah", For(&Moon(Lunar::Tishri(0)), 2)),
    ("yom teruah", For(&Moon(Lunar::Tishri(0)), 2)),
    ("sukkot", For(&Moon(Lunar::Tishri(14)), 8)),
    ("sukkos", For(&Moon(Lunar::Tishri(14)), 8)),
    ("succos", For(&Moon(Lunar::Tishri(14)), 8)),
    ("succot", For(&Moon(Lunar::Tishri(14)), 8)),
    ("feast of booths", For(&Moon(Lunar::Tishri(14)), 8)),
    ("feast of tabernacles", For(&Moon(Lunar::Tishri(14)), 8)),
    ("feast of the ingathering", For(&Moon(Lunar::Tishri(14)), 8)),
    ("passover", For(&Moon(Lunar::Nisan(0)), 8)),
    ("pesach", For(&Moon(Lunar::Nisan(0)), 8)),
    ("pesakh", For(&Moon(Lunar::Nisan(0)), 8)),
    ("pesah", For(&Moon(Lunar::Nisan(0)), 8)),
    ("shavuot", For(&Moon(Lunar::Nisan(50)), 2)),
    ("shavuoth", For(&Moon(Lunar::Nisan(50)), 2)),
    ("shovuos", For(&Moon(Lunar::Nisan(50)), 2)),
    ("feast of weeks", For(&Moon(Lunar::Nisan(50)), 2)),
    ("purim", Moon(Lunar::Nisan(-30))),
    ("shushan purim", Moon(Lunar::Nisan(-29))),
    ("lag baomer", Moon(Lunar::Nisan(33))),
    ("lag b'omer", Moon(Lunar::Nisan(33))),
    ("yom hashoah", Moon(Lunar::Nisan(12))),
    ("holocaust day", Moon(Lunar::Nisan(12))),
    ("holocaust remembrance day", Moon(Lunar::Nisan(12))),
    ("yom haatzmaut", Moon(Lunar::Nisan(20))),
    ("yom ha'atzmaut", Moon(Lunar::Nisan(20))),
    ("tu bishvat", Moon(Lunar::TuBishvat)),
    ("tu b'shvat", Moon(Lunar::TuBishvat)),
    ("tisha b'av", Moon(Lunar::TishaBav)),
    ("hanukkah", For(&Moon(Lunar::Hanukkah), 8)),
    ("chanukah", For(&Moon(Lunar::Hanukkah), 8)),
    ("hannukah", For(&Moon(Lunar::Hanukkah), 8)),
    ("chanukkah", For(&Moon(Lunar::Hanukkah), 8)),
    ("hanukah", For(&Moon(Lunar::Hanukkah), 8)),
    ("chinese new year", Moon(Lunar::ChineseNewYear)),
    ("chinese new years", Moon(Lunar::ChineseNewYear)),
    ("chinese new year day", Moon(Lunar::ChineseNewYear)),
    ("chinese lunar new year", Moon(Lunar::ChineseNewYear)),
    ("chinese lunar new year day", Moon(Lunar::ChineseNewYear)),
    ("lunar new year", Moon(Lunar::ChineseNewYear)),
    ("islamic new year", Moon(Lunar::Muslim(1, 1))),
    ("hijri new year", Moon(Lunar::Muslim(1, 1))),
    ("arabic new year", Moon(Lunar::Muslim(1, 1))),
    ("muharram", Moon(Lunar::Muslim(1, 1))),
    ("ashura", Moon(Lunar::Muslim(1, 10))),
    ("day of ashura", Moon(Lunar::Muslim(1, 10))),
    ("mawlid", Moon(Lunar::Muslim(3, 12))),
    ("mawlid al nabawi", Moon(Lunar::Muslim(3, 12))),
    ("mawlid al nabi al sharif", Moon(Lunar::Muslim(3, 12))),
    ("prophet birthday", Moon(Lunar::Muslim(3, 12))),
    ("isra and mi'raj", Moon(Lunar::Muslim(7, 27))),
    ("the night journey", Moon(Lunar::Muslim(7, 27))),
    ("laylat al qadr", Moon(Lunar::Muslim(9, 27))),
    ("laylat al kadr", Moon(Lunar::Muslim(9, 27))),
    ("night of measures", Moon(Lunar::Muslim(9, 27))),
    ("night of destiny", Moon(Lunar::Muslim(9, 27))),
    ("night of power", Moon(Lunar::Muslim(9, 27))),
    ("night of value", Moon(Lunar::Muslim(9, 27))),
    ("ramadan", For(&Moon(Lunar::Muslim(9, 1)), 30)),
    ("ramadhan", For(&Moon(Lunar::Muslim(9, 1)), 30)),
    ("ramzan", For(&Moon(Lunar::Muslim(9, 1)), 30)),
    ("ramzaan", For(&Moon(Lunar::Muslim(9, 1)), 30)),
    ("eid al fitr", Moon(Lunar::Muslim(10, 1))),
    ("eid ul fitr", Moon(Lunar::Muslim(10, 1))),
    ("eid al adha", Moon(Lunar::Muslim(12, 10))),
    ("id ul adha", Moon(Lunar::Muslim(12, 10))),
    ("eid ul adha", Moon(Lunar::Muslim(12, 10))),
    ("id al adha", Moon(Lunar::Muslim(12, 10))),
    ("sacrifice feast", Moon(Lunar::Muslim(12, 10))),
    ("bakr id", Moon(Lunar::Muslim(12, 10))),
    ("bakr eid", Moon(Lunar::Muslim(12, 10))),
    ("dhanteras", Moon(Lunar::Autumn(-1, 30.0, 18.0, -2))),
    ("dhanatrayodashi", Moon(Lunar::Autumn(-1, 30.0, 18.0, -2))),
    ("dhanvantari trayodashi", Moon(Lunar::Autumn(-1, 30.0, 18.0, -2))),
    ("naraka chaturdashi", Moon(Lunar::Autumn(-1, 30.0, 18.0, -1))),
    ("narak chaturdashi", Moon(Lunar::Autumn(-1, 30.0, 18.0, -1))),
    ("kali chaudas", Moon(Lunar::Autumn(-1, 30.0, 18.0, -1))),
    ("roop chaudas", Moon(Lunar::Autumn(-1, 30.0, 18.0, -1))),
    ("choti diwali", Moon(Lunar::Autumn(-1, 30.0, 18.0, -1))),
    ("diwali", Moon(Lunar::Autumn(-1, 30.0, 18.0, 0))),
    ("deepavali", Moon(Lunar::Autumn(-1, 30.0, 18.0, 0))),
    ("lakshmi puja", Moon(Lunar::Autumn(-1, 30.0, 18.0, 0))),
    ("govardhan puja", Moon(Lunar::Autumn(-1, 30.0, 18.0, 1))),
    ("annakut", Moon(Lunar::Autumn(-1, 30.0, 18.0, 1))),
    ("annakoot", Moon(Lunar::Autumn(-1, 30.0, 18.0, 1))),
    ("bhai dooj", Moon(Lunar::Autumn(-1, 30.0, 18.0, 2))),
    ("bhai duj", Moon(Lunar::Autumn(-1, 30.0, 18.0, 2))),
    ("bhaiya dooj", Moon(Lunar::Autumn(-1, 30.0, 18.0, 2))),
    ("bhau beej", Moon(Lunar::Autumn(-1, 30.0, 18.0, 2))),
    ("bhai tika", Moon(Lunar::Autumn(-1, 30.0, 18.0, 2))),
    ("bhai phonta", Moon(Lunar::Autumn(-1, 30.0, 18.0, 2))),
    ("chhath", Moon(Lunar::Autumn(-1, 30.0, 18.0, 6))),
    ("chhath puja", Moon(Lunar::Autumn(-1, 30.0, 18.0, 6))),
    ("chhath parv", Moon(Lunar::Autumn(-1, 30.0, 18.0, 6))),
    ("dala chhath", Moon(Lunar::Autumn(-1, 30.0, 18.0, 6))),
    ("surya shashthi", Moon(Lunar::Autumn(-1, 30.0, 18.0, 6))),
    ("navaratri", For(&Moon(Lunar::Autumn(-1, 1.0, 6.0, 0)), 10)),
    ("navratri", For(&Moon(Lunar::Autumn(-1, 1.0, 6.0, 0)), 10)),
    ("durga puja", For(&Moon(Lunar::Autumn(-1, 1.0, 6.0, 0)), 10)),
    ("durgotsava", For(&Moon(Lunar::Autumn(-1, 1.0, 6.0, 0)), 10)),
    ("maha saptami", Moon(Lunar::Autumn(-1, 7.0, 6.0, 0))),
    ("durga ashtami", Moon(Lunar::Autumn(-1, 8.0, 6.0, 0))),
    ("maha ashtami", Moon(Lunar::Autumn(-1, 8.0, 6.0, 0))),
    ("durgashtami", Moon(Lunar::Autumn(-1, 8.0, 6.0, 0))),
    ("mahashtami", Moon(Lunar::Autumn(-1, 8.0, 6.0, 0))),
    ("maha navami", Moon(Lunar::Autumn(-1, 9.0, 6.0, 0))),
    ("dussehra", Moon(Lunar::Autumn(-1, 10.0, 14.0, 0))),
    ("dasara", Moon(Lunar::Autumn(-1, 10.0, 14.0, 0))),
    ("dusshera", Moon(Lunar::Autumn(-1, 10.0, 14.0, 0))),
    ("vijayadashami", Moon(Lunar::Autumn(-1, 10.0, 14.0, 0))),
    ("valmiki jayanti", Moon(Lunar::Autumn(-1, 15.0, 6.0, 0))),
    ("maharishi valmiki jayanti", Moon(Lunar::Autumn(-1, 15.0, 6.0, 0))),
    ("pargat diwas", Moon(Lunar::Autumn(-1, 15.0, 6.0, 0))),
    ("raksha bandhan", Moon(Lunar::Autumn(-3, 15.0, 6.0, 0))),
    ("rakshabandhan", Moon(Lunar::Autumn(-3, 15.0, 6.0, 0))),
    ("rakhi", Moon(Lunar::Autumn(-3, 15.0, 6.0, 0))),
    ("krishna janmashtami", Moon(Lunar::Autumn(-3, 23.0, 24.0, 0))),
    ("janmashtami", Moon(Lunar::Autumn(-3, 23.0, 24.0, 0))),
    ("gokulashtami", Moon(Lunar::Autumn(-3, 23.0, 24.0, 0))),
    ("ganesh chaturthi", Moon(Lunar::Autumn(-2, 4.0, 12.0, 0))),
    ("vinayaka chaturthi", Moon(Lunar::Autumn(-2, 4.0, 12.0, 0))),
    ("ratha yatra", Moon(Lunar::Autumn(-4, 2.0, 6.0, 0))),
    ("rath yatra", Moon(Lunar::Autumn(-4, 2.0, 6.0, 0))),
    ("guru nanak jayanti", Moon(Lunar::Autumn(0, 15.0, 6.0, 0))),
    ("guru nanak gurpurab", Moon(Lunar::Autumn(0, 15.0, 6.0, 0))),
    ("holi", Moon(Lunar::Spring(0, 15.0, 18.0, 1))),
    ("rangwali holi", Moon(Lunar::Spring(0, 15.0, 18.0, 1))),
    ("dhuleti", Moon(Lunar::Spring(0, 15.0, 18.0, 1))),
    ("dhulandi", Moon(Lunar::Spring(0, 15.0, 18.0, 1))),
    ("phagwah", Moon(Lunar::Spring(0, 15.0, 18.0, 1))),
    ("holika dahan", Moon(Lunar::Spring(0, 15.0, 18.0, 0))),
    ("chhoti holi", Moon(Lunar::Spring(0, 15.0, 18.0, 0))),
    ("kamudu pyre", Moon(Lunar::Spring(0, 15.0, 18.0, 0))),
    ("maha shivaratri", Moon(Lunar::Spring(-1, 29.0, 24.0, 0))),
    ("maha shivratri", Moon(Lunar::Spring(-1, 29.0, 24.0, 0))),
    ("shivaratri", Moon(Lunar::Spring(-1, 29.0, 24.0, 0))),
    ("vasant panchami", Moon(Lunar::Spring(-1, 5.0, 6.0, 0))),
    ("basant panchami", Moon(Lunar::Spring(-1, 5.0, 6.0, 0))),
    ("rama navami", Moon(Lunar::Spring(1, 9.0, 12.0, 0))),
    ("ram navami", Moon(Lunar::Spring(1, 9.0, 12.0, 0))),
    ("guru ravidass jayanti", Moon(Lunar::Spring(-1, 15.0, 6.0, 0))),
    ("guru ravidas jayanti", Moon(Lunar::Spring(-1, 15.0, 6.0, 0))),
    ("guru ravidass birthday", Moon(Lunar::Spring(-1, 15.0, 6.0, 0))),
    ("vesak", Moon(Lunar::Vesak)),
    ("vaisakha", Moon(Lunar::Vesak)),
    ("buddha day", Moon(Lunar::Vesak)),
    ("buddha purnima", Moon(Lunar::Vesak)),
    ("parsi new year", Moon(Lunar::Parsi)),
    ("jamshedi navroz", Moon(Lunar::Parsi)),
    ("vaisakhi", Fixed(4, 14)),
    ("baisakhi", Fixed(4, 14)),
    ("vasakhi", Fixed(4, 14)),
    ("vaishakhi", Fixed(4, 14)),
    ("mesadi", Fixed(4, 14)),
    ("vaisakhadi", Fixed(4, 14)),
    ("rabindra jayanti", Fixed(5, 9)),
    ("rabindranath jayanti", Fixed(5, 9)),
    ("lent", For(&Easter(-46), 46)),
    ("boss day", Nth(10, Weekday::Monday, 3)),
    ("nowruz", Fixed(3, 21)),
    ("world environment day", Fixed(6, 5)),
    ("world water day", Fixed(3, 22)),
    ("world health day", Fixed(4, 7)),
    ("world aids day", Fixed(12, 1)),
    ("world mental health day", Fixed(10, 10)),
    ("world book day", Fixed(4, 23)),
    ("world food day", Fixed(10, 16)),
    ("world teachers day", Fixed(10, 5)),
    ("world vegan day", Fixed(11, 1)),
    ("united nations day", Fixed(10, 24)),
    ("human rights day", Fixed(12, 10)),
    ("emancipation day", Emancipation),
    ("tax day", TaxDay),
    ("super tuesday", SuperTuesday),
    ("super tue", SuperTuesday),
    ("daylight saving start day", Nth(3, Weekday::Sunday, 2)),
    ("daylight savings start day", Nth(3, Weekday::Sunday, 2)),
    ("daylight saving start", Nth(3, Weekday::Sunday, 2)),
    ("daylight savings start", Nth(3, Weekday::Sunday, 2)),
    ("daylight saving end day", Nth(11, Weekday::Sunday, 1)),
    ("daylight savings end day", Nth(11, Weekday::Sunday, 1)),
    ("daylight saving end", Nth(11, Weekday::Sunday, 1)),
    ("daylight savings end", Nth(11, Weekday::Sunday, 1)),
    ("administrative professional day", Nth(4, Weekday::Wednesday, 4)),
    ("secretaries day", Nth(4, Weekday::Wednesday, 4)),
    ("admins day", Nth(4, Weekday::Wednesday, 4)),
    ("administrative professionals day", Nth(4, Weekday::Wednesday, 4)),
    ("king day", Koningsdag),
    ("president day", Nth(2, Weekday::Monday, 3)),
    ("st patrick day", Fixed(3, 17)),
    ("saint patrick day", Fixed(3, 17)),
    ("st paddy day", Fixed(3, 17)),
    ("st stephen day", Fixed(12, 26)),
    ("st george day", Fixed(4, 23)),
    ("saint george day", Fixed(4, 23)),
    ("women day", Fixed(3, 8)),
    ("international women day", Fixed(3, 8)),
    ("men day", Fixed(11, 19)),
    ("international men day", Fixed(11, 19)),
    ("abraham lincoln birthday", Fixed(2, 12)),
    ("washington birthday", Nth(2, Weekday::Monday, 3)),
    ("indigenous people day", Nth(10, Weekday::Monday, 2)),
    ("martin luther king junior day", Nth(1, Weekday::Monday, 3)),
    ("national sibling day", Fixed(4, 10)),
    ("national siblings day", Fixed(4, 10)),
    ("saint nicholas day", Fixed(12, 6)),
    ("orthodox christmas day", Fixed(1, 7)),
    ("orthodox new year", Fixed(1, 14)),
    ("christmas day eve", Fixed(12, 24)),
    ("easter sun", Easter(0)),
    ("holy friday", Easter(-2)),
    ("great friday", Easter(-2)),
    ("holy thu", Easter(-3)),
    ("white monday", Easter(50)),
    ("shrove monday", Easter(-48)),
    ("commonwealth day", Nth(3, Weekday::Monday, 2)),
];

type Named = Vec<(Vec<&'static str>, When)>;

/// Feasts by the first word of their names, longer names first.
static BY_WORD: LazyLock<HashMap<&str, Named>> = LazyLock::new(|| {
    let mut map: HashMap<&str, Named> = HashMap::new();
    for (name, when) in FEASTS {
        let words: Vec<&str> = name.split(' ').collect();
        if let Some(first) = words.first() {
            map.entry(first).or_default().push((words, *when));
        }
    }
    map.values_mut().for_each(|named| named.sort_by_key(|(words, _)| std::cmp::Reverse(words.len())));
    map
});

/// The words with which the names of feasts and seasons begin.
pub(super) fn first_words() -> impl Iterator<Item = &'static str> {
    let seasons = SEASONS.iter().flat_map(|(names, _)| names.split(' '));
    FEASTS.iter().filter_map(|(name, _)| name.split(' ').next()).chain(seasons)
}

impl When {
    fn in_year(self, year: i64) -> Option<Date> {
        match self {
            Fixed(month, day) => date(year, month, day),
            Nth(month, day, -1) => {
                let next = add(date(year, month, 1)?, 1, Unit::Month)?;
                add(on_or_after(next, day)?, -7, Unit::Day)
            }
            Nth(month, day, n) => add(on_or_after(date(year, month, 1)?, day)?, 7 * (n - 1), Unit::Day),
            Easter(days) => add(easter(year)?, days, Unit::Day),
            AfterThanksgiving(days) => add(Nth(11, Weekday::Thursday, 4).in_year(year)?, days, Unit::Day),
            Emancipation => {
                let day = date(year, 4, 16)?;
                match day.weekday() {
                    Weekday::Saturday => add(day, -1, Unit::Day),
                    Weekday::Sunday => add(day, 1, Unit::Day),
                    Weekday::Monday
                    | Weekday::Tuesday
                    | Weekday::Wednesday
                    | Weekday::Thursday
                    | Weekday::Friday => Some(day),
                }
            }
            TaxDay => {
                let free = Emancipation.in_year(year)?;
                let open = |day: &Date| {
                    *day != free && !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
                };
                (15..20).filter_map(|day| date(year, 4, day)).find(open)
            }
            // As the parties set it.
            SuperTuesday => match year {
                2000 => date(year, 3, 7),
                2004 => date(year, 3, 2),
                2008 => date(year, 2, 5),
                2012 => date(year, 3, 6),
                2016 => date(year, 3, 1),
                2020 => date(year, 3, 3),
                2024 => date(year, 3, 5),
                _ => None,
            },
            Moon(lunar) => lunar.in_year(year),
            For(when, _) => when.in_year(year),
            Koningsdag => {
                let day = date(year, 4, 27)?;
                if day.weekday() == Weekday::Sunday { add(day, -1, Unit::Day) } else { Some(day) }
            }
        }
    }
}

/// A feast of every year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Feast {
    when: When,
    /// Whether what begins at sunset is told with the eve.
    eve: bool,
    long_weekend: Option<Weekend>,
}

impl Feast {
    pub(super) fn in_year(self, year: i64) -> Option<Slot> {
        let start = self.when.in_year(year)?;
        let (when, days) = if let For(when, days) = self.when { (*when, days) } else { (self.when, 1) };
        if self.eve && matches!(when, Moon(lunar) if lunar.begins_at_sunset()) {
            let eve = add(start, -1, Unit::Day)?;
            return if days == 1 {
                Slot::day(eve)
            } else {
                Some(Slot::days(eve, add(start, days, Unit::Day)?, Grain::Day))
            };
        }
        match self.long_weekend {
            Some(Weekend::FridayEvening) => {
                let friday = add(start, -3, Unit::Day)?.at(18, 0, 0, 0);
                Some(Slot::span(friday, midnight(add(start, 1, Unit::Day)?), Grain::Hour))
            }
            Some(Weekend::Saturday) => {
                Some(Slot::days(add(start, -2, Unit::Day)?, add(start, 1, Unit::Day)?, Grain::Day))
            }
            None if days == 1 => Slot::day(start),
            None => Some(Slot::days(start, add(start, days, Unit::Day)?, Grain::Day)),
        }
    }
}

impl Parser<'_> {
    /// "Christmas", "last Easter", "Memorial Day 2027", "Labor Day weekend".
    pub(super) fn feast(&self, at: usize) -> Option<(usize, Dated)> {
        let (place, turn) = self.turn_before(at);
        let (next, series) = self.feast_series(place)?;
        // "New year" alone is a wish, "Lent" without a year a verb.
        let (after, year) = self.year_after(next, false);
        let doubtful = matches!(self.word(next - 1), "year" | "years" | "lent" | "holi")
            && self.word(place) != "chinese";
        let (before, _) = self.before(at);
        let led = matches!(before, "before" | "after" | "until" | "since" | "by" | "during" | "around");
        if doubtful
            && !led
            && year.is_none()
            && turn.is_none_or(|turn| turn != Turn::Last)
            && !self.year_turn_behind(next)
        {
            return None;
        }
        if let Some(year) = year {
            return Some((after, Dated::once(series.in_year(year)?, Rank::Day)));
        }
        match turn {
            Some(turn) => Some((next, self.turned_series(turn, series, Rank::Day)?)),
            None => Some((next, Dated::new(series, Rank::Day, Near::Coming))),
        }
    }

    /// "… of next year", "… in two years".
    fn year_turn_behind(&self, at: usize) -> bool {
        let of = at + usize::from(matches!(self.word(at), "of" | "in"));
        self.turned(of).is_some_and(|(_, whole)| whole.rank == Rank::Year) || self.counted(at).is_some()
    }

    /// A feast by its name.
    pub(super) fn feast_series(&self, at: usize) -> Option<(usize, Series)> {
        let named = BY_WORD.get(self.word(at))?;
        named.iter().find_map(|(words, when)| {
            let mut place = at;
            for (index, word) in words.iter().enumerate() {
                (self.word(place) == *word).then_some(())?;
                place += 1;
                // "Mothers' Day", "Mother's Day", "Martin Luther King Jr. Day", "Ratha-Yatra".
                let inside = index + 1 < words.len();
                let sign = inside && matches!(self.sign(place), "'" | "." | "-" | ",");
                let owner = inside || word.starts_with("valentine") || *word == "year";
                place += usize::from(sign || (owner && self.word(place) == "'s"));
            }
            let weekend = self.weekend_word(place).filter(|_| self.word(place - 1) == "day");
            let long_weekend = weekend.map(|_| self.convention.weekend);
            let feast = Feast { when: *when, eve: self.convention.feasts == Feasts::Eve, long_weekend };
            Some((weekend.unwrap_or(place), Series::Feast(feast)))
        })
    }

    /// "this summer", "next winter", "summer 2027": from the day the season begins to the day the
    /// next one does.
    ///
    /// # Source
    /// The mean days of the equinoxes and solstices in the north, as duckling has them.
    pub(super) fn season(&self, at: usize) -> Option<(usize, Dated)> {
        let (place, turn) = self.turn_before(at);
        let begins = is_season(self.word(place), self.is_capital(place))?;
        let ends = match begins.0 {
            3 => (6, 21),
            6 => (9, 24),
            9 => (12, 22),
            _ => (3, 21),
        };
        let series = Series::Season(begins, ends);
        let (after, year) = self.year_after(place + 1, false);
        if let Some(year) = year {
            return Some((after, Dated::once(series.in_year(year)?, Rank::Quarter)));
        }
        let Some(turn) = turn else {
            let (before, _) = self.before(at);
            let led = matches!(before, "in" | "during" | "since" | "until" | "before" | "after" | "by")
                || (before == "the"
                    && matches!(
                        self.word(at.wrapping_sub(2)),
                        "in" | "during" | "since" | "until" | "after"
                    ));
            return led.then(|| (place + 1, Dated::new(series, Rank::Quarter, Near::Coming)));
        };
        let now = self.midnight_of_today();
        let current = series.coming(now)?;
        let slot = match turn {
            // The one that runs, else the coming one, is "this".
            Turn::This => current,
            Turn::Next => series.coming(current.end)?,
            Turn::Last => series.latest(current.start)?,
        };
        Some((place + 1, Dated::once(slot, Rank::Quarter)))
    }
}

/// Seasons with the month and day on which they begin.
const SEASONS: &[(&str, (i8, i8))] = &[
    ("spring fruhling fruhjahr printemps primavera voorjaar lente", (3, 20)),
    ("summer sommer verano zomer verao", (6, 21)),
    ("autumn fall herbst automne otono autunno herfst outono", (9, 23)),
    ("winter hiver invierno inverno", (12, 21)),
];

/// Month and day on which a season begins; "fall" is a verb unless it is written large.
fn is_season(word: &str, capital: bool) -> Option<(i8, i8)> {
    let found = SEASONS.iter().find(|(names, _)| names.split(' ').any(|name| name == word))?;
    (word != "fall" || capital).then_some(found.1)
}

/// Western Easter.
///
/// # Source
/// Butcher's algorithm (Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i64) -> Option<Date> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    date(year, n / 31, n % 31 + 1)
}
