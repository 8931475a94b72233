"""The lots of the season: what the passports say of each, as UNTP Product subjects."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from node.demo.companies import BRAND, FARM, MAKER, RECYCLER, SMALLHOLDER, SPINNER, Company
from node.demo.drafts import SCHEME, classification, country, facility_reference, measure, party_role

ORGANIC_METRIC: Final = f"{SCHEME}/metrics/organic-content-percentage"
COTTON: Final = ("01921", "Cotton, whether or not ginned")
WASTE: Final = ("39215", "Cotton waste")
YARN: Final = ("26360", "Cotton yarn")
SHIRT: Final = ("28223", "T-shirts, singlets and other vests, knitted")


def lot(
    owner: Company,
    key: str,
    name: str,
    category: tuple[str, str],
    *,
    maker: Company,
    made: datetime,
    claims: list[dict[str, Any]],
    materials: list[dict[str, Any]],
) -> dict[str, Any]:
    """One lot as the subject of its passport; ``owner`` names it, ``maker`` made it."""
    site = maker.site
    roles = [party_role("manufacturer", maker)]
    if owner is not maker:
        roles.append(party_role("brandOwner", owner))
    return {
        "type": ["Product"],
        "id": owner.url(f"lots/{key}"),
        "name": name,
        "idScheme": {"type": ["IdentifierScheme"], "id": owner.url("lots"), "name": f"Lots of {owner.name}"},
        "batchNumber": key.rsplit("-", 2)[1] + "-" + key.rsplit("-", 1)[1].upper(),
        "idGranularity": "batch",
        "productCategory": [classification(*category)],
        "producedAtFacility": facility_reference(maker),
        "productionDate": made.date().isoformat(),
        "countryOfProduction": country(site.country if site else maker.country),
        "relatedParty": roles,
        "materialProvenance": materials,
        "performanceClaim": claims,
    }


def material(name: str, category: tuple[str, str], fraction: float, recycled: float = 0) -> dict[str, Any]:
    """One material of a lot with its share of the mass."""
    return {
        "name": name,
        "originCountry": country("IN"),
        "materialType": classification(*category),
        "massFraction": fraction,
        "recycledMassFraction": recycled,
        "hazardous": False,
    }


def shirts(made: datetime, claims: list[dict[str, Any]]) -> dict[str, Any]:
    """The garment lot the buyer asks about: 9 000 shirts of 0.4 kg."""
    product = lot(
        BRAND,
        "shirt-2026-g",
        "Plain shirt, knitted, 2026 G",
        SHIRT,
        maker=MAKER,
        made=made,
        claims=claims,
        materials=[material("Cotton yarn", YARN, 1, 0.09)],
    )
    return product | {"dimensions": {"weight": measure(0.4)}}


def yarn(made: datetime, claims: list[dict[str, Any]]) -> dict[str, Any]:
    """The spinner's yarn lot."""
    return lot(
        SPINNER,
        "yarn-2026-y",
        "Cotton yarn Ne 30, 2026 Y",
        YARN,
        maker=SPINNER,
        made=made,
        claims=claims,
        materials=[material("Cotton", COTTON, 0.91), material("Recycled cotton fibre", WASTE, 0.09, 1)],
    )


def cotton(grower: Company, made: datetime, claims: list[dict[str, Any]]) -> dict[str, Any]:
    """A lot of raw cotton of one of the two growers."""
    key = {FARM.key: "cotton-2026-a", SMALLHOLDER.key: "cotton-2026-s"}[grower.key]
    return lot(
        grower,
        key,
        "Raw cotton, " + key[-6:].replace("-", " ").upper(),
        COTTON,
        maker=grower,
        made=made,
        claims=claims,
        materials=[material("Cotton", COTTON, 1)],
    )


def recycled_fibre(made: datetime, claims: list[dict[str, Any]]) -> dict[str, Any]:
    """The recycler's fibre from post-consumer garments."""
    return lot(
        RECYCLER,
        "fibre-2026-r",
        "Recycled cotton fibre, 2026 R",
        WASTE,
        maker=RECYCLER,
        made=made,
        claims=claims,
        materials=[material("Cotton waste", WASTE, 1, 1)],
    )
