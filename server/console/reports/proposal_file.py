"""The text of a proposal that was pasted or brought as a file; nothing of it is kept.

Plain text is read here. Any other format is parsed in the indexer's restricted processes, from a
folder that is deleted at once: files of strangers are never parsed in the server's own.
"""

from __future__ import annotations

import codecs
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
    suffix = Path(upload.name).suffix.lower()
    return _parsed(upload.file, suffix, intake) if suffix in FORMATS else _plain(upload.file)


def _plain(file: bytes) -> str:
    mark = next((mark for mark in MARKS if file.startswith(mark)), b"")
    for encoding in (MARKS[mark],) if mark else ("utf-8", "gb18030"):
        try:
            return file.decode(encoding).replace("\r\n", "\n")
        except ValueError:
            continue
    raise WrongUse(
        f"文件不是纯文本，也不是 {' '.join(FORMATS[:3])}；请另存为这几种格式之一，或打开后复制粘贴"
    )


def _parsed(file: bytes, suffix: str, intake: Intake) -> str:
    """What the indexer reads in a file, as the proposer wrote it: nothing of it goes to others."""
    with TemporaryDirectory(prefix="fuwen-") as folder:
        path = Path(folder) / f"提案{suffix}"
        path.write_bytes(file)
        try:
            read = intake.read_aside(path, seconds=SECONDS)
        except IndexerFailed as error:
            raise WrongUse(FAILED.get(error.reason, FAILED[""])) from error
    texts = [
        restored(
            letter_from(one["letter"]),
            [Hidden(start=start, text=text) for start, text in one["hidden"]],
        ).text
        for one in read["letters"]
    ]
    if not texts:
        refused = read["refused"][0]["message"] if read["refused"] else "里面没有文字"
        raise WrongUse(f"这个文件读不出来：{refused}。也可以打开后复制粘贴")
    return "\n".join(texts)
