"""Whether a citizen's letter may be shown, as forms of mailboxes and hotlines say it."""

from __future__ import annotations

import io

import pytest

from indexer.formats import html
from indexer.formats.raw import Limits
from indexer.letter.fields import read
from kb.types import Letter

ASKED = "北桥头的护栏断了一截，孩子上学都从那里走，请尽快修。"
REPLY = (
    "<p>何女士：</p><p>您好！北桥头护栏已于3月2日修复，并加装了警示灯。</p><p>感谢您的监督。</p>"
)
SHOWN = (
    ("诉求公开", "公开"), ("是否公开", "公开"), ("是否公开", "是"), ("是否公开", "同意公开"),
    ("公开程度", "公开"), ("公开程度", "完全公开"), ("公开状态", "公开"), ("公开状态", "已公开"),
    ("是否同意公开", "同意"), ("来信是否公开", "公开"), ("信件公开", "公开"), ("工单公开", "是"),
    ("公开标志", "公开"), ("是否允许公开", "允许"), ("是否愿意公开", "愿意"),
    ("公开意愿", "愿意公开"), ("信件状态", "已公开"), ("是否公开", "●公开 ○不公开"),
    ("是否保密", "否"), ("是否保密", "不保密"), ("诉求是否保密", "否"), ("是否申请保密", "否"),
    ("公开类型", "公开信件"), ("公开情况", "公开"), ("是否网上公开", "是"), ("网上公开", "是"),
    ("公开范围", "全部公开"), ("公开权限", "所有人可见"), ("公开设置", "公开"),
    ("是否匿名", "否"), ("是否公开", "公開"), ("留言公开", "公开"),
)  # fmt: skip
BARRED = (
    ("诉求公开", "不公开"), ("诉求公开", "保密"), ("诉求公开", "未选择"), ("诉求公开", ""),
    ("是否公开", "否"), ("是否公开", "未选"), ("是否公开", "请选择"), ("是否公开", "--请选择--"),
    ("公开程度", "不公开"), ("公开程度", "部分公开"), ("公开程度", "仅公开答复"),
    ("公开程度", "内部"), ("公开程度", "隐去姓名公开"), ("公开程度", "脱敏后公开"),
    ("公开状态", "未公开"), ("公开状态", "待审核"), ("是否同意公开", "不同意"),
    ("公开意愿", "不愿意"), ("公开意愿", "无所谓"), ("是否允许公开", "不允许"),
    ("是否保密", "是"), ("是否保密", "保密"), ("是否申请保密", "是"), ("诉求是否保密", "是"),
    ("信件公开", "未勾选"), ("公开标志", "0"), ("网上公开", "否"), ("是否公开", "○公开 ●不公开"),
    ("是否公开", "○公开 ○不公开"), ("是否公开", "公开/不公开"), ("公开范围", "仅本人可见"),
    ("公开权限", "仅自己可见"), ("信件状态", "不予公开"), ("公开设置", "私密"),
    ("诉求保密", "是"), ("公开方式", "不公开（仅回复本人）"), ("留言公开", "N"),
    ("是否不公开", "是"), ("工单公开", "由部门定"), ("是否网上公开", "不"),
)  # fmt: skip


def of(body: str) -> Letter:
    page = f"<html><head><meta charset=utf-8></head><body>{body}</body></html>"
    raw = html.read(io.BytesIO(page.encode()), Limits())
    return read(raw, letter_id="a", source="a.html")


def in_rows(label: str, value: str) -> str:
    """Label and value as cells of a row of their own."""
    return (
        f"<table><tr><td>诉求标题</td><td>护栏断了</td></tr><tr><td>{label}</td><td>{value}</td></tr>"
        f"<tr><td>诉求内容</td><td>{ASKED}</td></tr><tr><td>答复单位</td><td>云水市城管局</td></tr>"
        f"<tr><td>答复内容</td><td>{REPLY}</td></tr></table>"
    )


def among_cells(label: str, value: str) -> str:
    """As two cells among others in a row."""
    return (
        f"<table><tr><td>来信人：</td><td>何*</td><td>{label}：</td><td>{value}</td></tr>"
        f"<tr><td>来信内容：</td><td colspan=3>{ASKED}</td></tr>"
        f"<tr><td>答复内容：</td><td colspan=3>{REPLY}</td></tr></table>"
    )


def on_lines(label: str, value: str) -> str:
    """On a line with a colon."""
    return (
        f"<div>信件标题：护栏断了</div><div>{label}：{value}</div><div>来信内容：{ASKED}</div>"
        f"<div>答复单位：云水市城管局</div><div>答复内容：{REPLY}</div>"
    )


def in_terms(label: str, value: str) -> str:
    """As a term and its description."""
    return (
        f"<dl><dt>主题</dt><dd>护栏断了</dd><dt>{label}</dt><dd>{value}</dd><dt>来信内容</dt>"
        f"<dd>{ASKED}</dd><dt>答复内容</dt><dd>{REPLY}</dd></dl>"
    )


FORMS = {"rows": in_rows, "cells": among_cells, "lines": on_lines, "terms": in_terms}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("label", "value"), SHOWN)
def test_what_may_be_shown_is_public(label: str, value: str, form: str) -> None:
    assert of(FORMS[form](label, value)).publicity == "public"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("label", "value"), BARRED)
def test_what_may_not_or_is_unclear_is_held_back(label: str, value: str, form: str) -> None:
    assert of(FORMS[form](label, value)).publicity != "public"


@pytest.mark.parametrize("form", FORMS)
def test_the_reply_alone_is_the_text_whatever_the_form_says(form: str) -> None:
    letter = of(FORMS[form]("诉求公开", "公开"))
    assert ASKED not in letter.body.of(letter.text)
    assert "护栏已于3月2日修复" in letter.body.of(letter.text)
