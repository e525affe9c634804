//! Where another message begins inside a text: attribution lines, "Original Message" lines, copied
//! header blocks. Decides which lines belong to an earlier message.

use std::ops::Range;
use std::sync::LazyLock;

use super::words::Words;
use super::{Holder, Line};
use crate::message::ZoneKind;

/// The most lines an attribution is wrapped over.
const ATTRIBUTION_LINES: usize = 4;
/// The longest attribution, in bytes.
const ATTRIBUTION: usize = 400;

/// Marks attributions, markers and header blocks, says which lines stand in an earlier message, and
/// returns the messages' ranges of lines, in order.
pub(super) fn mark(lines: &mut [Line<'_>]) -> Vec<Range<usize>> {
    let mut segments = Vec::new();
    let mut begin = 0;
    let mut holder = Holder::Message;
    let mut at = 0;
    while at < lines.len() {
        let found = if lines.get(at).is_some_and(Line::is_open) { marker_at(lines, at) } else { None };
        let Some(found) = found else {
            if let Some(line) = lines.get_mut(at) {
                line.holder = holder;
            }
            at += 1;
            continue;
        };
        let quote_follows = next_filled(lines, at + found.len)
            .and_then(|next| lines.get(next))
            .is_some_and(|line| line.kind == Some(ZoneKind::Quotation));
        if found.needs_quote && !quote_follows {
            if let Some(line) = lines.get_mut(at) {
                line.holder = holder;
            }
            at += 1;
            continue;
        }
        let top = begin_of_marker(lines, at, begin, &found);
        segments.push(begin..top);
        for line in lines.iter_mut().take(at + found.len).skip(top).filter(|line| line.is_open()) {
            line.kind = Some(found.kind);
        }
        for line in lines.iter_mut().take(at + found.len).skip(top) {
            line.holder = holder;
        }
        at += found.len;
        begin = at;
        if !quote_follows {
            holder = Holder::Earlier;
        }
    }
    segments.push(begin..lines.len());
    segments
}

/// A marker that was found.
struct Found {
    len: usize,
    kind: ZoneKind,
    /// It is one only if quoted lines follow.
    needs_quote: bool,
}

fn next_filled(lines: &[Line<'_>], from: usize) -> Option<usize> {
    (from..lines.len()).find(|at| lines.get(*at).is_some_and(|line| !line.is_blank()))
}

/// Lotus Notes writes a name and a date above the copied headers.
fn begin_of_marker(lines: &mut [Line<'_>], at: usize, begin: usize, found: &Found) -> usize {
    if found.kind != ZoneKind::InlineHeaders {
        return at;
    }
    let filled =
        |from: usize| (begin..from).rev().find(|i| lines.get(*i).is_some_and(|line| !line.is_blank()));
    let Some(date) = filled(at).filter(|date| at - date <= 3) else { return at };
    let Some(line) = lines.get(date) else { return at };
    let aside = |text: &str| text.starts_with("Please respond to") || text.starts_with("Sent by:");
    let date = if aside(line.trimmed) { filled(date).unwrap_or(date) } else { date };
    let Some(line) = lines.get(date) else { return at };
    if !line.is_open() || line.trimmed.len() > 120 {
        return at;
    }
    let mut top = date;
    if !ends_with_us_time(line.trimmed) {
        // "… on 03/31/2001" and below it "07:45:24 PM".
        let Some(above) = date.checked_sub(1).filter(|above| *above >= begin).and_then(|i| lines.get(i))
        else {
            return at;
        };
        if !above.is_open() || !ends_with_us_time(&format!("{} {}", above.trimmed, line.trimmed)) {
            return at;
        }
        top = date - 1;
    }
    let date = top;
    let line = lines.get(date).unwrap_or(line);
    let bare = line.trimmed.starts_with(|c: char| c.is_ascii_digit());
    if bare {
        let name = filled(date).filter(|name| date - name <= 2);
        let sent_by = |name: &usize| lines.get(*name).is_some_and(|line| aside(line.trimmed));
        let name = name.and_then(|name| if sent_by(&name) { filled(name) } else { Some(name) });
        if let Some(name) = name {
            let short = lines.get(name).is_some_and(|l| {
                l.is_open() && l.trimmed.len() <= 70 && !l.trimmed.ends_with(['.', '?', ','])
            });
            if short {
                top = name;
            }
        }
    }
    for line in lines.iter_mut().take(at).skip(top).filter(|line| line.is_open()) {
        let copied = field(line.trimmed).is_some();
        line.kind = Some(if copied { ZoneKind::InlineHeaders } else { ZoneKind::QuotationMarker });
    }
    top
}

/// `… 04/05/2001 03:59:06 PM`, or `05/04/2001 15:59` alone on its line.
fn ends_with_us_time(line: &str) -> bool {
    let bare = line.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'/' | b':' | b' '));
    let half = line.strip_suffix("AM").or_else(|| line.strip_suffix("PM"));
    let Some(rest) = half.or(bare.then_some(line)) else { return false };
    let mut words = rest.trim_end().rsplit(' ');
    let is = |word: Option<&str>, mark: char| {
        word.is_some_and(|w| w.contains(mark) && w.bytes().all(|b| b.is_ascii_digit() || b == mark as u8))
    };
    is(words.next(), ':') && words.any(|word| is(Some(word), '/'))
}

fn marker_at(lines: &[Line<'_>], at: usize) -> Option<Found> {
    let line = lines.get(at)?;
    let trimmed = line.trimmed;
    if let Some(len) = original_message(lines, at) {
        return Some(Found { len, kind: ZoneKind::QuotationMarker, needs_quote: false });
    }
    if trimmed.contains([':', '：'])
        && let Some(len) = header_block(lines, at)
    {
        return Some(Found { len, kind: ZoneKind::InlineHeaders, needs_quote: false });
    }
    // Lotus Notes: "From:  Maya Okafor            08/01/2000 08:22 AM", and nothing more.
    if field(trimmed) == Some(Field::From) && ends_with_us_time(trimmed) {
        return Some(Found { len: 1, kind: ZoneKind::InlineHeaders, needs_quote: false });
    }
    attribution(lines, at)
}

static ORIGINAL: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "original message|reply message|forwarded message|original appointment|forwarded mail|\
         begin forwarded message|start forwarded message|original email|forwarded email|\
         ursprüngliche nachricht|originalnachricht|original-nachricht|weitergeleitete nachricht|\
         anfang der weitergeleiteten nachricht|ursprüngliche mail|originalmail|originaltermin|\
         message d'origine|message original|message transféré|début du message réexpédié|\
         début du message transféré|e-mail d'origine|message initial|message transmis|mensaje original|\
         mensaje reenviado|inicio del mensaje reenviado|mensagem original|mensagem encaminhada|\
         mensagem reencaminhada|início da mensagem reencaminhada|messaggio originale|messaggio inoltrato|\
         inizio messaggio inoltrato|oorspronkelijk bericht|origineel bericht|doorgestuurd bericht|\
         begin doorgestuurd bericht|ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande|\
         oprindelig meddelelse|original meddelelse|videresendt meddelelse|start på videresendt besked|\
         opprinnelig melding|original melding|videresendt melding|alkuperäinen viesti|välitetty viesti|\
         wiadomość oryginalna|oryginalna wiadomość|wiadomość przekazana|przekazana wiadomość|\
         treść przekazanej wiadomości|původní zpráva|přeposlaná zpráva|pôvodná správa|preposlaná správa|\
         исходное сообщение|пересланное сообщение|пересылаемое сообщение|оригінальне повідомлення|\
         перенаправлене повідомлення|начало переадресованного сообщения|eredeti üzenet|továbbított üzenet|\
         mesaj original|mesajul original|mesaj redirecționat|orijinal mesaj|özgün ileti|iletilen mesaj|\
         izvorna poruka|proslijeđena poruka|αρχικό μήνυμα|προωθημένο μήνυμα|원본 메시지|전달된 메시지|원본 메일|原始邮件|原邮件|\
         转发的邮件|转发邮件信息|邮件原件|原始郵件|轉寄的郵件|轉寄郵件|元のメッセージ|オリジナルメッセージ|転送メッセージ|הודעה מקורית|הודעה שהועברה|\
         الرسالة الأصلية|رسالة معاد توجيهها|thư gốc|pesan asli",
    )
});

