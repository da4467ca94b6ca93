"""What the tools give, as Chinese text to read: made of the structured content and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from kb.mcp.plain import Plain

VERDICTS = {
    "verbatim": "一字不差",
    "nearly": "原文不是这样写的",
    "absent": "收录的复文里没有找到（不等于没有说过）",
    "unchecked": "没有核对：太短，或者句子太多",
}


def asked(told: Plain) -> str:
    """A reply."""
    lines = [f"（按“{told['question']}”查找）"]
    if told["parts"]:
        for part in told["parts"]:
            lines += [f"【{part['label']}】", *_reply(part)]
    else:
        lines += _reply(told)
    return "\n".join(lines)


def _reply(told: Plain) -> Iterator[str]:
    if told["reason"]:
        yield f"没有可靠的回答：{told['reason']}"
    yield from filter(None, (told["text"], told["lead"]))
    for number, quote in enumerate(told["quotes"], 1):
        yield from _quoted(f"原文 {number}", quote)
        yield from _standing(quote["standing"])
        for older in quote["earlier"]:
            yield from _quoted("以前的说法", older)
    count = told["count"] or 0
    if count > len(told["quotes"]):
        yield f"共 {count} 份，只列出前 {len(told['quotes'])} 份。"
    yield from (f"可以问：{option}" for option in told["options"])
    yield from (f"可以找：{one['label']} {one['value']}" for one in told["way_out"])
    if told["reason"]:
        yield from (f"相近的复文（不是回答）：{_cited(near)}" for near in told["nearest"])


def _quoted(head: str, quote: Plain) -> Iterator[str]:
    yield f"{head}：{quote['quote']}"
    yield f"  —— {_cited(quote)}[{quote['start']}:{quote['end']}]"
    yield from (f"  说明：{note}" for note in quote["notes"])


def _cited(cited: Plain) -> str:
    facts = (cited["issuer"], cited["number"], cited["date"])
    told = "，".join(filter(None, (cited["name"], *facts)))
    return f"{told} {cited['url'] or ''}（{cited['letter_id']}）".replace(" （", "（")


def _standing(standing: Plain | None) -> Iterator[str]:
    if standing is None:
        return
    late = "（已过期限）" if standing["overdue"] else ""
    due = f"，期限 {standing['due']}" if standing["due"] else ""
    yield f"  状态：{standing['told']}{late}{due}；{standing['record']}"
    for proof in standing["evidence"]:
        yield from _quoted(f"  依据（{proof['says']}）", proof)


def found(told: Plain) -> str:
    """A page of letters."""
    lines = [f"共 {told['count']} 份："]
    for letter in told["letters"]:
        lines.append(f"- {_cited(letter)}")
        if letter["quote"]:
            lines += _quoted("  原文", letter["quote"])
    return "\n".join([*lines, *_more(told)])


def _more(told: Plain) -> Iterator[str]:
    if told["next_cursor"]:
        yield f"还有：cursor 写 {told['next_cursor']}"


def letter(told: Plain) -> str:
    """A piece of a letter; the text stands last and nothing follows it."""
    lines = [_cited(told)]
    if told["newer"]:
        lines.append(f"这是较早的版本，现在的是 {told['newer']}")
    where = f"全文 {told['length']} 个字，以下是第 {told['start']} 到 {told['end']} 个"
    more = f"；接着取：start 写 {told['next_start']}" if told["next_start"] else ""
    return "\n".join([*lines, f"{where}{more}：", told["text"]])


def promised(told: Plain) -> str:
    """A page of promises."""
    lines = [f"共 {told['count']} 条（截至 {told['day'] or '今天'}）："]
    for promise in told["commitments"]:
        known = "经人核实" if promise["confirmed"] else "没有人核实"
        lines += _quoted(f"承诺（{promise['organ'] or '单位不详'}，{known}）", promise)
        lines += _standing(promise["standing"])
    return "\n".join([*lines, *_more(told)])


def checked(told: Plain) -> str:
    """Each sentence with what came of it."""
    lines = []
    for sentence in told["sentences"]:
        partly = "，但只是一个分句的一部分，意思要看整句" if sentence["partly"] else ""
        lines.append(f"“{sentence['text']}”：{VERDICTS[sentence['verdict']]}{partly}")
        for part in sentence["differences"]:
            given, stands = part["given"] or "（没有）", part["stands"] or "（没有）"
            lines.append(f"  这里写 {given}，原文是 {stands}")
        if sentence["quote"]:
            lines += _quoted("  原文", sentence["quote"])
    return "\n".join(lines)
