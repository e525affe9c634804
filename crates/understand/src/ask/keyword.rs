//! Which words of an ask are worth searching for, most telling first.
//!
//! Knows word lists and positions, no grammar: an unknown word carries content.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::plain::fold;

/// The most keywords of one ask.
const MOST: usize = 12;
/// A part of a compound question with fewer words of its own takes over those of the first part.
const FEW: usize = 3;

/// How telling a keyword is; the order of the variants is the order of the keywords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// A name, and a number right behind it ("SOC 2").
    Name,
    /// Any other content word, and numbers that are no dates.
    Content,
    /// A common verb, an adjective of degree, a word of time.
    Weak,
    /// One of several given to choose from: "12 or 24 months".
    Choice,
}

/// Content words of a matter, at most twelve: names first, then the other content words, then common
/// verbs and words of time, last the alternatives it gives; each as written, in text order, once.
#[must_use]
pub fn keywords(matter: &str) -> Vec<String> {
    let words: Vec<&str> = matter.split(is_gap).flat_map(parts).filter(|word| !word.is_empty()).collect();
    let mut found: Vec<(Weight, String)> = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let folded = fold(word);
        let back = |by: usize| place.checked_sub(by).and_then(|at| words.get(at)).copied();
        let Some(mut weight) = weight(word, &folded, back(1), words.get(place + 1).copied()) else {
            continue;
        };
        // "12 or 24": the numbers on both sides are choices.
        if let (Some(first), Some(joint)) = (back(2), back(1))
            && is_number(word)
            && is_number(first)
            && is_or(joint)
        {
            weight = Weight::Choice;
            found
                .iter_mut()
                .filter(|(_, known)| known == first)
                .for_each(|(known, _)| *known = Weight::Choice);
        }
        if !found.iter().any(|(_, known)| fold(known) == folded) {
            found.push((weight, (*word).to_owned()));
        }
    }
    found.sort_by_key(|(weight, _)| *weight);
    found.truncate(MOST);
    found.into_iter().map(|(_, word)| word).collect()
}

/// The keywords of a later part of a compound question: its own, then, where they are few, those of
/// the part before it.
pub(super) fn inherited(own: Vec<String>, first: &[String]) -> Vec<String> {
    if own.len() >= FEW {
        return own;
    }
    let mut all = own;
    for word in first {
        // The first part's own verbs and days are not what the second is about.
        if !LOW.contains(fold(word).as_str()) && !all.iter().any(|known| fold(known) == fold(word)) {
            all.push(word.clone());
        }
    }
    all.truncate(MOST);
    all
}

fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '"' | '(' | ')' | '[' | ']' | '“' | '”' | '„' | '«' | '»' | ';' | '–' | '—')
}

/// The words of a run without white space, without signs around them, the genitive, and the elided
/// article of French and Italian: "d'affaire", "l'offre". "AS/400" and "TCP/IP" stay whole.
fn parts(run: &str) -> impl Iterator<Item = &str> {
    let name = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '.')
    };
    let whole = run.trim_matches(|c: char| !c.is_alphanumeric());
    let cut: &[char] = if whole.split('/').all(name) { &[] } else { &['/'] };
    whole.split(cut).map(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let word = ["'s", "’s"].into_iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
        let elided = ["d", "l", "m", "n", "s", "c", "j", "t", "qu", "un", "dell", "all", "nell"];
        match word.split_once(['\'', '’']) {
            Some((article, rest)) if rest.chars().count() > 2 && elided.contains(&fold(article).as_str()) => {
                rest
            }
            Some(_) | None => word,
        }
    })
}

