"""Words of a docx that Word neither shows nor prints: hidden runs, hidden and deleted rows.

A run is hidden by its own properties, or by those of its character, paragraph or table style
(ECMA-376, part 1, 17.7.2), of the styles these are based on, or of the document's defaults.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lxml.etree import _Element as Element

from indexer.formats.numbering import attribute, child

HIDING = ("vanish", "specVanish", "webHidden")
OFF = ("0", "false", "off")
DEEPEST = 50  # styles that one is based on; a circle of them must end


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """Which styles hide the words that have them; ``paragraph`` is the style of those with none."""

    hide: Mapping[str, bool]
    paragraph: str
    everywhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where an element stands: what hides words there, and the lines its hidden words go to."""

    hidden: bool
    line: list[str]


def drop_hidden(body: Element, styles: Element | None) -> list[str]:
    """Take hidden words out of ``body``, in place; returns them, those of a paragraph a line."""
    known = _styles(styles)
    lines: list[list[str]] = [[]]
    stack = [(body, _Place(hidden=known.everywhere, line=lines[0]))]
    while stack:
        element, place = stack.pop()
        match _name(element):
            case "tbl":
                hides = known.hide.get(_style(child(element, "tblPr"), "tblStyle"))
                place = replace(place, hidden=known.everywhere if hides is None else hides)
            case "p":
                name = _style(child(element, "pPr"), "pStyle") or known.paragraph
                lines.append([])
                place = _Place(hidden=known.hide.get(name, place.hidden), line=lines[-1])
            case "r" if _is_hidden(element, known, above=place.hidden):
                _remove(element, place.line)
                continue
            case "tr" | "tc" if _is_out(element):
                lines.append([])
                _remove(element, lines[-1])
                continue
        stack.extend((inner, place) for inner in reversed(element))
    return [line for words in lines if (line := "".join(words).strip())]


def _name(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _remove(element: Element, words: list[str]) -> None:
    """Take ``element`` out of its tree and add its words to ``words``, cells parted by tabs."""
    for inner in element.iter("{*}t", "{*}tc"):
        words.append("\t" if _name(inner) == "tc" else inner.text or "")
    above = element.getparent()
    if above is not None:
        above.remove(element)


def _is_out(element: Element) -> bool:
    """True for a row that is hidden, and for a row or a cell that a tracked change deletes."""
    properties = child(element, f"{_name(element)}Pr")
    hidden = child(properties, "hidden")
    return (
        (hidden is not None and attribute(hidden, "val") not in OFF)
        or child(properties, "del") is not None
        or child(properties, "cellDel") is not None
    )


def _is_hidden(run: Element, styles: Styles, *, above: bool) -> bool:
    """True for a hidden run; ``above`` if what it stands in is."""
    properties = child(run, "rPr")
    own = _hides(properties)
    if own is None:
        own = styles.hide.get(_style(properties, "rStyle"))
    return above if own is None else own


def _hides(properties: Element | None) -> bool | None:
    """Whether w:rPr hides words; None if it does not say."""
    said = [found for name in HIDING if (found := child(properties, name)) is not None]
    return any(attribute(switch, "val") not in OFF for switch in said) if said else None


def _style(properties: Element | None, name: str) -> str:
    return attribute(child(properties, name), "val") or ""


def _styles(root: Element | None) -> Styles:
    """The styles of ``word/styles.xml``, if present."""
    own: dict[str, bool | None] = {}
    based: dict[str, str] = {}
    usual = ""
    for style in root.iterchildren("{*}style") if root is not None else ():
        name = attribute(style, "styleId") or ""
        own[name] = _hides(child(style, "rPr"))
        based[name] = attribute(child(style, "basedOn"), "val") or ""
        if attribute(style, "type") == "paragraph":
            usual = name if attribute(style, "default") in ("1", "true", "on") else usual
    hide = {
        name: said
        for name in own
        if (said := next((s for s in _above(name, own, based) if s is not None), None)) is not None
    }
    everywhere = _hides(child(root, "docDefaults", "rPrDefault", "rPr"))
    return Styles(hide=hide, paragraph=usual, everywhere=bool(everywhere))


def _above(
    name: str, own: Mapping[str, bool | None], based: Mapping[str, str]
) -> Iterator[bool | None]:
    """What the style ``name`` says, then the one it is based on, and so on."""
    for _ in range(DEEPEST):
        if name not in own:
            return
        yield own[name]
        name = based[name]
