"""Who is in the demo: eleven companies that run a node, one that stays silent, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanySite:
    """A place where something is made: ``process`` is a UN CPC division-5 code with its name."""

    key: str
    name: str
    country: str
    latitude: float
    longitude: float
    city: str
    process: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """One participant; its host name is ``<key>.test`` and its identity ``did:web:<key>.test``."""

    key: str
    name: str
    country: str
    role: str
    register_number: str
    site: CompanySite | None = None

    @property
    def host(self) -> str:
        """The host name under which the company publishes."""
        return f"{self.key}.test"

    @property
    def did(self) -> str:
        """The company's identity."""
        return f"did:web:{self.host}"

    def url(self, path: str) -> str:
        """An address on the company's host."""
        return f"https://{self.host}/{path.lstrip('/')}"


COMPANIES: Final[tuple[Company, ...]] = (
    Company(
        key="register", name="Open Business Register", country="IN", role="business register", register_number="R-1"
    ),
    Company(
        key="accreditor", name="Textile Accreditation Body", country="IN", role="accreditation", register_number="R-2"
    ),
    Company(key="certifier", name="Fibre Assurance", country="IN", role="certifier", register_number="C-10"),
    Company(key="fieldcheck", name="Field Check", country="IN", role="certifier", register_number="C-12"),
    Company(key="greenseal", name="Green Seal Partners", country="IN", role="certifier", register_number="C-11"),
    Company(
        key="farm",
        name="Narmada Cotton Cooperative",
        country="IN",
        role="farm",
        register_number="B-100",
        site=CompanySite(
            key="fields",
            name="Narmada fields",
            country="IN",
            latitude=22.25,
            longitude=76.04,
            city="Khargone",
            process=("01921", "Cotton, whether or not ginned"),
        ),
    ),
    Company(
        key="smallholder",
        name="Malwa Smallholders",
        country="IN",
        role="farm",
        register_number="B-101",
        site=CompanySite(
            key="plots",
            name="Malwa plots",
            country="IN",
            latitude=23.18,
            longitude=75.77,
            city="Ujjain",
            process=("01921", "Cotton, whether or not ginned"),
        ),
    ),
    Company(
        key="recycler",
        name="Second Thread Recycling",
        country="IN",
        role="recycler",
        register_number="B-102",
        site=CompanySite(
            key="sorting",
            name="Second Thread sorting hall",
            country="IN",
            latitude=22.72,
            longitude=75.86,
            city="Indore",
            process=("39215", "Cotton waste"),
        ),
    ),
    Company(
        key="spinner",
        name="Deccan Spinning Mill",
        country="IN",
        role="spinner",
        register_number="B-103",
        site=CompanySite(
            key="mill",
            name="Deccan mill",
            country="IN",
            latitude=21.15,
            longitude=79.09,
            city="Nagpur",
            process=("26360", "Cotton yarn"),
        ),
    ),
    Company(
        key="maker",
        name="Tiruppur Garment Works",
        country="IN",
        role="garment maker",
        register_number="B-104",
        site=CompanySite(
            key="works",
            name="Tiruppur works",
            country="IN",
            latitude=11.11,
            longitude=77.34,
            city="Tiruppur",
            process=("28231", "Knitted garments"),
        ),
    ),
    Company(key="brand", name="Plain Shirt Company", country="DE", role="brand", register_number="B-105"),
    Company(key="buyer", name="Department of Fair Procurement", country="DE", role="buyer", register_number="B-106"),
)

BY_KEY: Final[dict[str, Company]] = {company.key: company for company in COMPANIES}

REGISTER: Final = BY_KEY["register"]
ACCREDITOR: Final = BY_KEY["accreditor"]
CERTIFIER: Final = BY_KEY["certifier"]
FIELDCHECK: Final = BY_KEY["fieldcheck"]
GREENSEAL: Final = BY_KEY["greenseal"]
FARM: Final = BY_KEY["farm"]
SMALLHOLDER: Final = BY_KEY["smallholder"]
RECYCLER: Final = BY_KEY["recycler"]
SPINNER: Final = BY_KEY["spinner"]
MAKER: Final = BY_KEY["maker"]
BRAND: Final = BY_KEY["brand"]
BUYER: Final = BY_KEY["buyer"]
