"""Our own passports and an event, of the size and shape of UNTP 0.7.0's published samples, unsigned.

What is measured must be here even where those samples are not. Like them they are spelt a little otherwise than the
taxonomy and state a unit or two that the metric does not have, so that lint has something to say of each.
"""

from __future__ import annotations

from typing import Any

from benchmarks.document_parts import (
    MADE,
    RULES,
    box,
    claim,
    coded,
    country_named,
    credential_link,
    credential_of,
    label,
    material,
    measured,
    metal,
    packing,
    place,
    role,
    scheme,
    scored,
    site,
)
from node.demo.drafts import link, measure

_WATER = (
    "How carefully fresh water is taken, used and given back where a thing is made, so that neighbours, rivers and "
    "the seasons after this one have enough of it, and clean."
)
_CLIMATE = (
    "What a thing adds to the warming of the air, by burning on the site, by power that was bought and by all that "
    "happened before and after, and what is being done to add less every year."
)


def passport() -> dict[str, Any]:
    """The passport of a lot of scoured wool: one material, two claims."""
    wool = coded("02961", "Wool of sheep, greasy", "Wool of sheep as it was shorn, greasy or only washed on the back.")
    company = ("wool-station.example.com", "Southern Alps Wool Station Ltd", "WOOL-17")
    subject = {
        "type": ["Product"],
        "id": "https://id.wool-station.example.com/product/scoured-2025",
        "name": "Scoured Wool (21 micron)",
        "description": "Merino wool of about 21 micron, shorn in one season and scoured at the station's own mill "
        "with water from the river beside it. Packed in bales and ready to be combed and spun.",
        "idScheme": scheme("https://id.wool-station.example.com", "Product Numbers of the Station"),
        "modelNumber": "WS-SCOUR-21",
        "batchNumber": "2025-Q2-0812",
        "idGranularity": "model",
        "productCategory": [wool],
        "relatedDocument": [credential_link("assurance-office.example.com/dcc/wool-17", "Pasture Mark — The Station")],
        "relatedParty": [role("manufacturer", company, "NZ")],
        "producedAtFacility": site("fac-0417", "Southern Alps Scouring Mill"),
        "productionDate": MADE,
        "countryOfProduction": country_named("NZ"),
        "dimensions": {"weight": measure(1200)},
        "materialProvenance": [material("Greasy wool", "NZ", wool, 0.7, 840)],
        "performanceClaim": [
            claim(
                company[0],
                "wool-carbon-2025",
                "Carbon Footprint of the Product — Scoured Wool",
                "Greenhouse gases of a tonne of scoured wool, from the pasture to the gate of the mill.",
                ("climate-care", "Care for the Climate (Pasture Mark, Criterion 8)"),
                ("greenhouse-gas-emissions", "Greenhouse Gas Emissions", _CLIMATE),
                [measured("product-carbon-footprint", "Product Carbon Footprint", 9.4, "KGM")],
                explained=True,
            ),
            claim(
                company[0],
                "wool-water-2025",
                "Water Used — Scoured Wool",
                "Fresh water that a tonne of scoured wool took at the mill, without rain on the pasture.",
                ("water-care", "Care for Rivers and Springs (Pasture Mark, Criterion 11)"),
                ("water-conservation", "Water Conservation", _WATER),
                [measured("water-intensity", "Water Intensity", 22, "MTQ")],
                explained=True,
            ),
        ],
    }
    return credential_of("DigitalProductPassport", company, "dpp/scoured-2025", subject)


