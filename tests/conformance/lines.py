"""The W3C requirements this program holds itself to, one line each in our own words, and where we knowingly depart.

The numbering is our own: A1 data model, A2 Data Integrity, A3 cryptosuites, A4 envelopes, A5 status lists, A6
identifiers, A7 the HTTP API, C what suites disagree on. A test names the line it holds with
``@pytest.mark.w3c("A1.4")``, or a whole part with "A1"; ``python -m tests.conformance.report`` writes
docs/conformance/w3c.md from both.
"""

from __future__ import annotations

from typing import Final

PARTS: Final[dict[str, str]] = {
    "A1": "Verifiable Credentials Data Model 2.0",
    "A2": "Verifiable Credential Data Integrity 1.0",
    "A3": "Cryptosuites (EdDSA, ECDSA)",
    "A4": "Securing with JOSE, COSE and SD-JWT",
    "A5": "Bitstring Status List 1.0",
    "A6": "Controlled Identifiers 1.0, DID methods, DID Resolution",
    "A7": "HTTP API (VCALM 0.9)",
    "C1": "Where suites and specifications contradict each other: decided once, set per instance",
    "C2": "Transport",
}

LINES: Final[dict[str, str]] = {
    "A1.1": "The contexts are an ordered list that begins with the base context; anything else is refused.",
    "A1.2": "A context that redefines a protected term is refused.",
    "A1.3": "The type names the credential or presentation, and every type maps to a URL.",
    "A1.4": "Every identifier is one URL, wherever it stands.",
    "A1.5": "The issuer is a URL or an object with one; an instance refuses to issue for somebody else.",
    "A1.6": "There is a subject, and each says something.",
    "A1.7": "Names and descriptions are texts, language values with language and direction, or lists of these.",
    "A1.8": "Times are complete date-times with zone, and the end is not before the beginning.",
    "A1.9": "Before and after its period a credential is told to be so, as a finding.",
    "A1.10": "Status, schema, refresh service, terms of use, evidence and proof have types; schemas have ids.",
    "A1.11": "Related resources are objects with unique ids and a digest that is recomputed for what is held here.",
    "A1.12": "A presentation holds credential objects, each judged on its own, and is signed by its holder.",
    "A1.13": "An enveloped credential or presentation is contexts, type and a data URL, and nothing else.",
    "A1.14": "Media types and problem types are the published ones.",
    "A2.1": "A proof has its type, suite, purpose, method and times in their forms; a challenge needs a domain.",
    "A2.2": "Every member of a proof has a meaning in the document's contexts.",
    "A2.3": "Nothing that is signed or verified may be lost in processing: lost data is an error.",
    "A2.4": "An error while securing reaches the caller, and nothing half signed does.",
    "A2.5": "A document without a usable proof is refused, whatever is missing from it.",
    "A2.6": "The purpose is the expected one, and the key is listed for it.",
    "A2.7": "Domain and challenge are those that were asked for, and an expired proof is refused.",
    "A2.8": "Each proof of a set is checked; a chain covers exactly the proofs it names, which hold too.",
    "A2.9": "Contexts are known by URL and digest, and never loaded because a document names them.",
    "A2.10": "An object with an id may carry a digest of what it names.",
    "A2.11": "Problems carry the published URIs.",
    "A3.1": "eddsa-rdfc-2022 transforms, hashes, signs and encodes as published.",
    "A3.2": "eddsa-jcs-2022 does so over JCS, and keeps and compares the contexts.",
    "A3.3": "ecdsa-rdfc-2019 and ecdsa-jcs-2019 with P-256 and P-384, SHA-384 inside canonicalisation for P-384.",
    "A3.4": "ecdsa-sd-2023 signs, derives and verifies; malformed and mismatching values are refused.",
    "A3.5": "bbs-2023.",
    "A3.6": "Wrong options are refused under their own problem types, and texts are UTF-8.",
    "A3.7": "Signatures are checked on the key's own bytes; keys off curve or of small order are refused.",
    "A4.1": "A token's payload is the document itself; old claims, alg none and other types are refused or named.",
    "A4.2": "kid is the absolute URL of a verification method, iss is the issuer, and the key is a JsonWebKey.",
    "A4.3": "Credentials inside a presentation are secured themselves.",
    "A4.4": "A COSE_Sign1 states content type and typ of a credential or presentation; others are refused.",
    "A4.5": "Unknown header parameters are ignored, crit is honoured.",
    "A4.6": "SD-JWT: type, issuer and times cannot be held back, and a holder who is bound has the key.",
    "A5.1": "An issued credential carries an entry with purpose, decimal index and list.",
    "A5.2": "Sizes above one bit come with a message for each value.",
    "A5.3": "A list is a secured credential of its own, with purpose, bits and time to live.",
    "A5.4": "The bits are GZIP in base64url, at least 131 072 entries, first index leftmost.",
    "A5.5": "A list is fetched, verified and bounded; each way it cannot answer has its name.",
    "A5.6": "Only the credential's issuer is believed about its status.",
    "A5.7": "Indexes follow no order and never come twice; a revocation is final, a suspension is not.",
    "A5.8": "A list is given as of an earlier moment on request.",
    "A6.1": "A key is found by its URL in the document of that URL, for the purpose, with the published error names.",
    "A6.2": "did:key for Ed25519, P-256, P-384 and P-521; other kinds are named as not supported.",
    "A6.3": "did:web: host and path to the letter, never an address, the document speaks for its own id.",
    "A6.5": "DID Resolution over HTTP, with its error types.",
    "A7.0": "The endpoints to issue, verify, present, derive and set status, with their bodies and codes.",
    "A7.1": "Options that are not understood are an error.",
    "A7.2": "verified is false exactly when there is an error; time and status are warnings where an instance says so.",
    "A7.3": "All proofs of an instance are made in one call; what becomes of earlier proofs is its setting.",
    "A7.4": "No long-lived secrets, and bounded bodies.",
    "A7.5": "A holder's answer carries challenge and domain, and a challenge is good once.",
    "A7.6": "A request is read strictly and answered or not: by example, issuer, suite, envelope, and DID.",
    "C1.1": "A failed verification is an answer; instances for the suites say 400.",
    "C1.4": "The issuer is the key's controller; only instances for the suites accept another.",
    "C1.7": "A DID error is an object with a type, as DID Resolution has it.",
    "C1.10": "The command for the JOSE suite judges top-level members by the base context.",
    "C2.1": "Suites are answered on plain loopback; status lists are named under https.",
}

