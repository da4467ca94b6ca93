"""Write the pages: ``python -m eval.pages.make DIR [--set NAME]``, the same bytes every time."""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.pages.bodies import body

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSet:
    """A folder of letters, sites and templates, and of what a careful reader knows of them."""

    folder: Path

    @property
    def letters(self) -> Path:
        """The letters, a page a line."""
        return self.folder / "letters.jsonl"

    @property
    def gold(self) -> Path:
        """What is right of every page."""
        return self.folder / "gold.jsonl"


# "first" and "second" have been looked at while rules were changed; "third" came after that,
# and "fourth" after the third.
SETS = {
    "first": PageSet(folder=HERE),
    "second": PageSet(folder=HERE / "second"),
    "third": PageSet(folder=HERE / "third"),
    "fourth": PageSet(folder=HERE / "fourth"),
}
# The editor's markup that is usual in each site system.
EDITORS = {
    "trs": "font",
    "jcms": "p",
    "vsb": "word",
    "ucap": "p",
    "xxgk": "p",
    "siteweaver": "br",
    "dede": "p",
    "oldtable": "br",
    "mailbox": "p",
    "hotline": "br",
    "wechat": "section",
    "congress": "font",
    "trswcm": "nbsp",
    "jcmsxx": "p",
    "ucap2": "runs",
    "vsbform": "word",
    "xxgkml": "nbsp",
    "npcsys": "font",
    "cppcc": "br",
    "mayor": "br",
    "hot12345": "data",
    "wx": "section",
    "ministryasp": "br",
    "wordhtml": "runs",
    "aspnet": "font",
    "vue": "data",
    "engclass": "p",
    "flatreport": "data",
    "mobile": "nbsp",
    "govcn": "p",
    "jpaas": "p",
    "epoint": "runs",
    "phpcms": "nbsp",
    "ecms": "br",
    "zwgkxq": "word",
    "semantic": "p",
    "redhead": "font",
    "tabs": "p",
    "wenzheng": "br",
    "gongdan": "br",
    "apph5": "section",
    "rows": "br",
    "easysite": "font",
    "sharepoint": "rich",
    "boot": "nbsp",
    "navol": "p",
    "bottomtab": "nbsp",
    "center08": "br",
    "spacedlabels": "runs",
    "hashed": "data",
    "fieldset": "br",
    "accordion": "p",
    "letterbox": "br",
    "style3": "font",
    "printdup": "word",
    "countyapp": "section",
    "lefttree": "rich",
}


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines; U+2028 inside of one ends no line."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def pages(page_set: PageSet) -> dict[str, str]:
    """File name → the whole page, in the order of ``letters.jsonl``."""
    templates = Environment(
        loader=FileSystemLoader(page_set.folder / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    sites = tomllib.loads((page_set.folder / "sites.toml").read_text(encoding="utf-8"))
    return {
        f"{letter['id']}.html": templates.get_template(f"{letter['template']}.html").render(
            page=shown(letter), site=sites[letter["site"]]
        )
        for letter in rows(page_set.letters)
    }


def shown(letter: Mapping[str, Any]) -> dict[str, Any]:
    """A letter as its template takes it: what the row leaves out is empty."""
    lists: dict[str, list[str]] = {
        name: [] for name in ("attachments", "comments", "omit", "related")
    }
    empty = {"index": {}, "mail": {}, **dict.fromkeys(("clock", "source", "before", "after"), "")}
    style = letter.get("editor") or EDITORS[letter["template"]]
    return {**lists, **empty, **letter, "body": Markup(body(letter["lines"], style=style))}


def write(folder: Path, page_set: PageSet) -> int:
    """Write every page into ``folder`` in its own encoding; the count of them."""
    folder.mkdir(parents=True, exist_ok=True)
    encodings = {row["id"]: row.get("encoding", "utf-8") for row in rows(page_set.letters)}
    written = pages(page_set)
    for name, html in written.items():
        (folder / name).write_bytes(html.encode(encodings[Path(name).stem]))
    return len(written)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages of a set into the folder named."""
    parser = argparse.ArgumentParser(prog="python -m eval.pages.make", description="写出网页")
    parser.add_argument("folder", type=Path, help="写到哪个文件夹")
    parser.add_argument("--set", choices=SETS, default="first", help="哪一组网页")
    given = parser.parse_args(arguments)
    sys.stdout.write(f"写了 {write(given.folder, SETS[given.set])} 页\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
