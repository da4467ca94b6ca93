"""What a file really is, by what it begins with and, for a ZIP, what it holds."""

from __future__ import annotations

import re
from typing import BinaryIO

from indexer.formats import zip

HEAD = 4096  # bytes that are sniffed
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2, header signature

# What a file begins with → what it is. A "zip" is looked into.
MAGIC = (
    (OLE, "doc"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)
# A folder inside a ZIP package → what the package is (OFD: GB/T 33190).
PACKAGES = (
    ("word/", "docx"),
    ("xl/", "xlsx"),
    ("ppt/", "pptx"),
    ("OFD.xml", "ofd"),
)
KINDS = {
    "pdf": "PDF",
    "docx": "Word 文档（docx）",
    "doc": "旧版 Office 文档（doc、xls、wps 等）",
    "xlsx": "Excel 表格",
    "pptx": "演示文稿",
    "ofd": "OFD 版式文件",
    "zip": "ZIP 压缩包",
    "rtf": "RTF 文档",
    "image": "图片",
    "archive": "压缩包",
    "html": "网页",
    "mhtml": "网页归档（mht）",
    "text": "纯文本",
    "binary": "不认识的二进制内容",
}
# Looked for in the head of a file, lower-cased, without byte order mark and NULs (UTF-16).
PDF_START = re.compile(rb"(?:\A|[\r\n])\s*%pdf-\d")
PAGE_START = re.compile(rb"\A(?>\s|<\?[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html|head)\b", re.S)
TAG = re.compile(rb"<(?:!doctype|/?[a-z][a-z0-9]*)\b[^<]*>")
MHTML_START = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:\s[^\n]*\n)*)*mime-version:")
BOM = re.compile(rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)")


def sniff(file: BinaryIO, *, page: bool = False) -> str:
    """What ``file`` really is, a key of ``KINDS``; any tag makes it HTML where a page is due."""
    head = file.read(HEAD)
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return _package(file) if kind == "zip" else kind
    text = BOM.sub(b"", head).replace(b"\0", b"").lower()
    if PDF_START.search(text[:1024]):
        return "pdf"
    if MHTML_START.match(text):
        return "mhtml"
    if PAGE_START.match(text) or (page and TAG.search(text)):
        return "html"
    controls = sum(byte < 9 or 13 < byte < 32 for byte in text)
    return "binary" if b"\0" in head or controls > len(text) // 20 else "text"


def _package(file: BinaryIO) -> str:
    """What kind of ZIP package ``file`` is; raises ``damaged_file`` if it has no directory."""
    names = zip.names(file)
    for folder, kind in PACKAGES:
        if any(name.startswith(folder) for name in names):
            return kind
    return "zip"