fn weight(word: &str, folded: &str, before: Option<&str>, after: Option<&str>) -> Option<Weight> {
    let first = word.chars().next()?;
    let capital = first.is_uppercase() && before.is_some();
    let shouted = word.chars().filter(|c| c.is_uppercase()).count() > 1;
    let number = first.is_ascii_digit();
    let letters = word.chars().count();
    // "Red Hat 9": a capital inside a sentence makes a name of a small word.
    let polite = matches!(folded, "sie" | "ihr" | "ihre" | "ihnen" | "ihrem" | "ihren" | "ihrer" | "ihres");
    if (is_stop_word(folded) && !(shouted || (capital && letters > 2 && !polite)))
        || is_asking_verb(folded)
        || (letters == 1 && !number)
    {
        return None;
    }
    if LOW.contains(folded) || is_clock(folded) {
        return Some(Weight::Weak);
    }
    let behind_name = before.is_some_and(|word| {
        word.chars().filter(|c| c.is_uppercase()).count() > 1
            || (word.chars().next().is_some_and(char::is_uppercase)
                && !LOW.contains(fold(word).as_str())
                && !is_stop_word(&fold(word)))
    });
    let dated = [before, after].into_iter().flatten().any(|word| is_month(&fold(word)));
    Some(match (number, capital || shouted) {
        (true, _) if dated => Weight::Weak,
        (true, _) if behind_name => Weight::Name,
        (false, true) => Weight::Name,
        (true | false, _) => Weight::Content,
    })
}

/// "10:30", "10am", "15h30", "PT".
fn is_clock(folded: &str) -> bool {
    let digits = folded.trim_start_matches(|c: char| c.is_ascii_digit());
    (digits.len() < folded.len() && (digits.starts_with(':') || matches!(digits, "am" | "pm" | "h")))
        || matches!(
            folded,
            "pt" | "et"
                | "ct"
                | "mt"
                | "gmt"
                | "utc"
                | "cet"
                | "cest"
                | "bst"
                | "est"
                | "pst"
                | "edt"
                | "pdt"
        )
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
}

fn is_or(word: &str) -> bool {
    matches!(fold(word).as_str(), "or" | "oder" | "ou" | "of" | "o")
}

/// The months in seven languages, by the three letters that tell them.
fn is_month(folded: &str) -> bool {
    LOW.contains(folded)
        && [
            "jan", "feb", "mar", "apr", "abr", "avr", "mai", "may", "mag", "jun", "giu", "jul", "jui", "lug",
            "aug", "ago", "aou", "sep", "set", "okt", "oct", "ott", "out", "nov", "dez", "dec", "dic", "gen",
            "ene",
        ]
        .iter()
        .any(|start| folded.starts_with(start))
}

static LOW: LazyLock<HashSet<&str>> = LazyLock::new(|| LOW_WORDS.split_whitespace().collect());
static STOP: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP_WORDS.split_whitespace().collect());

/// Whether a folded word carries no content.
pub(crate) fn is_stop_word(word: &str) -> bool {
    STOP.contains(word)
}

/// Whether a folded word is a verb of asking and not of the thing asked.
pub(super) fn is_asking_verb(word: &str) -> bool {
    ASKING.split_whitespace().any(|known| known == word)
}

/// Verbs of asking.
const ASKING: &str = "send sends sent share forward confirm tell let know check give provide please wondering asks ask \
    asked remind clarify explain say agree agreed need needs want like thanks thank get got look \
    schicken senden sagen bestatigen envoyer confirmer dire enviar enviarme mandar confirmar decir \
    passiert passieren geschieht passe pasa succede gebeurt acontece decirme inviare inviarmi confermare dirmi sturen bevestigen laten weten dizer m'envoyer find \
    possible able make sure happen happens means mean put take";

