"""The parts that our own documents are put together from, one function for each class of UNTP 0.7.0 they have."""

from __future__ import annotations

from typing import Any

from node.demo.drafts import CONTEXT, classification, link, measure, topic

ISSUED, MADE = "2025-05-12T00:00:00Z", "2025-05-09"
RULES = "https://rules.heating-council.example.org"
_COUNTRIES = {"NZ": "New Zealand", "IT": "Italy", "AT": "Austria", "PE": "Peru", "GN": "Guinea", "SE": "Sweden"}
_METRICS = "https://vocabulary.uncefact.org/performance-metric/"
_TOPICS = "https://vocabulary.uncefact.org/conformity-topic/"
#: A picture of one pixel, as a data member carries it.
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mPQqgoAAAHGAPXUaXB+AAAAAElFTkSuQmCC"

Company = tuple[str, str, str]  # host, name, number in the register


def credential_of(kind: str, company: Company, path: str, subject: Any) -> dict[str, Any]:
    """The members every credential has; ``path`` is its address on the host of the company that issues it."""
    host, name, number = company
    return {
        "type": [kind, "VerifiableCredential"],
        "@context": CONTEXT,
        "id": f"https://credentials.{host}/{path}",
        "issuer": {
            "type": ["CredentialIssuer"],
            "id": f"did:web:{host}",
            "name": name,
            "issuerAlsoKnownAs": [party(f"https://companies.example.org/entries/{number}", name, number)],
        },
        "validFrom": ISSUED,
        "name": f"{name}: {path}",
        "credentialSubject": subject,
    }


def party(id_: str, name: str, number: str) -> dict[str, Any]:
    """A Party with its number in a register."""
    companies = scheme("https://companies.example.org", "Register of Companies and Cooperatives")
    return {"type": ["Party"], "id": id_, "name": name, "registeredId": number, "idScheme": companies}


def role(role: str, company: Company, country: str = "") -> dict[str, Any]:
    """A company in a role (code list PartyRole)."""
    host, name, number = company
    who = party(f"did:web:{host}", name, number)
    return {"role": role, "party": who | ({"registrationCountry": country_named(country)} if country else {})}


def scheme(id_: str, name: str) -> dict[str, Any]:
    """An IdentifierScheme."""
    return {"type": ["IdentifierScheme"], "id": id_, "name": name}


def country_named(code: str) -> dict[str, Any]:
    """A country by code and name."""
    return {"countryCode": code, "countryName": _COUNTRIES[code]}


def coded(code: str, name: str, definition: str) -> dict[str, Any]:
    """A code of the UN CPC with its definition."""
    return {**classification(code, name), "definition": definition}


def metal(code: str, name: str) -> dict[str, Any]:
    """A code whose definition adds little to its name."""
    return coded(code, name, f"{name}, of any grade, as it leaves the smelter or the mill, before it is made a part.")


def place(key: str, name: str) -> dict[str, Any]:
    """A short reference to a Facility."""
    return {"type": ["Facility"], "id": f"https://places.example.org/{key}", "name": name, "registeredId": key}


def site(key: str, name: str) -> dict[str, Any]:
    """A Facility and the register that knows it."""
    return {**place(key, name), "idScheme": scheme("https://places.example.org", "Register of Places")}


def credential_link(address: str, name: str, relation: str = "dcc") -> dict[str, Any]:
    """A Link to a credential at ``address``."""
    return {**link(f"https://credentials.{address}", name, relation), "mediaType": "application/ld+json"}


def box(weight: float, length: float, width: float, height: float) -> dict[str, Any]:
    """Dimensions: kilograms and millimetres."""
    sides = {"length": length, "width": width, "height": height}
    return {"weight": measure(weight), **{side: measure(value, "MMT") for side, value in sides.items()}}


def material(
    name: str, country: str, kind: dict[str, Any], fraction: float, mass: float, recycled: float = 0
) -> dict[str, Any]:
    """A Material with its share of the mass."""
    return {
        "name": name,
        "originCountry": country_named(country),
        "materialType": kind,
        "massFraction": fraction,
        "mass": measure(mass),
        "recycledMassFraction": recycled,
        "hazardous": False,
    }


def claim(
    host: str,
    key: str,
    name: str,
    description: str,
    criterion: tuple[str, str],
    about: tuple[str, str, str],
    measured: list[dict[str, Any]],
    *,
    explained: bool = False,
) -> dict[str, Any]:
    """A Claim; ``explained`` puts the topic, with its definition, into the criterion as well."""
    slug, label, definition = about
    stated = {**topic(slug, label), "id": _TOPICS + slug, **({"definition": definition} if explained else {})}
    reference = {"type": ["Criterion"], "id": f"{RULES}/criteria/{criterion[0]}/v2", "name": criterion[1]}
    return {
        "type": ["Claim"],
        "id": f"https://{host}/claims/{key}",
        "name": name,
        "description": description,
        "referenceCriteria": [reference | ({"conformityTopic": [stated]} if explained else {})],
        "claimDate": MADE,
        "claimedPerformance": measured,
        "conformityTopic": [stated],
    }


def measured(slug: str, name: str, value: float, unit: str) -> dict[str, Any]:
    """A Performance with a measure."""
    return {"metric": metric(slug, name), "measure": measure(value, unit)}


def scored(slug: str, name: str, code: str, definition: str) -> dict[str, Any]:
    """A Performance with a score."""
    return {"metric": metric(slug, name), "score": {"code": code, "rank": 1, "definition": definition}}


def metric(slug: str, name: str) -> dict[str, Any]:
    """A PerformanceMetric, spelt as the samples spell them."""
    return {"type": ["PerformanceMetric"], "id": _METRICS + slug, "name": name}


def label(name: str, description: str) -> dict[str, Any]:
    """A product label with a picture."""
    return {"name": name, "description": description, "imageData": _PIXEL, "mediaType": "image/png"}


def packing() -> dict[str, Any]:
    """A Material of a packaging, whose mass is not stated."""
    packed = material("Crate of spruce", "AT", classification("31700", "Packing cases of wood"), 0.9, 0, 0.1)
    return {member: value for member, value in packed.items() if member != "mass"}
