//! What the sender of a message wants, with the exact words.
//!
//! Looks at own words only. Rules first; nothing here knows whether an ask was answered later: see
//! [`crate::verdict`].

mod address;
mod clue;
mod compound;
mod keyword;
mod kind;
mod matter;
mod nothing;
mod program;

use jiff::Zoned;
use jiff::civil::Date;
use postil_evidence::Span;
use postil_mail::message::{Message, ZoneKind};

use crate::date::{DateFound, dates_in};
use crate::pattern::Pattern;
use crate::plain::{Plain, fold};
use crate::reading::{Addressee, Ask, AskKind, Confidence, Grain, Owner};
use crate::sentence::sentences;
use address::Addressing;
use clue::{ASKS_FROM, Clue};
pub(crate) use keyword::is_stop_word;
pub use keyword::keywords;
use matter::Surroundings;
pub use program::LOOKS_LIKE_INSTRUCTIONS;

/// The most asks taken from one message: beyond it a text is a form or a trick.
const MOST_ASKS: usize = 40;

/// The asks of one message, in text order; all `open`.
///
/// Text under quotes, signatures and program output asks nothing. A message that was sent to many
/// yields its asks all the same: what to do with them is the verdict's business.
#[must_use]
pub fn asks(message: &Message, owner: &Owner) -> Vec<Ask> {
    let addressing = Addressing::of(message, owner);
    let mut found: Vec<Ask> = Vec::new();
    let mut deadline = None;
    for zone in message.own_zones() {
        if matches!(zone.kind, ZoneKind::Code | ZoneKind::Log) {
            continue;
        }
        let text = zone.span.of(&message.text);
        for sentence in sentences(text) {
            let sentence = sentence.shifted(zone.span.start);
            let before = found.len();
            sentence_asks(message, &addressing, sentence, &mut found);
            if found.len() > before && is_aside(&message.text, zone.span, sentence) {
                // "(We moved. Please say Thursday.)" is said aside; a question is meant even so.
                let asked = found.split_off(before);
                found.extend(asked.into_iter().filter(|ask| ask.text.contains('?')));
            }
            for at in (before..found.len()).rev() {
                if is_repeated(&found, at) {
                    found.remove(at);
                }
            }
            if deadline.is_none() {
                deadline =
                    general_deadline(&message.text, sentence, message.date.as_ref(), found.len() > before);
            }
            if found.len() >= MOST_ASKS {
                return found;
            }
        }
    }
    drop_headings(&mut found, &mut deadline);
    drop_grounds(&mut found);
    drop_antecedents(&mut found);
    if let Some(day) = deadline {
        for ask in &mut found {
            ask.due = ask.due.or(Some(day));
        }
    }
    found
}

/// Whether a sentence goes on inside brackets or quotation marks that an earlier one opened.
fn is_aside(text: &str, zone: Span, sentence: Span) -> bool {
    let before = Span::new(zone.start, sentence.start).of(text);
    let before = before.rsplit("\n\n").next().unwrap_or_default();
    let after = Span::new(sentence.start, zone.end).of(text);
    let after = after.split("\n\n").next().unwrap_or_default();
    let (mut brackets, mut quotes, mut last) = (0_usize, 0_usize, ' ');
    for c in before.chars() {
        match c {
            // ":(" and ":)" are faces.
            '(' | ')' if matches!(last, ':' | ';' | '-') => {}
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            '“' | '«' if last != ' ' || quotes == 0 => quotes += 1,
            '”' | '»' => quotes = quotes.saturating_sub(1),
            _ => {}
        }
        last = c;
    }
    (brackets > 0 && after.contains([')', ']'])) || (quotes > 0 && after.contains(['”', '»']))
}

/// Whether an earlier ask of the same message says the same words.
fn is_repeated(found: &[Ask], at: usize) -> bool {
    let Some(ask) = found.get(at) else { return false };
    let squeezed =
        |ask: &Ask| fold(&ask.matter).chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let matter = squeezed(ask);
    !matter.is_empty()
        && found.iter().take(at).any(|other| squeezed(other) == matter && other.addressee == ask.addressee)
}

/// Whether of two wordings, folded words, one has only small words that the other has not.
pub(crate) fn differ_in_fill(left: &[String], right: &[String]) -> bool {
    let fill = |from: &[String], of: &[String]| {
        of.iter().filter(|word| !from.contains(word)).all(|word| is_stop_word(word))
    };
    fill(left, right) || fill(right, left)
}