/// Words that tell little: common verbs, words of time, adjectives of degree.
const LOW_WORDS: &str = "above abril afternoon agosto amanha annee annees anni anno ano anos aout applied applies apply apr \
    april aprile arrive arrives aug august augustus avril ayer become becomes begin begins below bleiben \
    bleibt bring bringing brings brought call called carries carry choose chosen comes coming \
    cover covers current dag dagen day days dec december decembre demain dezember dezembro dia dias \
    dicembre diciembre dienstag dimanche dinsdag domani domenica domingo donderdag donnerstag dure enero \
    evening exist exists fall falls fast feb febbraio febrero februar februari february fevereiro \
    fevrier fill fills findet finds follow follows found frage fragen freitag fri friday funciona gave \
    geht gelten gennaio gets getting gilt giorni giorno giovedi giugno given gives grow handle happened \
    help heure heures heute hoje holds hora horas hour hours hoy ieri involve jaar jahr jahre \
    jahren jan janeiro januar januari january janvier jaren jeudi jour jours jueves juillet juin jul \
    julho juli julio july jun june junho juni junio keep keeping keeps kept kommt last lasts laufen \
    lauft leave leaves left lets listen listens looks luglio lundi lunedi lunes maand maandag maanden \
    maart machen macht maggio mai maio manana mar march marche marco mardi mars martedi martes marz \
    marzo meet mei mercoledi mercredi mese meses mesi miercoles minute minuten minutes mittwoch mois \
    monat monate monaten monday montag month months morgen morning move moved moves nehmen new next note \
    noted nov november novembre noviembre oct october octobre octubre oggi oktober old \
    ontem open opens ore ottobre outubro pay pays previous quarta quarter quinta read \
    reads receive received remember require required run running runs sabado sabato said samedi samstag \
    saturday says see seen segunda semaine semaines semana semanas sep sept september septembre \
    septiembre set setembro sets settembre settimana settimane settle settled sexta show shows side \
    sonntag stand stands start starts stay stays stehen steht stop stops stunden suit suits sunday \
    support tag tage tagen temps terca thing things think thu thursday tiempo time times today \
    tomorrow tonight took towards trouve try tue tuesday turn turns ubermorgen uhr uren use used uses \
    using uur vandaag vendredi venerdi vient viernes vrijdag wait wants way ways wed wednesday week \
    weekend weeks weken went woche wochen woensdag work working works write year years yesterday \
    zaterdag zondag";

/// Function words of the seven languages, folded.
const STOP_WORDS: &str = "always because a aan ab abbiamo able about actually actualmente actuellement ademas after again ahi ainda aktuell \
    al algo algun alguna all alla alle alleen alles allo alors already als also altijd alvast am an \
    anche ancora and antes any anybody anyone anything anyway ao apres aqui are as asi at ate au auch \
    auf aun aunque aus aussi aux avant avec avete avez avoir be been before bei being bereits bien bij \
    bin bis bist bitte both btw but by cada can ce cela ces cet cette che chez chi ci com combien come \
    comment como con cosa could cual cuales cuando cuanta cuantas cuanto cuantos cui currently d da daar \
    dal dalla dan dann dans darf das dass dat de dei deine deja del dela dele deles della delle dello \
    dem den denn depois depuis der des desde deste deze di did die dies diese dir disso dit do doch doen \
    does doing don't donc donde done dopo du durante durch durfen dus e each eben een eigentlich ein \
    eine einen einer einmal either el ela elas ele eles ella ellas elle elles ellos else em en encore \
    entonces entre er eres es esa esas ese eso esos essa esse essere est est-ce est-elle est-il esta \
    estan estao estar estas este esto estos estou estoy et etait etes etre euch eure eventually every \
    exact exactement exactly faire fait faut few finally foi for foram fra from fue fur geen gegen genau \
    gerade gern gerne geweest gia gibt gli go goes going graag ha habe haben had hai han hanno has hast \
    hasta hat hatte have having he heb hebben heeft hem hemos her here het hier hij him his ho hoe \
    hoeveel how however hun i i'd i'll i'm i've ich ieder iets if ihn ihnen ihr ihre ihrem ihren ik il \
    ils im immer in instead into is isso ist isto it it's its ja je jede jeder jedes jetzt jou jouw \
    jullie jusqu'a jusque just kan kann kannst kein keine keinen kon konnen konnte konnten kun kunnen \
    kunt kurz kurze la lange las later le lei lequel les leur leurs li lo long loro lors los ma maar \
    mais mal manchmal many mas may maybe me meer mehr meme meno mes mesmo met meu mi mia mich mientras \
    might mij mijn minha mio mir mis mismo mit moet moins molto mon more most much muito muss mussen \
    must muy my na naar nach nada nao ne neither nel nella nem ni nicht niet no noch nochmal nog noi non \
    nos nosotros nossa nosso nostro not notre nous now nu nuestra nuestro num numa nun nur o ob oder of \
    off oft often ogni om omdat on once onde onder one only ons ont onze ook op or os other otra otro \
    otros ou our out outra outro over own par para parce pas pela pelo per perche perhaps pero peu peut \
    piu please plus plusieurs poco pode poderia podria podrias poi por porque pouco pour pourquoi \
    pourriez pouvez pouvoir prima puede pueden puedes pues puo quais qual quale quali quand quando \
    quanta quantas quanti quanto quantos que quel quella quelle quelles quello quelque quels quem questa \
    questo qui quien quienes quite quoi rather really reeds s sa same sao sara schon se sehr sei sein \
    seine seinen seit sem senza sera seront ses seu seus shall she should si sich sie simply sind sinds \
    sino so sobre sois soll sollen solo some somebody somehow someone something sommes sono sonst sont \
    soon sopra sotto sous souvent soy stata stato statt still su sua suas such suis sul sulla suo sur \
    sus t ta tal tambem tambien tan tanto te tegen tem temos tengo ter tes than that that's the their \
    them then there there's therefore these they this those though thus tiene tienen tienes to toch toda \
    todas todo todos toen together too tous tout toute toutes tra tres trotzdem tu tudo tus tussen tutti \
    tutto u uber uit um uma un una und une uns unser unsere unter until up upon us usted ustedes usually \
    uw van veel vers very vi viel viele vielen vielleicht voce voces voi voici voila vom von voor vor \
    vos vostra vostro votre vous waar waarom wann wanneer want war ware waren warum was wat we we'd \
    we'll we're we've weil welche welchem welchen welcher welches welk welke well wenn werd werden were \
    what what's when where whether which while who whom whose why wie wieder wieviel wil will wir wird \
    with within wo wollen worden wordt would wurde wurden y ya yes yesterday's yet yo you you'd you'll \
    you're your yours z zal ze zelf zich zij zijn zo zonder zou zouden zu zum zur zwar";

