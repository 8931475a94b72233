"""The parts a signed document can play, as values: whose signature it needs, and for which purpose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Protocol

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject
from credentials.errors import Problem
from credentials.model.credential import check_model


class ModelCheck(Protocol):
    """The rules of the data model for one kind of document; empty when it conforms."""

    def __call__(self, document: JsonObject, *, contexts: ContextLibrary) -> tuple[Problem, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Whose signature a document needs: ``party`` reads the signer, ``purpose`` is the relationship its key needs."""

    kind: str  # "vc" or "vp", as a token's typ says it
    party: str  # the member that names the signer: "issuer" or "holder"
    party_required: bool
    purpose: str
    model: ModelCheck
    holds: str = ""  # the member whose values are documents of their own, judged on their own
    bound: bool = True  # only the party's own keys count; False only where test vectors are signed by others
    advised: bool = True  # schema and lint are read too
    unpacked: bool = False  # it holds the bits of a status list, which are unpacked


CREDENTIAL: Final = Role(kind="vc", party="issuer", party_required=True, purpose="assertionMethod", model=check_model)
#: For test vectors that are signed with keys of somebody else than their issuer.
UNBOUND: Final = replace(CREDENTIAL, bound=False)
#: A credential that only answers for the status of others.
STATUS_LIST: Final = replace(CREDENTIAL, advised=False, unpacked=True)


def party_of(value: JsonObject, role: Role) -> str | None:
    """The id of the party that should have signed ``value``; None when it names none."""
    stated: Json = value.get(role.party)
    stated = stated.get("id") if isinstance(stated, dict) else stated
    return stated if isinstance(stated, str) else None