/// Whether the ask is a few words and "please", as an answer to "which one would you like?" is.
pub(crate) fn is_answer_with_please(ask: &Ask) -> bool {
    let plain = fold(&ask.text);
    let bare = plain.trim_end_matches(['.', '!', ' ']);
    let wanted = ["please", "pls", "bitte", "svp", "por favor", "per favore", "alsjeblieft"]
        .iter()
        .find_map(|word| bare.strip_suffix(word));
    wanted.is_some_and(|wanted| {
        let wanted = wanted.trim_end_matches([' ', ',']);
        !wanted.is_empty() && wanted.split(' ').count() <= 4 && !clue::begins_as_request(wanted)
    })
}

/// "I need four facts, please by Tuesday:" only announces the asks that follow; its day is theirs.
fn drop_headings(found: &mut Vec<Ask>, deadline: &mut Option<Date>) {
    let last = found.last().map(|ask| ask.span.start);
    let many = found.len() > 1;
    found.retain(|ask| {
        let follows = last.is_some_and(|last| ask.span.start < last);
        let heads = (ask.text.ends_with(':') || is_favour(ask)) && follows || (many && is_only_deadline(ask));
        if heads {
            *deadline = deadline.or(ask.due);
        }
        !heads
    });
}

/// A complaint, or what some third person would like, is the ground of an ask where the message has one; it
/// is an ask itself where it has none.
fn drop_grounds(found: &mut Vec<Ask>) {
    let is_ground = |ask: &Ask| {
        let own = ["i ", "we ", "i'", "we'"].iter().any(|words| fold(&ask.text).starts_with(words));
        ask.reason == clue::COMPLAINS || (ask.reason == clue::WOULD_LIKE && !own)
    };
    if found.iter().any(|ask| !is_ground(ask) && !matches!(ask.addressee, Addressee::Other(_))) {
        found.retain(|ask| !is_ground(ask));
    }
}

/// "I need the current list. Please send it." is one ask: the need tells what "it" is. Its day is kept.
fn drop_antecedents(found: &mut Vec<Ask>) {
    static NEED: Pattern = Pattern::when("need", r"\b(?:i|we)\b.{0,20}\bneed\b");
    static TAKES_IT_UP: Pattern =
        Pattern::when("it|them", r"^(?:please|could|can|would|will)\b.{0,40}\b(?:it|them)\b");
    let is_wish = |ask: &Ask| matches!(ask.kind, AskKind::Request | AskKind::Document);
    for at in (1..found.len()).rev() {
        let (Some(need), Some(request)) = (found.get(at - 1), found.get(at)) else { continue };
        let next_to_it = request.span.start.saturating_sub(need.span.end) <= 2;
        let taken_up = is_wish(need)
            && is_wish(request)
            && next_to_it
            && NEED.is_match(&fold(&need.text))
            && TAKES_IT_UP.is_match(&fold(&request.text));
        if taken_up {
            let due = need.due;
            if let Some(request) = found.get_mut(at) {
                request.due = request.due.or(due);
            }
            found.remove(at - 1);
        }
    }
}

/// "Can you do me a favour?" before the favour.
fn is_favour(ask: &Ask) -> bool {
    static FAVOUR: Pattern = Pattern::when(
        "favo|question|something",
        r"^(?:can|could|would|will) (?:you|i) (?:please )?(?:do me a (?:big |small )?favou?r|ask you (?:a question|something))\b.{0,12}$",
    );
    FAVOUR.is_match(&fold(&ask.text))
}

/// "I would need your answer by Wednesday" says only by when the other asks want one.
fn is_only_deadline(ask: &Ask) -> bool {
    static ANSWER: Pattern = Pattern::when(
        "answer|reply|replies|response|feedback|antwort|reponse|respuesta|rispost|antwoord|resposta",
        r"\b(?:need|needs|want|expect|brauch[a-z]*|benotig[a-z]*|besoin|necesit[a-z]*|serve|nodig|preciso)\b.{0,20}\b(?:answers?|reply|replies|response|feedback|antwort(?:en)?|reponses?|respuestas?|rispost[ae]|antwoord(?:en)?|respostas?)\b.{0,8}\b(?:by|before|until|on|today|tomorrow|bis|avant|antes|entro|voor|ate)\b",
    );
    ask.text.len() < 120 && !ask.text.contains('?') && ANSWER.is_match(&fold(&ask.text))
}

