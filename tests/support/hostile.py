"""Builders of files that attack a parser, and of the honest files beside them.

Each gives the bytes of a real file; sizes are chosen so that building one takes well under a
second. What an attack hopes for stands in the test that sends it.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
MEGABYTE = 1024 * 1024


def body(inner: str) -> str:
    """A document part with ``inner`` as its body."""
    return f'<w:document xmlns:w="{W}"><w:body>{inner}</w:body></w:document>'


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(inner: str = "", *, document: str | bytes | None = None, **parts: str | bytes) -> bytes:
    """A docx; ``numbering="…"`` adds word/numbering.xml, and so on."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": RELATIONS,
        "word/document.xml": body(inner) if document is None else document,
    }
    members |= {f"word/{name}.xml": part for name, part in parts.items()}
    return package(members.items())


def package(members: Iterable[tuple[str, str | bytes]]) -> bytes:
    """A ZIP archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def deflated(chunk: bytes, times: int) -> bytes:
    """``chunk`` repeated ``times`` as raw DEFLATE, packed once instead of ``times`` times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    unit = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    return unit * times + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


def swollen_docx(start: bytes, chunk: bytes, times: int, end: bytes) -> bytes:
    """A docx whose document part is ``start``, ``times`` the ``chunk``, ``end``; true sizes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = head + deflated(chunk, times)[:-2]
    tail = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed += tail.compress(end) + tail.flush()
    size = len(start) + len(chunk) * times + len(end)
    crc = zlib.crc32(start)
    for _ in range(times):
        crc = zlib.crc32(chunk, crc)
    return raw_package([("word/document.xml", packed, size, zlib.crc32(end, crc))])


Member = tuple[str, bytes, int, int]  # name, raw DEFLATE, declared size, CRC-32


def raw_package(members: Sequence[Member], *, overlap: int = 1) -> bytes:
    """A ZIP whose directory says what it is told to, each entry ``overlap`` times."""
    content, directory, count = b"", b"", 0
    for name, packed, size, crc in members:
        offset = len(content)
        for copy in range(overlap):
            label = (name if copy == 0 else f"{name}{copy}.xml").encode()
            sizes = (crc, len(packed), size, len(label), 0)
            fixed = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, *sizes)
            directory += b"PK\1\2" + struct.pack("<H", 20) + fixed
            directory += struct.pack("<HHHLL", 0, 0, 0, 0, offset) + label
            count += 1
            if copy == 0:
                content += b"PK\3\4" + fixed + label + packed
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(content), 0)
    return content + directory + end


def lying_docx(text: bytes, *, declared: int) -> bytes:
    """A docx whose document part says it has ``declared`` bytes; the checksum fits those."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(text) + packer.flush()
    return raw_package([("word/document.xml", packed, declared, zlib.crc32(text[:declared]))])


def ole(*streams: str) -> bytes:
    """The start of an OLE compound file that names ``streams``, as Word 97 and Office write."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + names


def pdf(content: bytes, *, filters: int = 0, pages: int = 1, extra: str = "") -> bytes:
    """A PDF of ``pages`` pages that share one content stream, ``filters`` times deflated."""
    kids = " ".join(f"{5 + number} 0 R" for number in range(pages))
    coding = f"/Filter [{'/FlateDecode ' * filters}]" if filters else ""
    stream = f"<< /Length {len(content)} {coding} >>\nstream\n".encode()
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream + content + b"\nendstream",
    ]
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        f" /Resources << /Font << /F1 3 0 R >> {extra} >> >>"
    ).encode()
    objects += [page] * pages
    file, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(file))
        file += f"{number} 0 obj\n".encode() + item + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(file)}\n%%EOF"
    return file + head + trailer.encode()


def pdf_text(*lines: str) -> bytes:
    """A content stream that shows ASCII ``lines`` below one another, 12 points high."""
    shown = "".join(f"({line}) Tj 0 -20 Td " for line in lines)
    return f"BT /F1 12 Tf 72 700 Td {shown}ET".encode()


def flate_bomb(size: int, *, filters: int, unit: bytes = b" ") -> bytes:
    """``size`` bytes of ``unit``, deflated ``filters`` times over: hundreds of bytes."""
    chunk = unit * (MEGABYTE // len(unit))
    content = b"\x78\x9c" + deflated(chunk, size // MEGABYTE) + b"\0\0\0\0"
    for _ in range(filters - 1):
        content = zlib.compress(content, 9)
    return content
