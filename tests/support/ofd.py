"""Builders of OFD files (GB/T 33190): honest ones, and parts to bend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support import hostile

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
LINE = 10.0  # millimetres from line to line
SIZE = 5.0


def words(text: str, *, x: float = 30, y: float = 30, more: str = "", code: str = "") -> str:
    """A TextObject whose first character's baseline is at ``x``, ``y``."""
    widths = (str(SIZE / 2 if character.isascii() else SIZE) for character in text[:-1])
    steps = f'DeltaX="{" ".join(widths)}"' if len(text) > 1 else ""
    return (
        f'<ofd:TextObject Boundary="{x} {y - SIZE} 160 8" Size="{SIZE}" {more}>'
        f'<ofd:TextCode X="0" Y="{SIZE}" {code or steps}>{text}</ofd:TextCode></ofd:TextObject>'
    )


def page(*objects: str, template: str = "") -> str:
    """A page's part; ``template`` is the ID of the one it is drawn upon."""
    drawn = f'<ofd:Template TemplateID="{template}"/>' if template else ""
    layer = f'<ofd:Layer Type="Body">{"".join(objects)}</ofd:Layer>'
    return f"<ofd:Page {NS}>{drawn}<ofd:Content>{layer}</ofd:Content></ofd:Page>"


def lined(*texts: str) -> str:
    """A page with one text a line."""
    return page(*(words(text, y=30 + LINE * number) for number, text in enumerate(texts)))


def parts(
    *documents: Sequence[str], templates: Mapping[str, str] | None = None, signed: bool = False
) -> dict[str, str]:
    """The parts of an OFD of ``documents``, each its pages' parts."""
    found: dict[str, str] = {}
    bodies = ""
    for number, pages in enumerate(documents):
        folder = f"Doc_{number}"
        signatures = f"<ofd:Signatures>/{folder}/Signs/Signatures.xml</ofd:Signatures>"
        bodies += (
            f"<ofd:DocBody><ofd:DocInfo><ofd:Title>文件{number}</ofd:Title></ofd:DocInfo>"
            f"<ofd:DocRoot>{folder}/Document.xml</ofd:DocRoot>"
            f"{signatures if signed else ''}</ofd:DocBody>"
        )
        listed = "".join(
            f'<ofd:Page ID="{at}" BaseLoc="Pages/Page_{at}/Content.xml"/>'
            for at in range(len(pages))
        )
        tpls = "".join(
            f'<ofd:TemplatePage ID="{name}" BaseLoc="Tpls/{name}/Content.xml"/>'
            for name in templates or {}
        )
        found[f"{folder}/Document.xml"] = (
            f"<ofd:Document {NS}><ofd:CommonData>{tpls}</ofd:CommonData>"
            f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
        )
        for at, content in enumerate(pages):
            found[f"{folder}/Pages/Page_{at}/Content.xml"] = content
        for name, content in (templates or {}).items():
            found[f"{folder}/Tpls/{name}/Content.xml"] = content
    return {"OFD.xml": f"<ofd:OFD {NS}>{bodies}</ofd:OFD>", **found}


def ofd(*documents: Sequence[str], signed: bool = False, **templates: str) -> bytes:
    """An OFD of ``documents``; templates are given by their IDs."""
    return hostile.package(parts(*documents, templates=templates, signed=signed).items())