/// How likely `sentence` asks its reader for an action, a reply or a meeting, 0 to 1.
///
/// By the learned weights of [`crate::intent`], in which the rules have their say.
#[must_use]
pub fn sentence_score(sentence: &str) -> f64 {
    crate::intent::score(sentence)
}

/// How likely `sentence` asks by the rules alone.
fn rules_score(sentence: &str) -> f64 {
    let mut best = clue::clue(&fold(sentence)).map_or(0.0, |clue| clue.score);
    if let Some((length, _)) = address::vocative(sentence.trim()) {
        let rest = fold(sentence.trim().get(length..).unwrap_or_default());
        best = best.max(clue::clue(&rest).map_or(0.0, |clue| clue.score));
    }
    for part in sentences(sentence) {
        if part.len() < sentence.trim().len() {
            best = best.max(clue::clue(&fold(part.of(sentence))).map_or(0.0, |clue| clue.score));
        }
    }
    if best > 0.0 {
        return best;
    }
    // Without a clue a short sentence that speaks to "you" is still likelier than another.
    let folded = fold(sentence);
    let speaks =
        folded.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| matches!(word, "you" | "your"));
    if speaks { 0.2 } else { 0.05 }
}

/// What the rules say of one sentence, for the learned weights.
pub(crate) struct SentenceRules {
    /// The rules' own score.
    pub(crate) score: f64,
    /// The places in the list of the rules that fit.
    pub(crate) fitting: Vec<usize>,
    /// The folded sentence without its lead-in.
    pub(crate) core: String,
    pub(crate) starts_question: bool,
    pub(crate) starts_request: bool,
    pub(crate) marked: bool,
}

pub(crate) fn sentence_rules(sentence: &str) -> SentenceRules {
    let folded = fold(sentence);
    let core = folded.get(clue::lead_in(&folded)..).unwrap_or_default().to_owned();
    SentenceRules {
        score: rules_score(sentence),
        fitting: clue::fitting(&folded),
        starts_question: clue::begins_as_question(&core),
        starts_request: clue::begins_as_request(&core),
        marked: clue::ends_in_question_mark(&folded),
        core,
    }
}

/// What the rule at this place says of a sentence that it fits.
pub(crate) fn rule_reason(place: usize) -> &'static str {
    clue::reason_at(place)
}

/// Where a second ask begins inside a sentence: "… and could you also …", "…, please also …".
static SECOND: Pattern = Pattern::new(
    r"(?:,|;| -)? (?:and|but|und|et|y|e|en|also)(?: also| then| auch| aussi| tambien)?,? ((?:can|could|would|will) you|please|(?:tell|send|give) (?:me|us)|(?:nous|me|m') ?(?:indiquer|dire|confirmer|envoyer|preciser)|(?:mandame|enviame|dime|avisame|confirmame|mandami|dimmi|fammi|stuur me|laat me|me envie|me avise)|bringen sie|schicken sie|sagen sie|(?:kannst|konntest|konntet) (?:du|ihr)|konnten sie|bitte|pourriez-vous|pouvez-vous|merci de|podrias|puedes|por favor|potresti|puoi|kun je|kunt u|poderia|let me know)\b",
);

/// "Hi Sam, " before an ask in the same sentence.
static GREETING: Pattern = Pattern::new(
    r"^(?:hi|hello|hey|dear|hallo|hola|ciao|bonjour|ola|moin|beste|hoi)(?: [a-z'-]+){0,3} ?[,!:-]+ ",
);

/// The joining word at the end of an ask that another follows.
static JOINT: Pattern = Pattern::new(
    r"(?:,|;| -)? (?:and|but|und|et|y|e|en|also|or|oder)(?: also| then| auch| aussi| tambien)?,? $",
);

/// Where a question begins behind a statement: "I looked at the plan: which port does it use?"
static BEHIND: Pattern = Pattern::new(
    r"(?::|;| -|\.\.|,(?: so| and| but| also)?) (?:(?:on|at|in|for|to|by|from|with|of|until|since|bis|ab|seit) )?(?:what|who|whom|when|where|which|why|how|do|does|did|is|are|was|were|has|have|can|could|would|will|should|shall|may|please|wer|was|wann|wo|warum|wie|welche[rsnm]?|kannst|konntest|konnen|konnten|bitte|gibt|hast|haben|ist|sind|qui|quand|ou|comment|combien|quel(?:le)?s?|est-ce|pourriez|pouvez|quien|cuando|donde|cuanto|cual|puedes|podrias|chi|quando|dove|quanto|quale|puoi|potresti|wanneer|waar|hoe|welke|kun|kunt|quem|onde|qual|pode|poderia)\b",
);