def large_passport() -> dict[str, Any]:
    """The passport of one heat pump: characteristics, documents, six materials, packaging, labels, four claims."""
    pump = coded("43912", "Heat pumps and air conditioners", "Machines that move heat, for rooms or for processes.")
    company = ("heat-works.example.com", "Tyrolean Heat Works GmbH", "HEAT-09")
    subject = {
        "type": ["Product"],
        "id": "https://id.heat-works.example.com/product/hp-12kw-2025",
        "name": "12 kW Air to Water Heat Pump",
        "description": "Heat pump for a house, outdoor unit with propane as its refrigerant. Put together at the works "
        "in Wörgl, Austria; it heats water to 70 °C, and every part that wears can be changed on the spot.",
        "idScheme": scheme("https://id.heat-works.example.com", "Product Numbers of the Works"),
        "modelNumber": "HP-R290-12",
        "batchNumber": "2025-WGL-0119",
        "itemNumber": "HP-12-2025-00733",
        "idGranularity": "item",
        "productCategory": [pump],
        "characteristics": _characteristics(),
        "relatedDocument": _related(),
        "relatedParty": [role("manufacturer", company, "AT")],
        "producedAtFacility": site("fac-0533", "Heat Works Hall Three"),
        "productionDate": MADE,
        "countryOfProduction": country_named("AT"),
        "dimensions": box(146, 1100, 480, 1340),
        "materialProvenance": [
            material("Copper tube", "PE", metal("41512", "Copper tubes and pipes"), 0.14, 20.5, 0.3),
            material("Aluminium fins", "GN", metal("41535", "Aluminium plates and sheets"), 0.16, 23.4, 0.22),
            material("Steel housing", "SE", metal("41214", "Flat products of steel, coated"), 0.38, 55.5, 0.41),
            material("Motor magnets", "SE", metal("41603", "Rare earths, unwrought"), 0.02, 2.92, 0.05),
            material("Refrigerant", "IT", metal("33420", "Propane, liquefied"), 0.01, 1.46),
            material("Everything else (boards, plastics, cables)", "AT", pump, 0.29, 42.34, 0.12),
        ],
        "packaging": {
            "description": "Crate of spruce with corners of cardboard, lent and taken back",
            "dimensions": box(22, 1250, 620, 1500),
            "materialUsed": [packing()],
        },
        "productLabel": [
            label("CE Marking", "That the heat pump conforms to what the Union asks of it"),
            label("Energy Label", "Class of energy efficiency (A+++) for heating rooms at 35 °C, average climate"),
            label("Separate Collection", "The crossed-out bin: it is to be collected apart when its time has come"),
        ],
        "performanceClaim": _large_claims(company[0]),
    }
    return credential_of("DigitalProductPassport", company, "dpp/hp-12kw-2025", subject)


def event() -> dict[str, Any]:
    """One shipment of the wool: two parties, one lot, two places."""
    sender = ("wool-station.example.com", "Southern Alps Wool Station Ltd", "WOOL-17")
    receiver = ("biella-mill.example.com", "Biella Worsted Spinning Mill SpA", "SPIN-02")
    shipping = {
        "type": ["MoveEvent", "LifecycleEvent"],
        "id": "https://wool-station.example.com/events/move-wool-2025-0512",
        "name": "Scoured wool sent to the spinning mill",
        "description": "Sixty bales of scoured wool (21 micron) sent from the station's scouring mill to the spinning "
        "mill in Biella, by sea.",
        "eventDate": "2025-05-12T09:30:00Z",
        "activityType": {
            "code": "shipping",
            "name": "Shipping",
            "definition": "Goods leave one place on their way to another.",
            "schemeId": "https://ref.gs1.org/cbv/BizStep",
            "schemeName": "GS1 CBV Business Step",
        },
        "relatedParty": [role("consignor", sender), role("consignee", receiver)],
        "movedProduct": [
            {
                "product": {
                    "type": ["Product"],
                    "id": "https://id.wool-station.example.com/product/scoured-2025",
                    "name": "Scoured Wool (21 micron)",
                    "modelNumber": "WS-SCOUR-21",
                    "batchNumber": "2025-Q2-0812",
                    "idGranularity": "model",
                },
                "quantity": measure(10800),
                "disposition": "new",
            }
        ],
        "fromFacility": place("fac-0417", "Southern Alps Scouring Mill"),
        "toFacility": place("fac-0602", "Biella Spinning Mill"),
        "consignmentId": "urn:carrier:pacific-line:BL-2025-WS-0512",
        "relatedDocument": [
            credential_link(
                "wool-station.example.com/dpp/scoured-2025", "Digital Product Passport — Scoured Wool", "dpp"
            )
        ],
    }
    return credential_of("DigitalTraceabilityEvent", sender, "dte/move-wool-2025-0512", [shipping])


DOCUMENTS = {"DPP": passport, "DPP, large": large_passport, "DTE": event}


def _characteristics() -> dict[str, Any]:
    stated = {
        "heatOutputAt35": (12, "kW"),
        "heatOutputAt55": (11, "kW"),
        "powerInput": (2.6, "kW"),
        "highestFlowTemperature": (70, "CEL"),
        "supplyVoltage": (400, "V"),
        "lowestVoltage": (360, "V"),
        "highestVoltage": (440, "V"),
        "startingCurrent": (9, "A"),
        "refrigerantCharge": (1.4, "kg"),
        "soundPower": (49, "dB"),
    }
    return {
        "type": ["Characteristics"],
        "refrigerant": "R290 (propane), GWP 0.02",
        "climate": "average",
        **{name: measure(value, unit) for name, (value, unit) in stated.items()},
        "pressureDrop": {"low": measure(7, "kPa"), "high": measure(31, "kPa")},
        "expectedLifetimeYears": 20,
        "expectedStarts": 90000,
        "sparePartsYears": 15,
        "outdoorTemperatureRange": {"lower": -22, "upper": 43, "unit": "CEL"},
        "seasonalEfficiency": 198,
        "extinguishingAgent": "Dry powder or carbon dioxide",
        "warrantyPeriodMonths": 84,
    }