#[cfg(test)]
mod tests {
    use super::{inherited, keywords};

    fn check(matter: &str, expect: &[&str]) {
        assert_eq!(keywords(matter), expect, "{matter}");
    }

    #[test]
    fn keywords_are_what_to_search_for() {
        check(
            "send the updated pricing sheet for Northwind by Friday",
            &["Northwind", "updated", "pricing", "sheet", "Friday"],
        );
        check(
            "which service credit applies to us if a month is below 99.9 %",
            &["service", "credit", "99.9", "applies", "month", "below"],
        );
        check("did we agree on 12 or 24 months for the audit logs", &["audit", "logs", "months", "12", "24"]);
        check("can old Splunk data be brought over", &["Splunk", "data", "old", "brought"]);
        check("where do I find the failed log-ins again", &["failed", "log-ins"]);
        check(
            "is there a reader for AS/400 journals and/or tapes",
            &["AS/400", "reader", "journals", "tapes"],
        );
        check("send me the SOC 2 report", &["SOC", "2", "report"]);
        check("who gives the training on 2 December", &["training", "gives", "2", "December"]);
    }

    #[test]
    fn keywords_of_other_languages() {
        check("wie lange werden die Backups aufgehoben", &["Backups", "aufgehoben"]);
        check("ob der Kollektor auf Red Hat 9 läuft", &["Kollektor", "Red", "Hat", "9", "läuft"]);
        check(
            "combien de temps un enregistrement d'affaire est-il valable",
            &["enregistrement", "affaire", "valable", "temps"],
        );
        check("cuándo llega la interfaz española", &["llega", "interfaz", "española"]);
    }

    #[test]
    fn a_part_with_few_words_takes_those_of_the_first() {
        let first = keywords("has Tessel confirmed the liability cap");
        assert_eq!(
            inherited(keywords("what was it exactly"), &first),
            ["Tessel", "confirmed", "liability", "cap"]
        );
        let own = keywords("what storage price per gigabyte applies");
        assert_eq!(inherited(own.clone(), &first), own);
    }
}