/// From this score of the rules on the learned weights are not asked.
const SURE: f64 = 0.84;

/// Below this score the learned weights see no ask. Set by hand; how many asks it loses was not measured apart.
const NO_ASK: f64 = 0.08;

/// Whether a quoted question ends the sentence and its writer tells at once what they answered: 'He asked me "who
/// pays?" and I told him.'
fn is_reported(plain: &str, behind: &str) -> bool {
    let quoted = plain.trim_end().ends_with("?\"") && plain.find('"').is_some_and(|at| at > 3);
    let behind = fold(behind.get(..behind.floor_char_boundary(40)).unwrap_or_default());
    let behind = behind.trim_start();
    let told = [
        "and i told",
        "and i said",
        "and i answered",
        "and we told",
        "and we said",
        "i told",
        "i said",
        "und ich sagte",
        "und ich habe",
    ];
    quoted && told.iter().any(|words| behind.starts_with(words))
}

fn sentence_asks(message: &Message, addressing: &Addressing, sentence: Span, found: &mut Vec<Ask>) {
    let text = &message.text;
    let mut start = sentence.start;
    let mut addressee = addressing.default.clone();
    if let Some((length, named)) = addressing.vocative(sentence.of(text)) {
        addressee = named;
        start += length;
    }
    let greeting = GREETING.find(&fold(Span::new(start, sentence.end).of(text))).map(|found| found.end);
    if let Some(characters) = greeting {
        start +=
            Span::new(start, sentence.end).of(text).char_indices().nth(characters).map_or(0, |(at, _)| at);
    }
    let core = Span::new(start, sentence.end);
    let plain = Plain::of(text, core);
    let Some(whole) = clue::clue(plain.text()) else { return };
    // Rules that are not sure themselves give way where the learned weights see no ask at all.
    if !whole.question && whole.score < SURE && crate::intent::score(core.of(text)) < NO_ASK {
        return;
    }
    if nothing::asks_nothing(core.of(text), plain.text()) {
        return;
    }
    if whole.question && is_reported(plain.text(), Span::new(sentence.end, text.len()).of(text)) {
        return;
    }
    let instructs = program::looks_like_instructions(sentence.of(text), plain.text());
    let mut first: Option<usize> = None;
    let cuts = cuts(plain.text(), whole);
    for (place, cut) in cuts.iter().enumerate() {
        let from = cut.at;
        let to = cuts.get(place + 1).map_or(plain.text().len(), |next| next.at);
        let Some(part) = plain.text().get(from..to) else { continue };
        let own = clue::clue(part).filter(|clue| clue.score >= ASKS_FROM && is_open_ended(part));
        let goes_on = cuts.get(place + 1).is_some_and(|next| next.follows) && whole.question;
        let clue = match own {
            _ if cut.follows && first.is_some() => {
                Clue { reason: "goes on with another question", question: true, ..whole }
            }
            // Its question mark stands behind the last part.
            _ if goes_on => whole,
            Some(clue) => clue,
            None => continue,
        };
        let lead = statement_before(part, clue);
        let joined = JOINT.find(part).filter(|_| to < plain.text().len());
        let words = plain.span(from + lead, joined.map_or(to, |joint| from + joint.start));
        // The name that begins the sentence belongs to the words of the ask.
        let span = if from == 0 && lead == 0 && greeting.is_none() {
            Span::new(sentence.start, words.end)
        } else {
            words
        };
        let span = trimmed(text, span);
        let mut ask = ask_of(message, span, trimmed(text, words), clue, addressee.clone());
        if let Some(before) = first.and_then(|at| found.get(at)).filter(|_| cut.follows) {
            ask.matter = compound::completed(&ask.matter, &before.matter);
            ask.keywords = keyword::inherited(keywords(&ask.matter), &before.keywords);
            if ask.kind == AskKind::Request {
                ask.kind = AskKind::Question;
            }
        }
        if instructs {
            ask.confidence = Confidence::Low;
            ask.kind = AskKind::Question;
            ask.reason = LOOKS_LIKE_INSTRUCTIONS.to_owned();
            ask.matter.clear();
            ask.keywords.clear();
        }
        first.get_or_insert(found.len());
        found.push(ask);
    }
}

