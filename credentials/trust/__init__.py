"""Whom we believe, for what, since when."""

from credentials.trust.policy import Budget, Policy, parse_policy
from credentials.trust.trust_lists import TrustEntry, TrustList, TrustRole, parse_trust_list, trust_list_of

__all__ = [
    "Budget",
    "Policy",
    "TrustRole",
    "TrustEntry",
    "TrustList",
    "parse_policy",
    "parse_trust_list",
    "trust_list_of",
]
