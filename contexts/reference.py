"""The reference page of a vocabulary, as Markdown, built from its table.

The rule: what the page says is what the context and the schema were built from; the same table gives the same page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contexts.vocabulary import Member, TermClass, Vocabulary

_KINDS: Final = {"entity": "type", "value": "part, no type of its own", "outer": "shape of another vocabulary's class"}
_HEAD: Final = ("| member | how many | holds | IRI | notes |", "|---|---|---|---|---|")


def reference_page(vocabulary: Vocabulary) -> str:
    """The whole page, ending in one line break."""
    lines = [f"# {vocabulary.name} {vocabulary.version}", "", f"Context: `{vocabulary.url}`", ""]
    lines += ["How many: 1 required, ? optional, * any number, + at least one, 0 a list that is stated, if empty.", ""]
    if vocabulary.prefixes:
        lines += ["## Prefixes", "", *(f"- `{name}`: `{iri}`" for name, iri in vocabulary.prefixes.items()), ""]
    if vocabulary.terms:
        lines += ["## Terms used anywhere", "", *_table(vocabulary, vocabulary.terms)]
    for term_class in vocabulary.classes.values():
        lines += _class_section(vocabulary, term_class)
    lines += _code_section(vocabulary)
    return "\n".join(lines).rstrip("\n") + "\n"


def _class_section(vocabulary: Vocabulary, term_class: TermClass) -> Iterator[str]:
    yield f"## {term_class.name}"
    yield ""
    facts = [_KINDS[term_class.kind]]
    if term_class.kind == "entity":
        facts.append(f"`{term_class.iri}`")
    if len(term_class.types) > 1:
        facts.append(f"is a {', '.join(term_class.types[1:])}")
    if term_class.closed:
        facts.append("closed")
    if term_class.some:
        facts.append(f"at least one of {', '.join(term_class.some)}")
    if term_class.one:
        facts.append(f"exactly one of {', '.join(term_class.one)}")
    facts += [f"{name} needs {needed}" for name, needed in term_class.needs.items()]
    if term_class.vocab:
        facts.append(f"undefined words fall to `{term_class.vocab}`")
    yield "; ".join(facts) + "."
    yield ""
    yield from _table(vocabulary, term_class.members)


def _table(vocabulary: Vocabulary, members: tuple[Member, ...]) -> Iterator[str]:
    if not members:
        return
    yield from _HEAD
    for member in members:
        iri = f"`{member.iri}`" if member.iri else ""
        cells = (f"`{member.name}`", member.cardinality, _holds(vocabulary, member), iri, _notes(member))
        yield "| " + " | ".join(cells) + " |"
    yield ""


def _holds(vocabulary: Vocabulary, member: Member) -> str:
    if member.range.startswith("#"):
        return f"code of [{member.range[1:]}](#codes)"
    if member.range not in vocabulary.classes:
        datatype = vocabulary.datatypes.get(member.range) if member.iri else None
        return f"{member.range} (`{datatype}`)" if datatype else f"{member.range}"
    link = f"[{member.range}](#{member.range.lower()})"
    if member.view is None:
        return link
    return f"reference to {link}: " + ", ".join(f"{name}{' (1)' if needed else ''}" for name, needed in member.view)


def _notes(member: Member) -> str:
    notes = []
    if member.least is not None or member.most is not None:
        notes.append(f"{_number(member.least)} to {_number(member.most)}")
    if member.container:
        notes.append(f"container `{member.container}`")
    if member.scope:
        notes.append(f"its members mean what [{member.scope}](#{member.scope.lower()}) says")
    if member.fresh:
        notes.append("starts with no context")
    return "; ".join(notes)


def _number(bound: float | None) -> str:
    return "any" if bound is None else f"{bound:g}"


def _code_section(vocabulary: Vocabulary) -> Iterator[str]:
    if not vocabulary.codes:
        return
    yield "## Codes"
    yield ""
    for codes in vocabulary.codes.values():
        listed = ", ".join(codes.values) or (f"open, of the form `{codes.form}`" if codes.form else "open")
        yield f"- **{codes.name}**{f' (`{codes.vocab}`)' if codes.vocab else ''}: {listed}"
