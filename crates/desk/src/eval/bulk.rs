//! `bulk`: how many messages of a folder would get a draft, each read alone by the one it was sent to. That is the list's
//! own address for mail of a list, so such mail is read once more by a subscriber, whom it does not name.

use std::collections::BTreeMap;
use std::path::PathBuf;

use postil_mail::Message;
use postil_understand::Verdict;
use postil_understand::bulk::{SentAs, sent_as};
use rayon::prelude::*;
use serde_json::json;

use super::Scored;
use super::metric::share;
use super::question::{owner, read_alone};
use crate::inbox::word;

pub(super) fn score(mail: Vec<(PathBuf, Message)>) -> Scored {
    let mut scored = Scored::new(mail.len());
    let read = |(path, message): (PathBuf, Message)| {
        let to = message.to.first().cloned();
        let name = to.as_ref().map(|to| to.name.to_string()).unwrap_or_default();
        let by_headers = match sent_as(&message) {
            SentAs::Person => "person",
            SentAs::List => "list",
            SentAs::Bulk(_) => "bulk",
            SentAs::Automated(_) => "automated",
            SentAs::Calendar(_) => "calendar",
        };
        let subject = message.subject.to_string();
        let is_of_list = by_headers == "list";
        let by_subscriber = is_of_list.then(|| read_alone(message.clone(), &owner("", None)).1.verdict);
        let (_, reading) = read_alone(message, &owner(&name, to.map(|to| to.addr)));
        (path, subject, by_headers, by_subscriber, reading)
    };
    let readings: Vec<_> = mail.into_par_iter().map(read).collect();
    let (mut verdicts, mut sent): (BTreeMap<String, usize>, BTreeMap<&str, usize>) = Default::default();
    let (mut proposed, mut by_subscriber) = (0, Vec::<Verdict>::new());
    for (path, subject, by_headers, subscriber, reading) in &readings {
        by_subscriber.extend(subscriber);
        *verdicts.entry(word(&reading.verdict)).or_default() += 1;
        *sent.entry(by_headers).or_default() += 1;
        if reading.verdict == Verdict::Reply {
            proposed += 1;
            let why = reading
                .reasons
                .first()
                .map(|reason| format!("{}: {}", reason.kind, reason.text))
                .unwrap_or_default();
            scored.wrong(&format!("{} \"{subject}\" would get a draft: {why}", path.display()));
        }
    }
    scored.figure("drafts_proposed_share", share(proposed, scored.rows));
    let to_subscriber = by_subscriber.iter().filter(|verdict| **verdict == Verdict::Reply).count();
    scored.figure("list_drafts_to_subscriber_share", share(to_subscriber, by_subscriber.len()));
    scored.metrics.insert("verdicts".to_owned(), json!(verdicts));
    scored.metrics.insert("sent_as".to_owned(), json!(sent));
    scored
}

#[cfg(test)]
mod tests {
    use super::*;
    use postil_mail::parse_message;

    #[test]
    fn a_question_gets_a_draft_and_a_newsletter_does_not() {
        let mail = |more: &str| {
            let raw = format!(
                "From: Ana Lima <ana@lima.example>\r\nTo: Bo <bo@house.example>\r\nDate: Fri, 20 Nov 2026 16:04:00 +0100\r\n\
                 {more}Subject: Pump\r\n\r\nHi Bo,\r\n\r\nCould you send me the report on the pump by Friday?\r\n\r\nAna\r\n"
            );
            (PathBuf::from("m"), parse_message(raw.as_bytes()))
        };
        let newsletter = "List-Unsubscribe: <https://lima.example/u>\r\nPrecedence: bulk\r\n";
        let list = "List-Id: <pumps.lima.example>\r\nList-Post: <mailto:pumps@lima.example>\r\n";
        let scored = score(vec![mail(""), mail(newsletter), mail(list)]);
        assert_eq!((scored.rows, scored.wrong.len()), (3, 2));
        assert_eq!(
            (scored.get("drafts_proposed_share"), scored.get("list_drafts_to_subscriber_share")),
            (0.666_667, 0.0)
        );
        assert_eq!(scored.metrics["sent_as"], json!({"bulk": 1, "list": 1, "person": 1}));
    }
}
