"""What shape a credential must have: UNTP's by its type, anybody's by the schema that it names."""

from credentials.schemas.named import check_named_schemas
from credentials.schemas.registry import NO_SCHEMAS, Registered, SchemaLibrary, SchemaRefused
from credentials.schemas.untp import MOST_PROBLEMS, check_schema

__all__ = [
    "MOST_PROBLEMS",
    "NO_SCHEMAS",
    "Registered",
    "SchemaLibrary",
    "SchemaRefused",
    "check_named_schemas",
    "check_schema",
]
