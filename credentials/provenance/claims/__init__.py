"""How well a claim is borne out: its support, grade, interval and word."""