/// `-----Original Message-----` in its languages, and Lotus Notes' `--- Forwarded by … ---`, which
/// may take two lines. Returns how many lines it takes.
fn original_message(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let trimmed = lines.get(at)?.trimmed;
    let dashes = |c: char| {
        matches!(c, '-' | '_' | '=' | '*' | '—' | '–' | ' ' | '#' | '~' | '<' | '>' | '|' | '\u{a0}')
    };
    let inner = trimmed.trim_matches(dashes);
    let framed = trimmed.starts_with("--")
        || trimmed.starts_with("__")
        || trimmed.starts_with('—')
        || trimmed.starts_with("==")
        || trimmed.starts_with("*-")
        || trimmed.starts_with("**");
    if inner.is_empty() || inner.len() > 120 || !(framed || trimmed.ends_with(':')) {
        return None;
    }
    let name = inner.trim_end_matches([':', '：']).trim().to_lowercase().replace('’', "'");
    if ORIGINAL.has(&name) {
        return (framed || name.contains("forwarded") || name.len() > 14).then_some(1);
    }
    let continues = framed
        && (name.starts_with("forwarded by ")
            || name.starts_with("forwarded message from ")
            || name.starts_with("original message from ")
            || name.starts_with("weitergeleitet von ")
            || name.starts_with("transféré par ")
            || name.starts_with("reenviado por "));
    if !continues {
        return None;
    }
    if trimmed.ends_with("--") {
        return Some(1);
    }
    let next_closes = lines.get(at + 1).is_some_and(|next| next.trimmed.ends_with("--"));
    Some(if next_closes { 2 } else { 1 })
}