/// Where a part of a sentence begins that may be an ask of its own.
struct Cut {
    at: usize,
    /// Whether it goes on with the question before it: "…, and how fast?"
    follows: bool,
}

fn cuts(plain: &str, whole: Clue) -> Vec<Cut> {
    let asks = |part: &str| clue::clue(part).is_some_and(|clue| clue.score >= ASKS_FROM);
    let mut cuts = vec![Cut { at: 0, follows: false }];
    let mut from = 0;
    for cut in SECOND.groups(plain) {
        if plain.get(from..cut.start).is_some_and(asks) {
            cuts.push(Cut { at: cut.start, follows: false });
            from = cut.start;
        }
    }
    let indirect = matches!(whole.reason, "indirect question" | "asks to be told");
    if whole.question || indirect {
        let mut from = 0;
        for at in compound::next_questions(plain) {
            let apart = cuts.iter().all(|cut| cut.at.abs_diff(at) > 3);
            if apart && plain.get(from..at).is_some_and(|part| whole.question || asks(part)) {
                cuts.push(Cut { at, follows: true });
                from = at;
            }
        }
        cuts.sort_by_key(|cut| cut.at);
    }
    cuts
}

/// Asks that are one only in the statistics of intent: an invitation to get in touch at will.
fn is_open_ended(plain: &str) -> bool {
    let open = [
        "feel free",
        "do not hesitate",
        "don't hesitate",
        "you are invited",
        "you're invited",
        "let's ",
        "lets ",
    ];
    let core = plain.get(clue::lead_in(plain)..).unwrap_or(plain);
    !open.iter().any(|words| core.starts_with(words)) || plain.trim_end().ends_with('?')
}

/// Folded bytes of a statement that stands before the question proper.
fn statement_before(part: &str, clue: Clue) -> usize {
    if !clue.question || clue::begins_as_question(part.get(clue::lead_in(part)..).unwrap_or(part)) {
        return 0;
    }
    let Some(found) = BEHIND.find(part) else { return 0 };
    let words = part.get(found.clone()).unwrap_or_default();
    let word = words.find(|c: char| c.is_ascii_alphabetic()).unwrap_or_default();
    let lead = found.start + word;
    // "If a month falls below 99 %, which credit applies?" is one question.
    let head = part.get(..found.start).unwrap_or_default();
    if words.starts_with(':') {
        return lead;
    }
    let condition = [
        "if ", "when ", "once ", "in case ", "wenn ", "falls ", "si ", "se ", "als ", "for ", "given ",
        "after ", "before ", "as ",
    ];
    let opener = head.get(clue::lead_in(head)..).unwrap_or(head);
    if condition.iter().any(|words| opener.starts_with(words)) {
        return 0;
    }
    let also = ["so ", "and ", "but ", "also "]
        .iter()
        .find(|word| part.get(lead..).is_some_and(|rest| rest.starts_with(**word)));
    lead + also.map_or(0, |word| word.len())
}

fn trimmed(text: &str, span: Span) -> Span {
    let part = span.of(text);
    let start = span.start
        + (part.len() - part.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).len());
    Span::new(start, span.start + part.trim_end().len())
}

fn ask_of(message: &Message, span: Span, core: Span, clue: Clue, addressee: Addressee) -> Ask {
    let text = &message.text;
    let plain = fold(core.of(text));
    let found = message.date.as_ref().map(|sent| dates_in(text, core, sent)).unwrap_or_default();
    let dated = found
        .iter()
        .any(|date| matches!(date.grain, Grain::Minute | Grain::Hour | Grain::Day | Grain::DayPart));
    let kind = match clue.reason {
        // What a complaint wants is an answer; a day it names is past.
        clue::COMPLAINS => AskKind::Question,
        _ => kind::kind(&plain, clue.question, dated),
    };
    let due = due(text, &found, kind, message.date.as_ref());
    let surroundings = match kind {
        AskKind::Question | AskKind::Decision => Surroundings::Kept,
        AskKind::Request | AskKind::Time | AskKind::Document | AskKind::Introduction => Surroundings::Dropped,
    };
    let matter = matter::matter(core.of(text), surroundings);
    Ask {
        message: message.key,
        span,
        text: folded_space(span.of(text)),
        kind,
        addressee,
        due,
        open: true,
        confidence: match clue.score {
            score if score >= 0.85 => Confidence::High,
            score if score >= 0.65 => Confidence::Medium,
            _ => Confidence::Low,
        },
        reason: clue.reason.to_owned(),
        keywords: keywords(&matter),
        matter,
    }
}

