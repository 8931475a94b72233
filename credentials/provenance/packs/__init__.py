"""Rule packs: what rules know of trades and schemes, as data that an operator can add to."""
