"""Whom citizens can turn to, and where organs are written to, as a profile tells it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.errors import WrongUse

_NUMBER = re.compile(r"\+?\d[\d ()（）-]{1,24}\d(?:转\d{1,6})?")
_ADDRESS = re.compile(r"[^\s@<>\"':/]{1,64}@[^\s@<>\"':/]{3,200}")
_MAILBOX = re.compile(r"https?://[^\s<>\"']{4,300}|[^\s@<>\"':/]{1,64}@[^\s@<>\"':/]{3,200}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """What a number is called that cannot wait, and the words by which it is known."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Whom citizens can turn to where no letter answers; what is "" is not offered.

    ``hotline`` is a telephone number, ``mailbox`` an address of the web or of mail, each with its
    name; ``telephones`` maps an organ, by any of its names, to its public telephone; ``urgent``
    a number to call at once to what it is for.
    """

    hotline: str = "12345"
    hotline_name: str = "政务服务便民热线"
    mailbox: str = ""
    mailbox_name: str = "市长信箱"
    telephones: Mapping[str, str] = field(default_factory=dict)
    urgent: Mapping[str, Urgent] = field(default_factory=dict)


def contacts_of(table: Mapping[str, Any]) -> Contacts:
    """The table ``[contacts]``; what a place does not say is as everywhere."""
    for name, value in table.items():
        if name not in Contacts.__slots__ or not isinstance(value, _KINDS.get(name, str)):
            raise WrongUse(
                f"地方配置的 [contacts] 里 {name} = {value!r} 不对；"
                f"可用的项是 {'、'.join(Contacts.__slots__)}；"
                "除 telephones、urgent 是表外，值都是文字"
            )
    given = Contacts(**{**table, "urgent": _urgent(table.get("urgent", {}))})
    for number in filter(None, (given.hotline, *given.telephones.values(), *given.urgent)):
        if not isinstance(number, str) or not _NUMBER.fullmatch(number):
            raise WrongUse(f"地方配置的 [contacts] 里 {number!r} 不是电话号码；请写成 0391-1234567")
    if given.mailbox and not _MAILBOX.fullmatch(given.mailbox):
        raise WrongUse(
            f"地方配置的 [contacts] 里 mailbox = {given.mailbox!r} 不是网址或邮箱；"
            "请写成 https://… 或 名字@主机"
        )
    return given


def _urgent(table: Mapping[str, Any]) -> Mapping[str, Urgent]:
    """The tables ``[contacts.urgent.…]``, by their numbers."""
    for number, told in table.items():
        match told:
            case {"name": str(), "words": [*words], **others} if not others and all(
                isinstance(word, str) and word for word in words
            ):
                continue
        raise WrongUse(
            f'地方配置的 [contacts.urgent.{number}] 不对；请写成 name = "火警"、words = ["着火"]'
        )
    return {
        number: Urgent(name=told["name"], words=tuple(told["words"]))
        for number, told in table.items()
    }


def mailboxes_of(table: Mapping[str, Any]) -> Mapping[str, str]:
    """The table ``[mailboxes]``: organ = address."""
    for organ, address in table.items():
        if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
            raise WrongUse(
                f"地方配置的 [mailboxes] 里 {organ} = {address!r} 不是邮箱；请写成 名字@主机"
            )
    return dict(table)


_KINDS: Mapping[str, type] = {"telephones": dict, "urgent": dict}