/// What a copied header line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    From,
    Date,
    To,
    Subject,
    Other,
}

static FROM: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "from|von|de|da|van|från|fra|lähettäjä|od|от|від|feladó|kimden|gönderen|发件人|寄件者|寄件人|差出人|送信者|보낸 사람|\
         보낸사람|expéditeur|remitente|mittente|από|de la|odesílatel|odosielateľ|מאת|من|dari|från/from|avsändare",
    )
});
static DATE: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "sent|date|gesendet|datum|envoyé|date d'envoi|enviado|enviada|enviado el|enviada em|fecha|data|\
         inviato|verzonden|skickat|sendt|dato|lähetetty|päivämäärä|päiväys|wysłano|odesláno|odoslané|dátum|\
         отправлено|дата|надіслано|küldve|elküldve|tarih|gönderildi|发送时间|日期|发送日期|寄件日期|傳送時間|送信日時|日時|日付|보낸 날짜|\
         날짜|sent on|am|ημερομηνία|trimis|נשלח|תאריך|تاريخ|tanggal|gesendet am",
    )
});
static TO: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "to|an|à|a|para|aan|till|til|vastaanottaja|do|komu|кому|címzett|kime|收件人|收件者|宛先|받는 사람|받는사람|\
         destinataire|destinatario|pro|προς|către|אל|إلى|kepada",
    )
});
static SUBJECT: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|ämne|emne|aihe|temat|předmět|predmet|\
         тема|tárgy|konu|主题|主題|主旨|件名|제목|θέμα|subiect|נושא|الموضوع|perihal",
    )
});
static OTHER: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "cc|bcc|kopie|kopia|copie à|copie|kopi|kopio|dw|copia|kopie an|копия|másolatot kap|másolat|bilgi|抄送|\
         副本|참조|reply-to|reply to|antwort an|répondre à|responder a|importance|priority|attachments|\
         attachment|organization|newsgroups|message-id|in-reply-to|references|sender|wichtigkeit|anlagen|\
         pièces jointes|category|categories|sensitivity|mailed-by|resent-from|x-mailer|user-agent|\
         mime-version|content-type|content-transfer-encoding|received|return-path|when|where|fax|list-id",
    )
});

