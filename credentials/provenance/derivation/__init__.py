"""Why a claim's lower bound is what it is, step by step; and who would have to lie for it to be false."""
