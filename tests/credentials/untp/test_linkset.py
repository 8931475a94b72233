"""Linksets: every spelling in, one spelling out, and nothing out that the schema would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.errors import MalformedInput
from credentials.untp.linkset import LinkContext, Linkset, Target, read_linkset, to_json
from credentials.untp.linkset_output import build_linkset, check_linkset
from credentials.untp.relations import canonical_relation
from tests.shared import needs_shared, shared_json

YARN = "https://id.bursa-yarns.example/yarn/lot-7"


def _target(**members: Any) -> Target:
    return Target(**{"relation": "dpp", "href": "https://bursa-yarns.example/dpp-7", "title": "Passport", **members})


def _context(*targets: Target, anchor: str = YARN) -> LinkContext:
    return LinkContext(anchor=anchor, targets=targets or (_target(),))


@pytest.mark.parametrize(
    "relation",
    [
        "dpp",
        "DPP",
        " dpp ",
        "untp:dpp",
        "untp:digitalProductPassport",
        "digitalProductPassport",
        "https://test.uncefact.org/vocabulary/linkTypes/dpp",
        "https://vocabulary.uncefact.org/linkTypes#dpp",
        "https://vocabulary.uncefact.org/untp/DigitalProductPassport",
    ],
)
def test_every_spelling_of_a_relation_is_one(relation: str) -> None:
    assert canonical_relation(relation) == "dpp"


@pytest.mark.parametrize(
    ("relation", "canonical"),
    [
        ("gs1:pip", "https://ref.gs1.org/voc/pip"),
        ("https://ref.gs1.org/voc/pip", "https://ref.gs1.org/voc/pip"),
        ("predecessor-version", "predecessor-version"),
        ("untp:dia", "dia"),
        ("https://evil.example/linkTypes/dpp", "https://evil.example/linkTypes/dpp"),
        ("https://[broken", "https://[broken"),
        ("untp:unheard", "unheard"),
    ],
)
def test_other_relations_keep_their_name(relation: str, canonical: str) -> None:
    assert canonical_relation(relation) == canonical


def test_a_linkset_is_read_liberally() -> None:
    value = {
        "linkset": [
            {
                "anchor": YARN,
                "itemDescription": "Yarn",
                "untp:dpp": [{"href": "https://a.example/1", "extra": 1}, {"title": "no href"}, "text"],
                "dte": {"href": "ipfs://x", "title": "Events", "type": "application/vc+jwt", "rel": ["edit"]},
            },
            {"dpp": [{"href": "https://a.example/anchorless"}]},
            "text",
        ]
    }

    linkset = read_linkset(value)

    assert [context.description for context in linkset.contexts] == ["Yarn"]
    assert [(target.relation, target.href) for target in linkset.targets()] == [
        ("dpp", "https://a.example/1"),
        ("dte", "ipfs://x"),
    ]
    assert [target.pointer for target in linkset.targets("digitalTraceabilityEvent")] == ["/linkset/0/dte"]
    assert linkset.targets("dte")[0].qualifiers == ("edit",)


@pytest.mark.parametrize("value", [None, [], {}, {"linkset": None}, {"linkset": [[]]}, "x", {"linkset": {"dpp": 1}}])
def test_what_is_no_linkset_reads_as_an_empty_one(value: Any) -> None:
    assert read_linkset(value) == Linkset(contexts=())


def test_what_we_build_we_read_back() -> None:
    full = _target(
        type="application/vc+jwt",
        hreflang=("en", "pt-BR"),
        qualifiers=("predecessor-version",),
        method=("POST", "Authorization"),
        encryption_method="AES-256",
        access_role=("untp:accessRole#Recycler",),
        context=("EU",),
        forwards_query=True,
        public=False,
    )

    linkset = read_linkset(build_linkset([_context(full, _target(relation="dte"))]))

    assert [target.relation for target in linkset.targets()] == ["dpp", "dte"]
    read = linkset.targets("dpp")[0]
    assert read == Target(**{**_members(full), "pointer": "/linkset/0/dpp/0"})


def _members(target: Target) -> dict[str, Any]:
    return {name: getattr(target, name) for name in Target.__slots__}


def test_targets_of_one_relation_share_one_member() -> None:
    value = build_linkset([_context(_target(), _target(href="https://b.example/2"))])

    assert len(value["linkset"][0]["dpp"]) == 2


@pytest.mark.parametrize(
    ("context", "pointer"),
    [
        (_context(anchor="did:web:a.example"), "/linkset/0/anchor"),
        (_context(_target(href="ipfs://x")), "/linkset/0/dpp/0/href"),
        (_context(_target(href="https://a b")), "/linkset/0/dpp/0/href"),
        (_context(_target(relation="untp:dpp")), "/linkset/0/untp:dpp"),
        (_context(_target(relation="https://a.example/with-hyphen")), "/linkset/0/https:~1~1a.example~1with-hyphen"),
        (_context(_target(relation="anchored")), "/linkset/0/anchored"),
        (_context(_target(type="jwt")), "/linkset/0/dpp/0/type"),
        (_context(_target(hreflang=("english",))), "/linkset/0/dpp/0/hreflang/0"),
    ],
)
def test_what_the_schema_refuses_is_not_built(context: LinkContext, pointer: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        build_linkset([context])

    assert caught.value.problem.pointer == pointer
    assert caught.value.problem.fix


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"linkset": {}},
        {"linkset": [], "more": 1},
        {"linkset": ["text"]},
        {"linkset": [{"anchor": 7}]},
        {"linkset": [{"anchor": YARN, "description": 7}]},
        {"linkset": [{"anchor": YARN, "dpp": "text"}]},
        {"linkset": [{"anchor": YARN, "dpp": {"href": "https://a.example/1", "title": "t"}}]},
        {"linkset": [{"anchor": YARN, "dpp": [{"href": "https://a.example/1"}]}]},
        {"linkset": [{"anchor": YARN, "dpp": [{"href": "https://a.example/1", "title": "t", "extra": 1}]}]},
        {"linkset": [{"anchor": YARN, "dpp": [{"href": "https://a.example/1", "title": "t", "fwqs": "yes"}]}]},
        {"linkset": [{"anchor": YARN, "dpp": [{"href": "https://a.example/1", "title": "t", "rel": "edit"}]}]},
    ],
)
def test_a_linkset_that_does_not_conform_is_told_so(value: dict[str, Any]) -> None:
    assert check_linkset(value)


@needs_shared
@given(
    relation=st.sampled_from(["dpp", "dcc", "dte", "dia", "item", "https://ref.gs1.org/voc/pip"]),
    title=st.text(max_size=20),
    language=st.sampled_from(["en", "pt-BR"]),
    public=st.none() | st.booleans(),
)
def test_what_we_build_the_published_schema_accepts(
    relation: str, title: str, language: str, public: bool | None
) -> None:
    schema = shared_json("untp", "v0.7.0", "artefacts", "schema", "idr", "LinksetSchema.json")
    import jsonschema_rs

    value = build_linkset([_context(_target(relation=relation, title=title, hreflang=(language,), public=public))])

    assert jsonschema_rs.validator_for(schema).is_valid(value)


def test_an_empty_linkset_is_a_linkset() -> None:
    assert to_json(Linkset(contexts=())) == {"linkset": []}
    assert check_linkset({"linkset": []}) == ()
