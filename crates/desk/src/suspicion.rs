//! What makes a sender suspect, in words for the owner: domains that look like known ones, odd domains,
//! a Reply-To of someone else, and what the owner's mail host found.

use postil_draft::SenderCheck;
use postil_evidence::{Addr, Directory};
use postil_mail::Message;
use postil_mail::authentication::{Authenticated, believed};
use postil_mail::identity::KnownDomains;

use crate::config::Config;
use crate::desk::Desk;
use crate::inbox::word;
use crate::view::AuthenticationView;

/// Defects that warn of a sender, as the catalogue writes them, with what they mean.
const WARNING_DEFECTS: &[(&str, &str)] = &[
    ("reply to elsewhere", "a reply would go to another organisation"),
    ("odd domain", "odd domain"),
    ("name is address", "the name shown is another address"),
    ("other type", "an attachment is something else than it says"),
    ("hostile name", "an attachment's name tries to be a path or hides its ending"),
];

impl Desk {
    /// The domains the owner knows: configured ones, and those of the directory.
    pub(crate) fn known_domains(&self, directory: &Directory) -> KnownDomains {
        let parties = &self.config.rules.parties;
        let entities = directory.entities();
        let addrs = entities.iter().flat_map(|entity| &entity.addrs);
        let addrs = addrs.chain(parties.addrs.keys()).chain(&parties.own_addrs);
        let domains = parties.own_domains.iter().chain(parties.domains.keys());
        let domains = domains.chain(entities.iter().flat_map(|entity| &entity.domains));
        KnownDomains::new(domains.cloned().chain(addrs.map(|addr| addr.domain().to_owned())))
    }

    /// How far the sender of a message is who they say.
    pub(crate) fn checked_sender(&self, message: &Message) -> SenderCheck {
        match authenticated(message, &self.config) {
            Authenticated::Pass => SenderCheck::Passed,
            Authenticated::Fail => SenderCheck::Failed,
            Authenticated::Unknown => SenderCheck::Unchecked,
        }
    }
}

/// Why to look twice at a sender: their address and the defects of the message, as kind and detail.
pub(crate) fn warnings(
    known: &KnownDomains,
    from: Option<&Addr>,
    defects: impl IntoIterator<Item = (String, String)>,
) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(from) = from
        && let Some((likeness, other)) = known.find_like(from.domain())
    {
        out.push(format!("{} {} {other}, which you know, and is not it", from.domain(), likeness.words()));
    }
    for (kind, detail) in defects {
        let Some((_, words)) = WARNING_DEFECTS.iter().find(|(name, _)| *name == kind) else { continue };
        out.push(if detail.is_empty() { (*words).to_owned() } else { format!("{words}: {detail}") });
    }
    out
}

/// What the owner's mail host found on a message.
fn authenticated(message: &Message, config: &Config) -> Authenticated {
    believed(&message.delivery.authentication, &config.file.mail.authserv_id)
}

/// Whether that host found that the sender is not who they say.
pub(crate) fn has_failed(message: &Message, config: &Config) -> bool {
    authenticated(message, config) == Authenticated::Fail
}

/// The same with all that the message's fields say, believed or not.
pub(crate) fn authentication_view(message: &Message, config: &Config) -> AuthenticationView {
    let claims = message.delivery.authentication.iter().flat_map(|field| {
        field.results.iter().map(|result| {
            format!("{}: {}={} {}", field.host, result.method, result.result, result.about)
                .trim_end()
                .to_owned()
        })
    });
    AuthenticationView { state: word(&authenticated(message, config)), claims: claims.collect() }
}
