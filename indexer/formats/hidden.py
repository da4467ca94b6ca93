"""What a web page's styles hide: elements that a browser does not show, and words without size.

Read are inline styles and the rules of the page's own style sheets whose selector is one tag
with ids and classes (``p``, ``.note``, ``div#a.b``); of rules for a medium those for screens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml.html import HtmlElement as Element

# Never shown, or shown only by a browser that cannot do what the element is for.
UNSHOWN = (
    "template", "noscript", "datalist", "noembed", "noframes", "applet", "canvas", "video",
    "audio", "object", "meter", "progress",
)  # fmt: skip
MOST_COMPOUND = 200  # rules for several names at once that are read
LONGEST = 200  # characters of a value that are read
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)|<!--|-->")
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?|\\(.)", re.I)
_SIMPLE = re.compile(r"(?:\*|[\w-]+)?(?:[.#][\w-]+)*")
_PART = re.compile(r"[.#]?[\w-]+")
_COMBINED = re.compile(r"[\s>+~]+")
_READ_AT = re.compile(r"@media\s*(?:only\s+)?(?:screen|all)|@(?:layer|supports)\b.*", re.I | re.S)

_TINY = re.compile(r"[-+]?0*(?:\.0*)?(?:px|pt|r?em|%|ex|ch|vw|vh|cm|mm)?|0*\.\d+(?:px|pt)?")
_NOUGHT = re.compile(r"[-+]?0*(?:\.0*)?%?")
# Farther off than any column of a page lies; columns are laid out with margins of -100% too.
_FAR = re.compile(
    r"(?:^|[\s(,])(?:-(?:\d{4,}|[5-9]\d\d)(?:\.\d*)?(?:px|pt)?|-(?:\d{3,}|[5-9]\d)(?:\.\d*)?r?em"
    r"|-?\d{3,}(?:\.\d*)?(?:vw|vh)|(?:\d{5,}|[3-9]\d{3})(?:\.\d*)?(?:px|pt)?)(?=[\s),]|$)"
)
_OFFSETS = ("text-indent", "left", "right", "top", "margin-left", "margin-top", "margin")
_CLIPPED = re.compile(
    r"rect\((?:[\s,]*[01](?:px)?\b){4}\s*\)|inset\(\s*(?:50|100)%[^)]*\)|circle\(\s*0[^)]*\)"
)
_NOWHERE = re.compile(r"scale[xy3]?d?\(\s*0(?:\.0+)?\s*[,)]")
_UNSEEN = re.compile(r"opacity\s*(?:\(|=)\s*0(?:\.0+)?%?\s*\)")
_CLEAR = re.compile(r"transparent|(?:rgb|hsl)a?\([^)]*[,/]\s*0(?:\.0+)?%?\s*\)|#[0-9a-f]{6}00")
_SMALL_FONT = re.compile(r"(?:^|\s)0(?:\.0+)?(?:px|pt|em|%)?(?:\s*/|\s)")
PROPERTIES = frozenset(
    (
        "display", "visibility", "opacity", "content-visibility", "filter", "transform", "clip",
        "clip-path", "overflow", "overflow-x", "overflow-y", "height", "max-height", "width",
        "max-width", "font", "font-size", "color", *_OFFSETS,
    )
)  # fmt: skip

Rank = tuple[bool, int, int]  # important, how special its selector is, its place among the rules
Values = dict[str, tuple[Rank, str]]  # property → how much its value counts, and the value
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Why the words of an element, which those in it inherit, are not seen; each may be undone."""

    small: bool = False
    unseen: bool = False
    clear: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rules of a page's style sheets: for one name; for several, by the last of them."""

    single: dict[str, Values] = field(default_factory=dict)
    compound: dict[str, dict[Key, Values]] = field(default_factory=dict)

    def of(self, element: Element) -> Mapping[str, str]:
        """The values of the properties of ``element``, its inline style included."""
        names = {f".{name}" for name in (element.get("class") or "").lower().split()}
        names |= {str(element.tag), "*", f"#{(element.get('id') or '').lower()}"}
        found: Values = {}
        for name in names:
            _add(found, self.single.get(name, {}))
            for key, values in self.compound.get(name, {}).items():
                if names.issuperset(key):
                    _add(found, values)
        for name, value, important in _declared(_plain(element.get("style") or "")):
            _set(found, name, ((important, 1_000_000, 0), value))
        return {name: value for name, (_, value) in found.items()}


def drop_hidden(root: Element) -> None:
    """Take out, in place, all under ``root`` that its styles hide."""
    sheet = _sheet(root)
    stack = [(root, Words())]
    while stack:
        element, above = stack.pop()
        if not isinstance(element.tag, str):
            continue
        values = sheet.of(element)
        if element.getparent() is not None and _is_gone(element, values):
            empty(element)
            continue
        words = _words(values, above)
        children = list(element)
        if words != Words() and element.tag not in ("head", "style", "title"):
            element.text = None
            for inner in children:
                inner.tail = None
        stack.extend((inner, words) for inner in children)


