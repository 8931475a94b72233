"""The adversary: honest worlds with ground truth, moves any party can make, and what must hold after them."""