/// A header that no mail program shows and nobody types: where one stands, a whole head was copied.
fn is_transport(line: &str) -> bool {
    [
        "Received: ",
        "Return-Path: ",
        "Message-ID: ",
        "Message-Id: ",
        "MIME-Version: ",
        "Delivered-To: ",
        "X-Sender: ",
    ]
    .iter()
    .any(|header| line.starts_with(header))
}

fn field(line: &str) -> Option<Field> {
    let line = line.trim_start_matches([' ', '\t', '*', '|', '•', '\u{a0}']);
    let colon = line.char_indices().take(28).find(|(_, c)| matches!(c, ':' | '：')).map(|(at, _)| at)?;
    let label = line.get(..colon)?.trim_matches(['*', ' ', '\t', '\u{a0}']);
    if label.is_empty() || line.get(colon..).is_some_and(|rest| rest.starts_with("://")) {
        return None;
    }
    let lower = label.to_lowercase();
    if FROM.has(&lower) {
        Some(Field::From)
    } else if DATE.has(&lower) {
        Some(Field::Date)
    } else if TO.has(&lower) {
        Some(Field::To)
    } else if SUBJECT.has(&lower) {
        Some(Field::Subject)
    } else if OTHER.has(&lower) || lower.starts_with("x-") {
        Some(Field::Other)
    } else {
        None
    }
}

/// A copied header block: at least two different fields, one of them saying who. Returns how many
/// lines it takes, with the wrapped lines inside it.
fn header_block(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let first = field(lines.get(at)?.trimmed)?;
    if first == Field::Other && !is_transport(lines.get(at)?.trimmed) {
        return None;
    }
    let mut seen = vec![first];
    let mut end = at + 1;
    let mut look = at + 1;
    let mut wrapped = 0;
    while let Some(line) = lines.get(look) {
        if line.is_blank() {
            // Some programs put an empty line between two header lines; two end the block.
            let next = lines.get(look + 1);
            let goes_on = seen.len() < 4
                && next.is_some_and(|n| n.is_open() && field(n.trimmed).is_some_and(|f| f != Field::Other));
            if !goes_on {
                break;
            }
            look += 1;
            continue;
        }
        if !line.is_open() {
            break;
        }
        match field(line.trimmed) {
            Some(found) => {
                if !seen.contains(&found) {
                    seen.push(found);
                }
                look += 1;
                end = look;
                wrapped = 0;
            }
            None => {
                wrapped += 1;
                if wrapped > 25 {
                    break;
                }
                look += 1;
            }
        }
    }
    let who = seen.contains(&Field::From) || seen.contains(&Field::To);
    let enough = seen.iter().filter(|f| **f != Field::Other).count() >= 2;
    if !who || !enough {
        return None;
    }
    // The rest of a wrapped subject or address list: one or two lines before the blank line.
    let tail =
        (end..lines.len()).take(3).find(|i| lines.get(*i).is_none_or(Line::is_blank)).unwrap_or(lines.len());
    if tail > end
        && tail - end <= 2
        && tail < lines.len()
        && lines.get(end - 1).is_some_and(|l| l.raw.len() > 60)
    {
        end = tail;
    }
    Some(end - at)
}