def empty(element: Element) -> None:
    """Leave nothing of ``element`` but its place.

    Taking out many, one by one, would each time copy the words between them that grow together.
    """
    element.clear(keep_tail=True)
    element.tag = "span"


def _is_gone(element: Element, values: Mapping[str, str]) -> bool:
    """True if neither ``element`` nor anything in it is shown."""
    if element.get("hidden") is not None or values.get("display") == "none":
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    overflow = {values.get(name, "") for name in ("overflow", "overflow-x", "overflow-y")}
    sizes = (values.get(name) for name in ("height", "max-height", "width", "max-width"))
    return (
        bool(_NOUGHT.fullmatch(values.get("opacity", "1")))
        or values.get("content-visibility") == "hidden"
        or bool(_UNSEEN.search(values.get("filter", "")))
        or (bool(overflow & {"hidden", "clip"}) and any(s and _TINY.fullmatch(s) for s in sizes))
        or any(_FAR.search(values.get(name, "")) for name in _OFFSETS)
        or any(_CLIPPED.fullmatch(values.get(name, "")) for name in ("clip", "clip-path"))
        or bool(_NOWHERE.search(transform := values.get("transform", "")) or _FAR.search(transform))
    )


def _words(values: Mapping[str, str], above: Words) -> Words:
    """What hides the words of an element with ``values`` in one with the words ``above``."""
    small, size = above.small, values.get("font-size")
    if size is not None:
        relative = size.endswith(("em", "%")) and not size.endswith("rem")
        small = bool(_TINY.fullmatch(size)) or (small and relative)
    elif "font" in values:
        small = bool(_SMALL_FONT.search(values["font"]))
    seen, colour = values.get("visibility"), values.get("color")
    unseen = above.unseen if seen in (None, "inherit") else seen in ("hidden", "collapse")
    clear = above.clear if colour in (None, "inherit") else bool(_CLEAR.fullmatch(colour))
    return Words(small=small, unseen=unseen, clear=clear)


def _plain(style: str) -> str:
    """``style`` without comments and escapes, in lower case."""
    if "\\" in style:
        style = _ESCAPE.sub(lambda m: chr(min(int(m[1], 16), 0xFFFF)) if m[1] else m[2], style)
    return _COMMENT.sub("", style).lower()


def _declared(style: str) -> Iterator[tuple[str, str, bool]]:
    """The properties read here that ``style`` sets: name, value, and whether it is important."""
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        value, _, important = value[:LONGEST].partition("!")
        if name.strip() in PROPERTIES and value.strip():
            yield name.strip(), value.strip(), important.strip() == "important"


def _add(found: Values, values: Values) -> None:
    for name, value in values.items():
        _set(found, name, value)


def _set(found: Values, name: str, value: tuple[Rank, str]) -> None:
    if name not in found or found[name][0] <= value[0]:
        found[name] = value


def _sheet(root: Element) -> Sheet:
    """The rules of the style sheets in the page ``root``."""
    sheet, place = Sheet(), 0
    for style in root.iter("style"):
        if (style.get("media") or "all").strip().lower() in ("all", "screen"):
            for selectors, block in _rules(_COMMENT.sub("", style.text_content()).lower()):
                declared = list(_declared(_plain(block)))
                place += 1
                for selector in selectors.split(",") if declared else ():
                    _enter(sheet, selector.strip(), declared=declared, place=place)
    return sheet


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """The rules of ``css``: selectors and declarations; of those for a medium only the screen's."""
    skipped, selectors = 0, ""
    for piece in re.split(r"([{}])", css):
        if piece == "{":
            if skipped or (selectors.startswith("@") and not _READ_AT.fullmatch(selectors)):
                skipped += 1
            elif selectors.startswith("@"):
                selectors = ""  # rules of a medium that is the screen are as any other
        elif piece == "}":
            skipped = max(skipped - 1, 0)
            selectors = "" if not skipped else selectors
        elif selectors and not skipped:
            yield selectors, piece
        elif not skipped:
            selectors = piece[piece.rfind(";") + 1 :].strip()


def _enter(
    sheet: Sheet, selector: str, *, declared: list[tuple[str, str, bool]], place: int
) -> None:
    """Add a rule to ``sheet``; of one for elements within others only that it shows them."""
    *within, last = _COMBINED.split(selector)
    if within:
        declared = [rule for rule in declared if rule[:1] == ("display",) and rule[1] != "none"]
    if not last or not declared or not _SIMPLE.fullmatch(last):
        return
    key = tuple(_PART.findall(last)) or ("*",)
    special = 100 * selector.count("#") + 10 * selector.count(".") + len(within) + (key != ("*",))
    if len(key) == 1:
        values = sheet.single.setdefault(key[0], {})
    elif sum(map(len, sheet.compound.values())) < MOST_COMPOUND:
        values = sheet.compound.setdefault(key[-1], {}).setdefault(key, {})
    else:
        return
    for name, value, important in declared:
        _set(values, name, ((important, special, place), value))