def _related() -> list[dict[str, Any]]:
    papers = (
        ("taking-apart/HP-R290-12-guide.pdf", "How to Take It Apart", "dismantlingInfo"),
        ("due-care/report-2025.pdf", "Due Care in the Supply Chain, Report 2025", "dueDiligenceReport"),
        ("carbon/HP-R290-12-study.pdf", "Carbon Study — 12 kW Air to Water Heat Pump", "carbonFootprintStudy"),
        ("parts/HP-R290-12-list.pdf", "Spare Parts, and How to Change Them", "sparePartsInfo"),
        ("safety/HP-R290-12-rules.pdf", "Rules for Working with Propane", "safetyMeasures"),
        ("end-of-life/taking-back-heat-pumps.pdf", "How We Take Back What Has Served Its Time", "endOfLifeInfo"),
        ("conformity/declaration-HP-R290-12.pdf", "Declaration of Conformity", "euDeclarationOfConformity"),
    )
    described = [
        {**link(f"https://papers.heat-works.example.com/{path}", name, relation), "mediaType": "application/pdf"}
        for path, name, relation in papers
    ]
    return [credential_link("assurance-office.example.com/dcc/heat-09", "Fair Works Audit — Hall Three"), *described]


def _large_claims(host: str) -> list[dict[str, Any]]:
    energy, recycled = "energy-intensity", "recycled-content-percentage"
    claims = [
        claim(
            host,
            "pump-carbon-2025",
            "Carbon Footprint of the Heat Pump",
            "Greenhouse gases of one heat pump from the ore to the gate of the works, without the power it will use "
            "in the house over its life, and with the refrigerant it was filled with at the works.",
            ("climate-report", "Report on Greenhouse Gases (Fair Works Code, Part C.1)"),
            ("greenhouse-gas-emissions", "Greenhouse Gas Emissions", _CLIMATE),
            [
                measured("product-carbon-footprint", "Product Carbon Footprint", 812, "KGM")
                | {"score": {"code": "B", "rank": 2, "definition": "Second best of five classes of the council"}}
            ],
        ),
        claim(
            host,
            "pump-recycled-2025",
            "Recycled Content — Heat Pump",
            "Shares of recycled copper, aluminium and steel by mass, as the council's rules for heating ask for them.",
            ("recycled-content", "Recycled Content (Fair Works Code, Part C.5)"),
            ("recycled-material-integration", "Recycled Material Integration", ""),
            [
                measured(recycled, "Recycled Content Percentage", 27, "P1"),
                measured(recycled, "Recycled Copper", 30, "P1"),
                measured(recycled, "Recycled Aluminium", 22, "P1"),
                measured(recycled, "Recycled Steel", 41, "P1"),
            ],
        ),
        claim(
            host,
            "pump-efficiency-2025",
            "Efficiency over the Seasons",
            "Heat given for power taken, over a year of the average climate, measured at part load as well as at "
            "full load and with the power of its own pumps and fans.",
            ("energy-efficiency", "Use of Energy (Fair Works Code, Part C.3)"),
            ("energy-optimization", "Energy Optimization", ""),
            [
                measured(energy, "Seasonal Efficiency at 35 °C", 198, "P1"),
                measured(energy, "Seasonal Efficiency at 55 °C", 148, "P1"),
            ],
        ),
        claim(
            host,
            "pump-due-care-2025",
            "Due Care for People in the Supply Chain",
            "That the works ask after how people fare in mines and smelters before them, and act on what they hear, as "
            "the guidance for responsible chains of minerals describes it.",
            ("due-care", "Sourcing of Minerals (Fair Works Code, Part C.7)"),
            ("ethical-material-sourcing", "Ethical Material Sourcing", ""),
            [scored("supplier-due-diligence-coverage", "Supplier Due Diligence", "met", "All of the duties are met")],
        ),
    ]
    regulation = {"type": ["Regulation"], "id": f"{RULES}/heating/2024", "name": "Rules for Heating Products, 2024"}
    standard = {"type": ["Standard"], "id": f"{RULES}/minerals", "name": "Guidance for Responsible Minerals"}
    evidence = [credential_link("assurance-office.example.com/dcc/pump-2025", "Assurance of What Is Claimed")]
    extra: list[dict[str, Any]] = [
        {"evidence": evidence},
        {},
        {},
        {"referenceStandard": [standard], "evidence": evidence},
    ]
    return [{**claim, "referenceRegulation": [regulation], **more} for claim, more in zip(claims, extra, strict=True)]
