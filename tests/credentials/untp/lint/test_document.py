"""The lint as a whole: clean documents are silent, each probe is heard once, samples are known."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.untp.lint import PROBES, lint
from tests.credentials.untp.clean import CLEAN, anchor, attestation, facility_record, make, passport
from tests.shared import needs_shared, untp_samples

Document = dict[str, Any]


def _subject(document: Document) -> Any:
    return document["credentialSubject"]


def _empty_performance(document: Document) -> None:
    _subject(document)["performanceClaim"][0]["claimedPerformance"] = [{}]


def _no_object_and_no_outcome(document: Document) -> None:
    assessment = _subject(document)["conformityAssessment"][0]
    del assessment["assessedProduct"], assessment["conformance"]


def _bare_make(document: Document) -> None:
    event = _subject(document)[0]
    del event["relatedParty"]
    for portion in event["inputProduct"] + event["outputProduct"]:
        del portion["quantity"], portion["disposition"]


def _one_point_boundary(document: Document) -> None:
    location = _subject(document)["locationInformation"]
    location["geoBoundary"] = location["geoBoundary"][:1]


#: Probe number → the clean document it breaks, how, and where the finding points.
BREAKS: dict[int, tuple[Callable[[], Document], Callable[[Document], object], str]] = {
    1: (passport, lambda d: d.pop("type"), "/type"),
    2: (passport, lambda d: d["issuer"].update(id="https://bursa-yarns.example"), "/issuer/id"),
    3: (
        passport,
        lambda d: _subject(d)["performanceClaim"][0].update(referenceCriteria=[]),
        "/credentialSubject/performanceClaim/0/referenceCriteria",
    ),
    4: (passport, _empty_performance, "/credentialSubject/performanceClaim/0/claimedPerformance/0"),
    5: (
        passport,
        lambda d: _subject(d)["materialProvenance"][1].pop("materialSafetyInformation"),
        "/credentialSubject/materialProvenance/1/materialSafetyInformation",
    ),
    6: (
        passport,
        lambda d: _subject(d)["materialProvenance"][0].update(massFraction=5.99),
        "/credentialSubject/materialProvenance",
    ),
    7: (passport, lambda d: _subject(d).update(idGranularity="item"), "/credentialSubject/itemNumber"),
    8: (passport, lambda d: _subject(d).update(productCategory=[]), "/credentialSubject/productCategory"),
    9: (
        passport,
        lambda d: _subject(d)["dimensions"]["weight"].update(unit="KILOS"),
        "/credentialSubject/dimensions/weight/unit",
    ),
    10: (
        passport,
        lambda d: _subject(d)["countryOfProduction"].update(countryCode="ZZZ"),
        "/credentialSubject/countryOfProduction/countryCode",
    ),
    11: (passport, lambda d: d.update(validUntil="2020-01-01T00:00:00Z"), "/validUntil"),
    12: (passport, lambda d: d.update(validUntil="next spring"), "/validUntil"),
    13: (make, lambda d: d.update(credentialSubject=[]), "/credentialSubject"),
    14: (make, _bare_make, "/credentialSubject/0/relatedParty"),
    15: (
        make,
        lambda d: _subject(d)[0]["inputProduct"][0]["quantity"].update(value=-1),
        "/credentialSubject/0/inputProduct/0/quantity/value",
    ),
    16: (
        attestation,
        lambda d: _subject(d).update(conformityAssessment=[]),
        "/credentialSubject/conformityAssessment",
    ),
    17: (attestation, _no_object_and_no_outcome, "/credentialSubject/conformityAssessment/0"),
    18: (anchor, lambda d: _subject(d).pop("registrationScope"), "/credentialSubject/registrationScope"),
    19: (
        anchor,
        lambda d: _subject(d).update(id="https://register.example/companies/TR-100"),
        "/credentialSubject/id",
    ),
    20: (
        facility_record,
        lambda d: _subject(d).update(locationInformation={}),
        "/credentialSubject/locationInformation",
    ),
    21: (facility_record, _one_point_boundary, "/credentialSubject/locationInformation/geoBoundary"),
}


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_credential_has_no_finding(name: str) -> None:
    document = CLEAN[name]()

    findings = lint(document)

    assert findings == ()


@pytest.mark.parametrize("probe", PROBES)
def test_each_probe_yields_exactly_its_findings(probe: int) -> None:
    build, spoil, pointer = BREAKS[probe]
    document = build()
    spoil(document)

    findings = lint(document)

    assert sorted(found.rule for found in findings) == sorted(PROBES[probe])
    assert pointer in {found.pointer for found in findings}
    assert all(found.detail and found.fix for found in findings)


def test_a_missing_scope_weighs_more_for_an_accreditation() -> None:
    business, accreditation = anchor(), anchor()
    del business["credentialSubject"]["registrationScope"]
    del accreditation["credentialSubject"]["registrationScope"]
    accreditation["credentialSubject"]["registerType"] = "accreditation"

    weights = [[found.severity for found in lint(document)] for document in (business, accreditation)]

    assert weights == [["warn"], ["error"]]


def test_a_document_of_no_untp_type_is_none_of_our_business() -> None:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "credentialSubject": {"type": "BitstringStatusList"},
    }

    findings = lint(document)

    assert findings == ()


def test_lint_does_not_change_what_it_reads() -> None:
    document = make()
    before = copy.deepcopy(document)

    lint(document)

    assert document == before


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=8,
)


def _members(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in pairs:
        found.append((value, key))
        found.extend(_members(child))
    return found


@given(name=st.sampled_from(sorted(CLEAN)), place=st.integers(min_value=0), junk=_JSON)
def test_no_malformed_member_makes_the_lint_raise(name: str, place: int, junk: Any) -> None:
    document = CLEAN[name]()
    members = _members(document)
    holder, key = members[place % len(members)]
    holder[key] = junk

    findings = lint(document)

    assert all(found.severity in {"error", "warn"} for found in findings)


@needs_shared
def test_the_official_samples_have_exactly_the_known_errors() -> None:
    samples = untp_samples()

    errors = Counter(
        (name, found.rule)
        for name, document in samples.items()
        for found in lint(document)
        if found.severity == "error"
    )

    assert errors == Counter(
        {
            ("DigitalProductPassport_battery_instance.json", "CLM-04"): 2,
            ("DigitalFacilityRecord_battery_instance.json", "DFR-03"): 1,
            ("DigitalFacilityRecord_smelter_instance.json", "DFR-03"): 1,
            ("DigitalFacilityRecord_instance.json", "DFR-03"): 1,
            ("DigitalFacilityRecord_instance.json", "DPP-03"): 2,
            ("DigitalIdentityAnchor_instance.json", "DIA-09"): 1,
        }
    )


@needs_shared
def test_fractions_that_add_up_to_1_002_are_more_than_rounding() -> None:
    mine = untp_samples()["DigitalFacilityRecord_instance.json"]

    findings = [found for found in lint(mine) if found.rule == "DPP-03" and "1.002" in found.detail]

    assert [found.pointer for found in findings] == ["/credentialSubject/materialUsage/materialConsumed"]


@needs_shared
def test_every_sample_that_names_a_topic_spells_it_in_the_singular() -> None:
    samples = untp_samples()

    spelt = {name for name, document in samples.items() if any(found.rule == "TAX-01" for found in lint(document))}

    assert {name for name in samples if "Passport" in name or "Conformity" in name or "Facility" in name} == spelt