/// Words for "wrote" at or near the end of an attribution, lower case.
static WROTE: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "wrote|writes|sent|said|schrieb|schrieben|a écrit|a ecrit|écrivait|ecrivait|escribió|escribio|\
         escribiste|escreveu|ha scritto|scrisse|scriveva|schreef|heeft geschreven|het volgende geschreven|\
         skrev|skreiv|kirjoitti|napisał|napisała|napisał(a)|napisal(a)|napisal|pisze|napsal|napsala|\
         napsal(a)|napísal|napísal(a)|написал|написала|написал(а)|пишет|писал|пише|написав|írta|ezt írta|\
         yazdı|şunları yazdı|a scris|je napisao|je napisao/la|je napisala|napisao je|je napisal|rašė|έγραψε|\
         написа|đã viết|menulis|写道|写道 |寫道|写到|写|书いた|書きました|のメッセージ|님이 작성|작성|כתב|כתבה|كتب|commented|replied|\
         kirjutas|rakstīja|shkroi|va escriure|idatzi zuen|skrifaði",
    )
});

/// First words of an attribution that gives a date first, or of one that needs no verb.
static OPENERS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "on |am |le |el |em |il |il giorno |op |den |dne |dnia |w dniu |at |in article|quoting |citat|\
         zitat von|citando|在|於|pada |vào |în data |пт|pe |a ",
    )
});

