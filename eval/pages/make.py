"""Write the pages: ``python -m eval.pages.make DIR`` gives the same bytes every time."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.pages.bodies import body

HERE = Path(__file__).parent
LETTERS, GOLD = HERE / "letters.jsonl", HERE / "gold.jsonl"
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
}


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def pages() -> dict[str, str]:
    """File name → the whole page, in the order of ``letters.jsonl``."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    sites = tomllib.loads((HERE / "sites.toml").read_text(encoding="utf-8"))
    return {
        f"{letter['id']}.html": templates.get_template(f"{letter['template']}.html").render(
            page=shown(letter), site=sites[letter["site"]]
        )
        for letter in rows(LETTERS)
    }


def shown(letter: Mapping[str, Any]) -> dict[str, Any]:
    """A letter as its template takes it: what the row leaves out is empty."""
    empty = {"index": {}, "attachments": [], "omit": [], "mail": {}, "clock": "", "source": ""}
    style = letter.get("editor") or EDITORS[letter["template"]]
    return {**empty, **letter, "body": Markup(body(letter["lines"], style=style))}


def write(folder: Path) -> int:
    """Write every page into ``folder``; the count of them."""
    folder.mkdir(parents=True, exist_ok=True)
    written = pages()
    for name, html in written.items():
        (folder / name).write_text(html, encoding="utf-8", newline="\n")
    return len(written)


def main(arguments: Sequence[str]) -> int:
    """Write the pages into the folder named; 2 where none is."""
    if len(arguments) != 1:
        sys.stderr.write("用法：python -m eval.pages.make 文件夹\n")
        return 2
    sys.stdout.write(f"写了 {write(Path(arguments[0]))} 页\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
