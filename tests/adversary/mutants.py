"""Mutants of a derivation: one thing of it is another, and what it proves does not follow any more."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from random import Random
from typing import Any, Final

Report = dict[str, Any]
Steps = list[dict[str, Any]]


def mutants(report: Mapping[str, Any], chance: Random) -> Iterator[tuple[str, Report]]:
    """One mutant of each kind that applies, each at a step of its own; the report itself stays as it is."""
    for name, change in KINDS.items():
        changed: Report = json.loads(json.dumps(report))
        steps: Steps = changed["derivation"]["steps"]
        if change(changed, steps, chance):
            yield name, changed


def _premise_dropped(report: Report, steps: Steps, chance: Random) -> bool:
    # of several ways to the same share one is enough, so that is no mutant
    step = chance.choice([one for one in steps if one["from"] and one["rule"] != "any"])
    step["from"].pop(chance.randrange(len(step["from"])))
    return True


def _step_dropped(report: Report, steps: Steps, chance: Random) -> bool:
    gone = chance.randrange(len(steps))
    del steps[gone]
    for step in steps:
        kept = [one for one in step["from"] if one != gone]
        step["from"] = [one - 1 if isinstance(one, int) and one > gone else one for one in kept]
    for claim in report["claims"]:
        if claim["derivation"] is not None and claim["derivation"] > gone:
            claim["derivation"] -= 1
    return True


def _step_added(report: Report, steps: Steps, chance: Random) -> bool:
    steps.append({"rule": "sum", "from": [], "party": "", "say": "", "value": ["0", "0"]})
    return True


def _pointer(report: Report, steps: Steps, chance: Random) -> bool:
    premises = [one for step in steps for one in step["from"] if isinstance(one, list)]
    places = sorted({pointer for _, pointer in premises})
    one = chance.choice(premises)
    others = [place for place in places if place != one[1]]
    one[1] = chance.choice(others) if others and chance.random() < 0.7 else f"{one[1]}/0"
    return True


def _document(report: Report, steps: Steps, chance: Random) -> bool:
    one = chance.choice([one for step in steps for one in step["from"] if isinstance(one, list)])
    count = len(report["derivation"]["documents"])
    one[0] = (one[0] + 1 + chance.randrange(count - 1)) % count
    return True


def _digest(report: Report, steps: Steps, chance: Random) -> bool:
    documents = report["derivation"]["documents"]
    place = chance.randrange(len(documents))
    documents[place] = f"{int(documents[place], 16) ^ 1:064x}"
    return True


def _party(report: Report, steps: Steps, chance: Random) -> bool:
    step = chance.choice([one for one in steps if one["party"]])
    others = sorted({one["party"] for one in steps} - {step["party"], ""})
    step["party"] = chance.choice([*others, "did:web:somebody.test"])
    return True


def _say(report: Report, steps: Steps, chance: Random) -> bool:
    step = chance.choice([one for one in steps if one["say"]])
    others = sorted({one["say"] for one in steps} - {step["say"], ""})
    step["say"] = chance.choice([*others, ""])
    return True


def _rule(report: Report, steps: Steps, chance: Random) -> bool:
    step = chance.choice(steps)
    step["rule"] = chance.choice(sorted({one["rule"] for one in steps} - {step["rule"]} | {"nonsense"}))
    return True


def _number(factor: Fraction) -> Callable[[Report, Steps, Random], bool]:
    def change(report: Report, steps: Steps, chance: Random) -> bool:
        numbers = [
            (step, place)
            for step in steps
            if step["rule"] not in ("key", "listed", "accredited", "say")
            for place in (range(len(step["value"])) if isinstance(step["value"], list) else (None,))
            if (step["value"] if place is None else step["value"][place]) not in (None, "0")
        ]
        step, place = chance.choice(numbers)
        told = step["value"] if place is None else step["value"][place]
        other = str(Fraction(told) * factor)
        if place is None:
            step["value"] = other
        else:
            step["value"][place] = other
        return True

    return change


def _bound(report: Report, steps: Steps, chance: Random) -> bool:
    claims = [one for one in report["claims"] if one["derivation"] is not None]
    chance.choice(claims)["value"][0] += 0.01
    return True


def _liar(report: Report, steps: Steps, chance: Random) -> bool:
    claims = [one for one in report["claims"] if one["holdsUnless"] and one["holdsUnless"]["sets"]]
    if not claims:
        return False
    sets = chance.choice(claims)["holdsUnless"]["sets"]
    alone = [place for place, one in enumerate(sets) if len(one) == 1]
    if alone and chance.random() < 0.5:
        del sets[chance.choice(alone)]
    else:
        sets[chance.randrange(len(sets))] = ["did:web:somebody.test"]
    return True


KINDS: Final[Mapping[str, Callable[[Report, Steps, Random], bool]]] = {
    "premise dropped": _premise_dropped,
    "step dropped": _step_dropped,
    "step added": _step_added,
    "pointer": _pointer,
    "document": _document,
    "digest": _digest,
    "party": _party,
    "say": _say,
    "rule": _rule,
    "number up": _number(Fraction(101, 100)),
    "number down": _number(Fraction(99, 100)),
    "bound": _bound,
    "liar": _liar,
}