fn attribution(lines: &[Line<'_>], at: usize) -> Option<Found> {
    let first = lines.get(at)?;
    if first.trimmed.len() > ATTRIBUTION || !may_begin_attribution(first.trimmed) {
        return None;
    }
    let mut whole = String::new();
    for len in 1..=ATTRIBUTION_LINES {
        let line = lines.get(at + len - 1)?;
        // "John\n> <john@x.example> wrote": wrapped after quoting; leave that to the quote marks.
        if !line.is_open() {
            return None;
        }
        // A copied header line is no part of it.
        if len > 1 && field(line.trimmed).is_some() {
            return None;
        }
        if !whole.is_empty() {
            whole.push(' ');
        }
        whole.push_str(line.trimmed);
        if whole.len() > ATTRIBUTION {
            return None;
        }
        if let Some(needs_quote) = is_attribution(&whole, lines.get(at + len).is_none_or(Line::is_blank)) {
            // "See you.\nOn Monday Ana wrote:": the first line is no part of it.
            let sentence =
                len > 1 && first.trimmed.ends_with(['.', '!', '?', ':']) && first.trimmed.len() < 60;
            let begins_below = (1..len).any(|below| begins_attribution(lines, at, below, len));
            if sentence || begins_below {
                return None;
            }
            return Some(Found { len, kind: ZoneKind::QuotationMarker, needs_quote });
        }
    }
    None
}

/// Whether the attribution that ends `len` lines below `at` begins only `below` lines below it: there
/// stands a date with its opening word, or a name and all that an attribution needs.
fn begins_attribution(lines: &[Line<'_>], at: usize, below: usize, len: usize) -> bool {
    let framing = |c: char| matches!(c, '-' | '*' | '_' | ' ' | '[');
    let text = |i: usize| lines.get(at + i).map_or("", |line| line.trimmed.trim_start_matches(framing));
    if starts_with_day(&text(below).to_lowercase()) {
        return true;
    }
    let first = text(0).to_lowercase();
    if starts_with_digit(&first) || starts_with_day(&first) {
        return false;
    }
    let rest = (below..len).map(text).collect::<Vec<_>>().join(" ");
    rest.starts_with(|c: char| c.is_alphabetic() || c == '"')
        && is_attribution(&rest, lines.get(at + len).is_none_or(Line::is_blank)).is_some()
}

/// A cheap first look: an attribution begins with a name, a date, or one of its opening words.
fn may_begin_attribution(line: &str) -> bool {
    let first = line.chars().next().unwrap_or(' ');
    !matches!(first, '(' | '#' | '+' | '/' | '\\' | '{' | '}' | ';' | '.' | ',' | ')')
}

/// Whether `whole` is an attribution; if so whether quoted lines must follow for it to count.
fn is_attribution(whole: &str, blank_follows: bool) -> Option<bool> {
    let line = whole.trim_matches(['-', '*', '_', ' ', '[', ']', '\u{a0}']);
    let ended = line.trim_end_matches([':', '：', ' ', '>', '*', '-', '\u{a0}']);
    let colon =
        ended.len() < line.len() && line.get(ended.len()..).is_some_and(|tail| tail.contains([':', '：']));
    let framed = whole.starts_with("--") && whole.ends_with("--");
    let has_address =
        ended.contains('@') || ended.contains("(at)") || ended.contains(" at ") && ended.contains('<');
    let digits = ended.bytes().filter(u8::is_ascii_digit).count();
    if !colon && !framed && !blank_follows {
        return None;
    }
    if !colon && !framed && !has_address && digits < 4 {
        return None;
    }
    let lower = ended.to_lowercase();
    let opener = OPENERS.begin(&lower);
    let dated = digits >= 3 && has_clock_or_date(&lower);
    let verb_last =
        WROTE.places(&lower).any(|(verb, at)| at + verb.len() == lower.len() && is_word(&lower, verb, at));
    if verb_last && (colon || framed) {
        let strong = (dated && (opener || has_address || starts_with_digit(&lower) || framed))
            || (has_address && lower.len() < 160)
            || framed;
        return Some(!strong);
    }
    if verb_last && dated && opener {
        return Some(!has_address);
    }
    let verb_inside =
        (colon || blank_follows) && WROTE.places(&lower).any(|(verb, at)| is_word(&lower, verb, at));
    if verb_inside && colon && dated && (has_address || opener) && lower.len() < 220 {
        return Some(!(has_address || starts_with_day(&lower)));
    }
    if colon && starts_with_digit(&lower) && dated && has_address {
        return Some(false);
    }
    if !colon && starts_with_digit(&lower) && dated && lower.contains(" gmt") && lower.len() < 100 {
        return Some(false);
    }
    if colon
        && lower.len() < 160
        && (has_address
            || (dated && opener)
            || lower.starts_with("quoting ")
            || lower.starts_with("zitat von "))
    {
        return Some(true);
    }
    None
}

fn starts_with_digit(lower: &str) -> bool {
    lower.starts_with(|c: char| c.is_ascii_digit())
}

/// "am fr., 28. apr": an opening word that is followed by a date soon.
fn starts_with_day(lower: &str) -> bool {
    OPENERS.behind(lower).any(|(_, rest)| rest.bytes().take(24).any(|b| b.is_ascii_digit()))
}

/// A time of day, or a date with its marks.
fn has_clock_or_date(lower: &str) -> bool {
    let bytes = lower.as_bytes();
    let around = |at: usize| {
        let digit = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_digit);
        digit(at.checked_sub(1)) && digit(Some(at + 1))
    };
    let marked = bytes.iter().enumerate().any(|(at, b)| matches!(b, b':' | b'/' | b'-' | b'.') && around(at));
    marked || MONTHS.within(lower) || lower.contains('年')
}

static MONTHS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|mär|okt|dez|janv|févr|août|déc|ene|abr|ago|dic|\
         fev|set|out|gen|mag|giu|lug|ott|maj|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru|янв|фев|мар|апр|мая|\
         июн|июл|авг|сен|окт|ноя|дек|серп|лист",
    )
});

/// Whether the word at that place is not a part of another one. Scripts without spaces need none.
fn is_word(lower: &str, word: &str, at: usize) -> bool {
    let before = lower.get(..at).and_then(|text| text.chars().next_back());
    let after = lower.get(at + word.len()..).and_then(|text| text.chars().next());
    let unspaced = word.chars().all(|c| u32::from(c) >= 0x2e80 || c == ' ');
    let open = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    unspaced || (open(before) && open(after))
}
