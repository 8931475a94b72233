"""The instances of the conformance profile, one row each, and how one is made.

The rule: every instance has its own fresh did:key issuer and does what the suites for its specification demand
(docs/conformance/w3c.md C1); none of this is reachable from an ordinary node. A suite that the registry does not have
makes no instance. See docs/requirements.md D3 and D5.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from contexts.library import ContextLibrary, UnsafeTestContexts
from credentials.did.key import did_of_key, method_of_key
from credentials.evidence import Absent, Found, Need
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.proofs.suites import DISCLOSING_SUITES, SUITES
from credentials.verify import UNBOUND
from node.conformance.holder_store import HolderStores
from node.conformance.vc_api_issuing import VcApiIssuing
from node.errors import SettingsProblem
from node.flows.identity.identity import Identity
from node.flows.identity.own_documents import OwnDocuments
from node.flows.identity.publishing import CREDENTIAL_KEY, Publishing
from node.flows.identity.securing import EMBEDDED, JWT, Securing
from node.flows.issuing.instances import Instance
from node.flows.issuing.presenting import Presenting
from node.flows.verifying.judging import Judge
from node.keyring import Keyring
from node.keyring.peer_key import NamedSigner
from node.store import Store

#: Contexts that say only where their words live: what the W3C's suites write their examples with, as URL → vocabulary.
VOCABULARIES: Final = {
    "https://www.w3.org/ns/credentials/examples/v2": "https://www.w3.org/ns/credentials/examples#",
    "https://www.w3.org/ns/credentials/undefined-terms/v2": "https://www.w3.org/ns/credentials/undefined-term#",
}
_STATUS_TTL: Final = timedelta(seconds=300)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceRow:
    """One instance of the profile, and what the suites that test it demand beyond the specifications.

    ``bare``: issuing answers with the credential alone (C1.3). ``injects``: a missing ``@context`` is filled in
    (A1.1). ``warnings``: results that do not make ``verified`` false (A7.2). ``statuses``: the purposes for which a
    credential gets a status entry. Vectors of other issuers count everywhere (C1.4).
    """

    name: str
    suite: str
    key: KeyKind = KeyKind.ED25519
    bare: bool = False
    injects: bool = True
    warnings: frozenset[str] = frozenset({"validity", "status"})
    statuses: tuple[str, ...] = ()


ROWS: Final = (
    InstanceRow(name="eddsa-rdfc", suite="eddsa-rdfc-2022"),
    InstanceRow(name="eddsa-jcs", suite="eddsa-jcs-2022"),
    InstanceRow(name="ecdsa-rdfc", suite="ecdsa-rdfc-2019", key=KeyKind.P256),
    InstanceRow(name="ecdsa-jcs", suite="ecdsa-jcs-2019", key=KeyKind.P256),
    InstanceRow(name="ecdsa-rdfc-p384", suite="ecdsa-rdfc-2019", key=KeyKind.P384),
    InstanceRow(name="ecdsa-jcs-p384", suite="ecdsa-jcs-2019", key=KeyKind.P384),
    InstanceRow(name="ecdsa-sd", suite="ecdsa-sd-2023", key=KeyKind.P256),
    InstanceRow(name="jose", suite=JWT),
    InstanceRow(name="vcdm", suite="eddsa-rdfc-2022", bare=True, injects=False),
    InstanceRow(name="status", suite="eddsa-rdfc-2022", warnings=frozenset({"validity"}), statuses=("revocation",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the profile is reached; ``secure`` is where status lists are, over TLS where there is any (C2.1)."""

    plain: str
    secure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteInstance:
    """An instance of the profile: what any node has of one, its row, how it issues, what is kept for its callers."""

    instance: Instance
    row: InstanceRow
    issuing: VcApiIssuing
    holder_stores: HolderStores = field(default_factory=HolderStores)


def instances(store: Store, *, addresses: Addresses, contexts: ContextLibrary) -> tuple[SuiteInstance, ...]:
    """Every instance, each answered from what all of them publish and from nothing else."""
    made = tuple(_made(store, addresses=addresses, contexts=contexts))
    source = AllOwnDocuments(tuple(OwnDocuments(one.instance.publishing) for one in made))
    return tuple(replace(one, instance=replace(one.instance, source=source)) for one in made)


def contexts_of(folder: Path | None) -> ContextLibrary:
    """The standard contexts, the suites' vocabularies and what the manifest of ``folder`` lists.

    Documents may bring contexts of their own as well.

    Raises:
        SettingsProblem: the folder has no readable manifest.json.
    """
    known: dict[str, Any] = {url: {"@context": {"@vocab": words}} for url, words in VOCABULARIES.items()}
    if folder is None:
        return UnsafeTestContexts(known)
    try:
        rows = json.loads((folder / "manifest.json").read_bytes())["contexts"]
        known |= {row["url"]: json.loads((folder / row["file"]).read_bytes()) for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsProblem(
            f"The test contexts cannot be read: {error}.",
            pointer="/test-contexts",
            fix='The folder holds manifest.json, {"contexts": [{"url", "file"}, …]}, and those files.',
        ) from error
    return UnsafeTestContexts(known)


def _made(store: Store, *, addresses: Addresses, contexts: ContextLibrary) -> Iterator[SuiteInstance]:
    for row in ROWS:
        if row.suite not in (JWT, *SUITES, *DISCLOSING_SUITES):
            continue
        key = SigningKey.generate(row.key)
        did = did_of_key(key.public_key)
        at = addresses.secure if row.statuses else addresses.plain
        identity = Identity(name=row.name, did=did, public_url=at, instance=row.name)
        securing = Securing.of_key(key, suites=(row.suite,), contexts=contexts)
        publishing = Publishing(
            identity=identity,
            keyring=Keyring(did, {CREDENTIAL_KEY: key}),
            store=store,
            status_ttl=_STATUS_TTL,
            securing=securing,
        )
        issuing = VcApiIssuing(
            publishing=publishing,
            securing=securing,
            store=store,
            forms=(JWT if row.suite == JWT else EMBEDDED,),
            injects=row.injects,
            statuses=row.statuses,
        )
        instance = Instance(
            publishing=publishing,
            securing=securing,
            suites=(row.suite,),
            presenting=Presenting(did=did, key=_always(key), contexts=contexts, suites=(row.suite,)),
            judge=Judge(contexts=contexts, role=UNBOUND),
        )
        yield SuiteInstance(instance=instance, row=row, issuing=issuing)


def _always(key: SigningKey) -> Callable[[datetime], NamedSigner]:
    """A did:key has one key for everything."""
    signer = NamedSigner(key, method_of_key(key.public_key))
    return lambda _: signer


@dataclass(frozen=True, slots=True)
class AllOwnDocuments:
    """What any of a node's instances publishes; the first one that has it answers."""

    instances: tuple[OwnDocuments, ...]

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        """Found, or why the last one has it not."""
        answers: dict[Need, Found | Absent] = {}
        for own in self.instances:
            open_needs = frozenset(need for need in needs if not isinstance(answers.get(need), Found))
            answers |= await own.answer(open_needs, at=at)
        return answers
