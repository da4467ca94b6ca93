"""One tree of errors. Each says which thing, why, and what to do, in Chinese.

``code`` is stable and machine-readable; ``status`` is the HTTP status that the server uses.
"""

from __future__ import annotations

import errno

_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已经有这个文件或文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "文件系统只读",
    errno.EIO: "磁盘读写出错",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ENAMETOOLONG: "名字太长",
    errno.ELOOP: "链接绕成了圈",
    errno.ESTALE: "网络盘上的文件已不在",
    errno.ENXIO: "不是可以读的文件",
    errno.EADDRINUSE: "端口已被占用",
}


def reason(error: OSError) -> str:
    """Why the system refused, in Chinese where it is a usual reason; "" where it says nothing."""
    return _REASONS.get(error.errno or 0, error.strerror or "")


class KbError(Exception):
    """The root: anything that fuwen itself refuses to do."""

    status = 500
    code = "internal"


class UnreadableFile(KbError):
    """A file that cannot be read as a letter; ``code`` says why, see ``READING_CODES``."""

    status = 422

    def __init__(self, code: str, message: str) -> None:
        if code not in READING_CODES:
            raise ValueError(f"unknown reading code {code!r}; known: {sorted(READING_CODES)}")
        super().__init__(message)
        self.code = code


# Stable codes of refused files, and what each means to the person who put the file there.
READING_CODES = {
    "unsupported_format": "不支持的格式；请另存为 txt、html、docx、pdf、ofd、csv、xlsx 或 jsonl",
    "format_mismatch": "扩展名与内容不符；请改正扩展名或重新导出",
    "encoding_unknown": "无法确定文字编码；请另存为 UTF-8",
    "garbled_text": "文字是乱码（编码转换时出了错）；请从原系统重新导出为 UTF-8，不要把乱码另存",
    "several_letters": "一个文件里有几份复文，会把一份的话算到另一份头上；请一份存成一个文件再放入",
    "empty_file": "没有任何文字；请检查文件是否导出完整",
    "no_text": '没有文字层（可能是扫描件）；请先做文字识别再放入，或者 pip install "fuwen[ocr]"',
    "unreadable_layer": "文字层读不全（字体没有嵌入，或逐字转了方向）；请嵌入字体后重新导出",
    "unclear_scan": "扫描件不清楚，文字认不准；请用 300 dpi 重新扫描，或者放入电子版",
    "not_on_page": "网页文件里没有正文；请打开网页，等正文出现以后复制正文存成 txt，再放入",
    "attachment_only": "网页上没有答复的正文，只有附件；请下载附件，把附件放入",
    "no_reply": "网页上只有来信，没有答复；请在答复之后再放入",
    "needs_password": "文件加了密码；请去掉密码后再放入",
    "legacy_doc": "旧版 .doc、.wps 格式；请另存为 .docx，或者装上 LibreOffice（KB_SOFFICE）",
    "legacy_table": "旧版 .xls、.et 表格；请另存为 .xlsx，或者装上 LibreOffice（KB_SOFFICE）",
    "unknown_table": "认不出是什么表；请补上提案交办表（案号、案由、承办单位……）"
    "或信箱、热线（来信内容、答复内容……）的表头",
    "damaged_file": "文件已损坏或被截断；请重新导出",
    "zip_bomb": "压缩内容异常膨胀；请确认文件来源",
    "xml_dtd_forbidden": "文件含有 DOCTYPE 声明，可能引用外部内容；请重新导出",
    "ofd_outside": "OFD 里有指到文件之外的路径；请确认文件来源，或重新导出",
    "ofd_absolute": "OFD 里有绝对路径；请确认文件来源，或重新导出",
    "ofd_symlink": "OFD 里有链接；请确认文件来源，或重新导出",
    "ofd_missing_page": "OFD 缺了一页；请重新导出",
    "ofd_too_many_pages": "OFD 的页数超过上限；请拆分文件后再放入",
    "nested_archive": "压缩包里还有压缩包；请先把里面的解开",
    "resource_limit": "解析超出内存或时间上限；请拆分文件或重新导出",
    "too_slow": "处理得太久，超过时间上限；请拆分文件，去掉成片的空格或重复的字后再放入",
    "taken_down": "已下令撤下，不再收录；要重新收录，请先用 fuwen index takedown 编号 --undo 撤销",
    "bad_id": "编号（文件名就是编号）不合规定；请改用文字、数字、空格和常用标点，至多 200 个字",
    "bad_line": "这一行不是合法的记录；请改正（jsonl 见 README，表格见 docs/registers.md）",
    "bad_text": "文字中含有无法保存的字符（孤立代理项）；请重新导出",
    "duplicate_id": "与另一份复文的编号相同；请改用不同的编号",
    "too_large": "文件超过大小上限；请拆分后再放入",
    "unreadable_path": "文件打不开；请检查路径和权限",
}


class WrongUse(KbError):
    """A request that makes no sense as written."""

    status, code = 422, "wrong_use"


class NoSnapshot(KbError):
    """There is nothing published to read."""

    status, code = 503, "no_snapshot"


class BadSnapshot(KbError):
    """A snapshot that is damaged, incomplete or of another make."""

    status, code = 503, "bad_snapshot"


class LetterNotFound(KbError):
    """No letter has this id or document number."""

    status, code = 404, "letter_not_found"


class StoreBusy(KbError):
    """Another indexer is writing to the same data folder."""

    status, code = 409, "store_busy"


class ModelUnusable(KbError):
    """The embedding model cannot be loaded, or is not what the snapshot was built with."""

    status, code = 503, "model_unusable"


class RunnerFailed(KbError):
    """One of several processes or hosts that index together could not do its part."""

    status, code = 503, "runner_failed"


class StoreFull(KbError):
    """The disk (or the quota) has no room for the snapshot being written."""

    status, code = 507, "store_full"


class StoreUnreachable(KbError):
    """The engine that holds the snapshots' indexes does not answer, or not to us."""

    status, code = 503, "store_unreachable"