#: Line → what is otherwise here, and why.
DEVIATIONS: Final[dict[str, tuple[str, ...]]] = {
    "A1.1": ("Contexts written inside a document are refused: one could give signed words another meaning.",),
    "A1.7": (
        "A text with a direction is not issued, since RDF canonicalisation would not protect it; it is verified.",
    ),
    "A1.10": (
        "Schemas are evaluated from a registry that the operator fills by file and digest; an unknown one is "
        "undetermined, never fetched. A carried schema is believed for its digest.",
    ),
    "A1.11": (
        "SHA-512 digests of contexts are read but not compared: only SHA-256 and SHA-384 of the published bytes are "
        "noted. Digests by drafts of a context are refused, although the W3C suite calls one of them good.",
    ),
    "A3.5": ("Not offered: there is no maintained library for its pairing-based signatures.",),
    "A4.1": ("A missing typ is refused where no media type says what the token is.",),
    "A4.2": (
        "kid must be a DID URL: issuers that are plain URLs are not resolved.",
        "The published tokens name keys by thumbprint and write iat as text; they verify as signatures only.",
    ),
    "A4.6": ("SD-JWT VC (dc+sd-jwt) is named as what it is and not read, since a node judges W3C credentials only.",),
    "A5.2": ("A list of messages has one entry for each value, as the text says; the W3C suite wants one per bit.",),
    "A5.6": ("No other party can be named whose list would count.",),
    "A7.2": ("By default a withdrawn or outdated credential is not verified; only some instances warn instead.",),
    "A7.0": (
        "A node keeps what it issues and revokes it; credentials and presentations are deleted in the profile only. "
        "Workflows, exchanges and interactions are not offered: nodes exchange by their own signed protocol.",
    ),
    "A7.6": ("Capabilities are not asked for: nodes grant none.",),
}
