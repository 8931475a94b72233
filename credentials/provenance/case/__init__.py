"""One question, everything in hand, and what can be asked of it: who is who, who assessed what, who is recognised."""
