"""The text of a proposal that was pasted or brought as a file; nothing of it is kept.

Plain text is read here. Any other format is parsed in the indexer's restricted processes, from a
folder that is deleted at once: files of strangers are never parsed in the server's own.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from kb.errors import WrongUse
from kb.privacy.redact import restored
from kb.store.codec import letter_from
from kb.types import Hidden
from server.console.access.uploads import Upload
from server.console.intake.job import Intake
from server.console.intake.program import IndexerFailed

# What the indexer parses; .txt is plain text.
FORMATS = (".docx", ".pdf", ".ofd", ".doc", ".wps", ".html", ".htm")
ACCEPTED = (".txt", *FORMATS)
SECONDS = 90  # that a file may take: somebody is waiting for it
# Chinese plain text is one of these; the marks that a file begins with tell the first three.
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


# What to say of a file that was not read, by the indexer's reason.
FAILED = {
    "too_slow": f"这个文件 {SECONDS} 秒还没有读完；请拆小，或打开后复制粘贴",
    "no_indexer": "这里没有读文件的程序；请打开文件后复制粘贴",
    "busy": "正在读别人的文件；请过一会儿再试，或打开后复制粘贴",
    "": "读文件的程序出了错；请打开文件后复制粘贴",
}


def proposal_of(upload: Upload, intake: Intake) -> str:
    """The text of the file, else what was pasted. Raises WrongUse."""
    if not upload.file:
        return upload.field("text").replace("\r\n", "\n")
    name = re.split(r"[/\\]", upload.name)[-1]
    suffix = Path(name).suffix.lower()
    if suffix not in ACCEPTED:
        raise WrongUse(
            f"这里读不了“{name}”；能读的是 {' '.join(ACCEPTED)}，请另存为其中一种，或复制粘贴"
        )
    return _parsed(upload.file, name, intake) if suffix in FORMATS else _plain(upload.file, name)


def _plain(file: bytes, name: str) -> str:
    mark = next((mark for mark in MARKS if file.startswith(mark)), b"")
    for encoding in (MARKS[mark],) if mark else ("utf-8", "gb18030"):
        try:
            return file.decode(encoding).replace("\r\n", "\n")
        except ValueError:
            continue
    raise WrongUse(f"“{name}”里不是纯文本；请另存为 {' '.join(FORMATS[:3])} 之一，或打开后复制粘贴")


def _parsed(file: bytes, name: str, intake: Intake) -> str:
    """What the indexer reads in a file, as the proposer wrote it: nothing of it goes to others.

    Errors tell the file by ``name``, as it was chosen; it is kept by no name of a stranger's.
    """
    with TemporaryDirectory(prefix="fuwen-") as folder:
        path = Path(folder) / f"提案{Path(name).suffix.lower()}"
        path.write_bytes(file)
        try:
            read = intake.read_aside(path, seconds=SECONDS)
        except IndexerFailed as error:
            told = FAILED.get(error.reason, FAILED[""])
            raise WrongUse(f"“{name}”没有读成：{told}") from error
    texts = [
        restored(
            letter_from(one["letter"]),
            [Hidden(start=start, text=text) for start, text in one["hidden"]],
        ).text
        for one in read["letters"]
    ]
    if not texts:
        refused = read["refused"][0]["message"] if read["refused"] else "里面没有文字"
        refused = refused.replace(path.name, name)
        raise WrongUse(f"“{name}”读不出来：{refused}。也可以打开后复制粘贴")
    return "\n".join(texts)