/// `text` with every run of white space as one space.
pub(crate) fn folded_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words before a date that make it a deadline, folded.
const DEADLINE: &[&str] = &[
    "by",
    "before",
    "until",
    "till",
    "due",
    "latest",
    "than",
    "bis",
    "vor",
    "zum",
    "spatestens",
    "avant",
    "d'ici",
    "pour",
    "antes",
    "para",
    "entro",
    "prima",
    "voor",
    "uiterlijk",
    "tegen",
    "ate",
    "within",
    "eod",
    "cob",
    "deadline",
];

/// Whether one of the four words before byte `at` makes what follows a deadline.
fn is_deadline(text: &str, at: usize, floor: usize) -> bool {
    let before = text.get(floor.min(at)..at).unwrap_or_default();
    let folded = fold(before);
    folded
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .rev()
        .take(4)
        .any(|word| DEADLINE.contains(&word))
}

/// By when: the date behind a deadline word; else, where something is to be done, the first day
/// named that is not past. A question about a date has none.
fn due(text: &str, found: &[DateFound], kind: AskKind, sent: Option<&Zoned>) -> Option<Date> {
    let sent = sent?.date();
    let ahead =
        |date: &&DateFound| last_day(date) >= sent && !matches!(date.grain, Grain::Year | Grain::Quarter);
    let floor = |date: &DateFound| date.span.start.saturating_sub(40);
    let boundary = |at: usize| {
        (0..=3).map(|back| at.saturating_sub(back)).find(|at| text.is_char_boundary(*at)).unwrap_or_default()
    };
    let strict = found.iter().filter(ahead).find(|date| {
        is_deadline(text, date.span.start, boundary(floor(date))) || starts_as_deadline(date, text)
    });
    if let Some(date) = strict {
        return Some(last_day(date));
    }
    let acts = match kind {
        AskKind::Request | AskKind::Document | AskKind::Introduction | AskKind::Time => true,
        AskKind::Question | AskKind::Decision => false,
    };
    let day =
        |date: &&DateFound| matches!(date.grain, Grain::Minute | Grain::Hour | Grain::Day | Grain::DayPart);
    found.iter().filter(ahead).find(day).filter(|_| acts).map(last_day)
}

fn starts_as_deadline(date: &DateFound, text: &str) -> bool {
    let folded = fold(date.span.of(text));
    ["eod", "cob", "eow", "eom", "eoy", "end of"].iter().any(|word| folded.starts_with(word))
}

/// The last day of a stretch: "by the end of the month" is due on its last day.
pub(crate) fn last_day(date: &DateFound) -> Date {
    let end =
        date.end.as_ref().filter(|_| !matches!(date.grain, Grain::Minute | Grain::Hour | Grain::DayPart));
    match (end, date.grain) {
        (Some(end), _) => end.date().yesterday().unwrap_or_else(|_| end.date()),
        (None, Grain::Week) => date.start.date().saturating_add(jiff::ToSpan::days(4)),
        (None, Grain::Month) => date.start.date().last_of_month(),
        (None, Grain::Minute | Grain::Hour | Grain::DayPart | Grain::Day | Grain::Quarter | Grain::Year) => {
            date.start.date()
        }
    }
}

/// "I need this by Tuesday": the day for every ask of the message that names none itself.
fn general_deadline(text: &str, sentence: Span, sent: Option<&Zoned>, asks: bool) -> Option<Date> {
    static NEEDS: Pattern = Pattern::new(
        r"\b(?:need|needs|answers?|reply|response|deadline|back to (?:me|us)|hear from you|tell (?:me|us)|let (?:me|us) know|sag(?:e|t|en)? (?:mir|uns|sie)|finish|submit|brauche|brauchen|antwort[a-z0-9_]*|ruckmeldung|besoin|reponse|necesit[a-z0-9_]+|respuesta|mi serve|ci serve|risposta|nodig|antwoord|preciso|resposta|board|due)\b",
    );
    let plain = fold(sentence.of(text));
    if plain.len() > 300 || !NEEDS.is_match(&plain) || (asks && !plain.contains("need")) {
        return None;
    }
    let sent = sent?;
    let found = dates_in(text, sentence, sent);
    let date = found
        .iter()
        .find(|date| last_day(date) >= sent.date() && is_deadline(text, date.span.start, sentence.start))?;
    Some(last_day(date))
}

#[cfg(test)]
mod tests;
