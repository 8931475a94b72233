"""From a chain to its world: everything that honest parties publish about it, complete and clean.

Origins are passports of primary classes made at a place whose own record lists that division, with a recognised
assessment; both sides tell each transfer; every maker and certifier is registered; certificates name a status list.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from credentials.identifiers.canonical_ids import lot_key
from credentials.status.status_lists import status_entry
from tests.adversary import documents
from tests.adversary.chain import AT, Chain, Lot, Use
from tests.adversary.goods import amount, left_over, list_address, move, product, reference, status_list
from tests.adversary.matters import CONTENT_SCHEME, CUSTODY, TRAINING, WAGES, WORK_SCHEME, Matter
from tests.adversary.parties import ACCREDITOR, ASSURER, AUDITOR, REGISTER, Json, Party, did_document, thumbprint
from tests.adversary.world import Document, World

_FOUNDED: Final = AT - timedelta(days=500)
_DAY: Final = timedelta(days=1)
TRUST: Final[Json] = {
    "entries": [
        {"did": REGISTER.did, "domain": REGISTER.host, "roles": ["registrar"], "registerTypes": ["business"]},
        {
            "did": ACCREDITOR.did,
            "domain": ACCREDITOR.host,
            "roles": ["accreditation", "scheme-owner"],
            "schemes": [CONTENT_SCHEME, WORK_SCHEME],
        },
    ]
}
#: The figure of a matter that is assessed of the target itself.
DIRECT_FIGURE: Final = Fraction(900)


def write(chain: Chain) -> World:
    """The world of ``chain``, in which everybody told the truth and everything."""
    return _Clerks(chain).world()


def claimed_figure(share: Fraction) -> Fraction:
    """A share as it is claimed: in per cent, rounded down to one digit after the point."""
    return Fraction(int(share * 1000), 10)


class _Clerks:
    """One world while it is written."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._drafts: dict[str, Json] = {}
        self._truth: dict[tuple[str, str], Fraction] = {}
        self._issued: dict[Party, int] = {}

    def world(self) -> World:
        self._parties()
        for lot in self._chain.lots.values():
            self._lot(lot)
            for use in lot.inputs:
                self._transfer(use, lot)
        for assessor in sorted(self._issued, key=lambda party: party.key):
            self._drafts[f"status-list:{assessor.key}"] = status_list(assessor)
        chain = self._chain
        return World(
            name=f"{chain.template.name}, {len(chain.lots)} lots",
            chain=chain,
            target=chain.target.id,
            documents={name: Document(draft=draft) for name, draft in self._drafts.items()},
            did_documents=self._did_documents(),
            pins={party.did: thumbprint(party) for party in self._everybody},
            trust=TRUST,
            truth=self._truth,
            open_mass=_unweighed(chain),
        )

    # ---- parties

    def _parties(self) -> None:
        for party in (*self._chain.makers, ASSURER, AUDITOR):
            scope = [documents.REGISTER_SCHEME]
            self._drafts[f"anchor:{party.key}"] = documents.anchor(REGISTER, party, "business", scope, begins=_FOUNDED)
        for assessor, scheme in ((ASSURER, CONTENT_SCHEME), (AUDITOR, WORK_SCHEME)):
            draft = documents.anchor(ACCREDITOR, assessor, "accreditation", [scheme], begins=_FOUNDED)
            self._drafts[f"accreditation:{assessor.key}"] = draft
        for party in self._chain.makers:
            self._drafts[f"place:{party.key}"] = documents.facility_record(party, begins=_FOUNDED)

    @property
    def _everybody(self) -> tuple[Party, ...]:
        return (*self._chain.makers, ASSURER, AUDITOR, REGISTER, ACCREDITOR)

    def _did_documents(self) -> dict[str, tuple[Json, ...]]:
        found: dict[str, tuple[Json, ...]] = {}
        for party in self._everybody:
            names = (f"anchor:{party.key}", f"accreditation:{party.key}")
            anchors = [self._drafts[name]["id"] for name in names if name in self._drafts]
            found[party.did] = (did_document(party, anchors=anchors),)
        return found

    # ---- lots

    def _lot(self, lot: Lot) -> None:
        target = lot is self._chain.target
        recovered = bool(lot.inputs) and lot.key.startswith("raw-") and lot.attested and lot.share == 1
        claims = self._claims_of_target(lot) if target else []
        if (lot.is_raw and lot.attested) or recovered:
            claims = [self._claim(lot, self._chain.template.matter, claimed_figure(lot.share))]
        elif lot.is_raw:
            self._site_certificate(lot)
        self._truth[lot_key(lot.id).id, self._chain.template.matter.criterion] = lot.share * 100
        begins = lot.made + 4 * _DAY
        passport = documents.credential(
            "DigitalProductPassport", lot.owner, f"passport-{lot.key}", self._product(lot, claims), begins=begins
        )
        self._drafts[f"passport:{lot.key}"] = passport
        if lot.waste is not None:
            self._waste(lot, begins)
        if lot.inputs:
            self._drafts[f"making:{lot.key}"] = self._making(lot)

    def _claims_of_target(self, lot: Lot) -> list[Json]:
        share, owner = claimed_figure(lot.share), lot.owner
        claims = [self._claim(lot, self._chain.template.matter, share)]
        for matter in self._chain.template.direct:
            self._truth[lot_key(lot.id).id, matter.criterion] = DIRECT_FIGURE
            claims.append(self._claim(lot, matter, DIRECT_FIGURE))
        audited = lot.made - 30 * _DAY
        parts = [(WAGES, documents.of_site(owner)), (TRAINING, documents.of_company(owner))]
        for matter, _ in parts:
            self._truth[lot_key(lot.id).id, matter.criterion] = Fraction(100)
        assessments = [
            documents.assessment(AUDITOR, matter, Fraction(100), of=owner.key, on=audited, **assessed)
            for matter, assessed in parts
        ]
        self._certify(AUDITOR, "works", owner, WORK_SCHEME, assessments, audited)
        evidence = [documents.link(self._drafts["certificate:works"]["id"], "certificate:works", "dcc")]
        for matter, _ in parts:
            on = lot.made + 3 * _DAY
            claims.append(documents.claim(owner, matter, Fraction(100), of=lot.key, on=on, evidence=evidence))
        return claims

    def _claim(self, lot: Lot, matter: Matter, figure: Fraction) -> Json:
        """A claim about the lot itself, with the certificate that bears it out."""
        name = f"certificate:{lot.key}" if matter is self._chain.template.matter else f"certificate:{matter.key}"
        checked, assessed = lot.made + 2 * _DAY, documents.of_product(reference(lot))
        found = documents.assessment(ASSURER, matter, figure, of=lot.key, on=checked, **assessed)
        self._certify(ASSURER, name.partition(":")[2], lot.owner, CONTENT_SCHEME, [found], checked)
        evidence = [documents.link(self._drafts[name]["id"], name, "dcc")]
        return documents.claim(lot.owner, matter, figure, of=lot.key, on=lot.made + 3 * _DAY, evidence=evidence)

    def _site_certificate(self, lot: Lot) -> None:
        checked = lot.made - 30 * _DAY
        key = f"site-{lot.owner.key}"
        found = documents.assessment(
            ASSURER, CUSTODY, Fraction(100), of=key, on=checked, **documents.of_site(lot.owner)
        )
        self._certify(ASSURER, key, lot.owner, CONTENT_SCHEME, [found], checked)

    def _certify(
        self, assessor: Party, key: str, to: Party, scheme: str, assessments: list[Json], on: datetime
    ) -> None:
        draft = documents.certificate(assessor, key, to=to, scheme=scheme, assessments=assessments, begins=on)
        index = self._issued.get(assessor, 0)
        self._issued[assessor] = index + 1
        draft["credentialStatus"] = status_entry(list_url=list_address(assessor), index=index, purpose="revocation")
        self._drafts[f"certificate:{key}"] = draft

    def _product(self, lot: Lot, claims: list[Json]) -> Json:
        weight = {"dimensions": {"weight": documents.measure(lot.piece)}} if lot.piece else {}
        return product(lot, materials=self._materials(lot), claims=claims) | weight

    def _materials(self, lot: Lot) -> list[Json]:
        recycled = self._chain.template.matter.key == "recycled"
        made_of: dict[tuple[str, str], list[tuple[Fraction, Fraction]]] = {}
        for use in lot.inputs:
            other = self._chain.lots[use.lot]
            made_of.setdefault(other.kind, []).append((use.kilograms, other.share))
        whole = sum((use.kilograms for use in lot.inputs), Fraction(0))
        if not made_of:
            return [documents.material(lot.kind, Fraction(1), lot.share if recycled else Fraction(0))]
        found = []
        for kind, parts in sorted(made_of.items()):
            mass = sum((kilograms for kilograms, _ in parts), Fraction(0))
            share = sum((kilograms * part for kilograms, part in parts), Fraction(0)) / mass
            if lot.share == 1:
                share = Fraction(1)  # recovered, whatever it was made of
            found.append(documents.material(kind, mass / whole, share if recycled else Fraction(0)))
        return found

    def _waste(self, lot: Lot, begins: datetime) -> None:
        left = left_over(lot)
        draft = documents.credential(
            "DigitalProductPassport",
            lot.owner,
            f"passport-{left.key}",
            self._product(left, []),
            begins=begins,
        )
        self._drafts[f"passport:{left.key}"] = draft
        self._truth[lot_key(left.id).id, self._chain.template.matter.criterion] = left.share * 100

    # ---- events

    def _making(self, lot: Lot) -> Json:
        inputs = [self._used(use) for use in lot.inputs]
        outputs = [documents.portion(reference(lot), amount(lot, lot.kilograms), "new")]
        if lot.waste is not None:
            left = left_over(lot)
            outputs.append(documents.portion(reference(left), documents.measure(left.kilograms), "new"))
        said = documents.make(lot.owner, f"make-{lot.key}", lot.made, inputs=inputs, outputs=outputs)
        return documents.told(lot.owner, f"making-{lot.key}", said, at=lot.made)

    def _used(self, use: Use) -> Json:
        return documents.portion(reference(self._chain.lots[use.lot]), _stated(use), "consumed")

    def _transfer(self, use: Use, into: Lot) -> None:
        lot = self._chain.lots[use.lot]
        if lot.owner is into.owner or lot.owner == into.owner:
            return
        sent = into.made - 8 * _DAY
        for step, teller, at in (("shipping", lot.owner, sent), ("receiving", into.owner, sent + 2 * _DAY)):
            key = f"{step}-{lot.key}-{into.key}"
            said = move(step, teller, key, lot, _stated(use), lot.owner, into.owner, at)
            said["consignmentId"] = f"urn:carrier:slow-boats:{lot.key}-{into.key}"
            self._drafts[f"{step}:{lot.key}:{into.key}"] = documents.told(teller, key, said, at=at)


def _stated(use: Use) -> Json:
    return documents.measure(use.kilograms) if use.pieces is None else documents.measure(use.pieces, "C62")


def _unweighed(chain: Chain) -> Fraction:
    uses = [use for lot in chain.lots.values() for use in lot.inputs]
    whole = sum((use.kilograms for use in chain.target.inputs), Fraction(0))
    return sum((use.kilograms for use in uses if use.pieces is not None), Fraction(0)) / whole
