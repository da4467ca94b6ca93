"""The settings as the environment has them, each checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from ipaddress import IPv4Address, IPv6Address, ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kb.errors import WrongUse
from kb.settings import (
    API_KEYS,
    KINDS,
    LOG_FORMS,
    LONGEST_KEPT,
    MILVUS_INDEXES,
    OFF,
    QUESTION_LOGS,
    RERANK_FORMS,
    SECURITIES,
    STORES,
    SWITCHES,
    WEBHOOK_FORMS,
    WHERE_UNMARKED,
    Settings,
)

POSITIVE = (
    "depth", "hits", "read", "quotes", "question_length", "body_bytes", "session_idle",
    "session_hours", "question_days", "upload_files", "upload_mb", "upload_waiting",
    "evidence_mb", "keep_snapshots", "keep_days", "keep_backups", "remind_days", "remind_again",
    "smtp_port", "milvus_timeout", "endpoint_timeout", "llm_seconds",
)  # fmt: skip
# Settings that are one of several words.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "store": STORES,
    "milvus_index": MILVUS_INDEXES,
    "rerank_form": RERANK_FORMS,
    "question_log": QUESTION_LOGS,
    "publicity_default": WHERE_UNMARKED,
    "sign_off": SWITCHES,
    "smtp_security": SECURITIES,
    "webhook_form": WEBHOOK_FORMS,
    "log_form": LOG_FORMS,
    "access_log": SWITCHES,
    "api_keys": API_KEYS,
    "mcp": SWITCHES,
    "llm_rewrite": SWITCHES,
}
# Plain HTTP only to this very machine: who can change what the provider says can be anybody.
_ISSUER = re.compile(
    r"(?:https://[^\s/?#]+|http://(?:127\.0\.0\.1|localhost)(?::\d+)?)(?:/[^\s?#]*)?"
)
_ENDPOINT = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?")
_MILVUS = re.compile(r"https?://[^\s/?#@]+(?:/\w+)?")
_MILVUS_FILE = re.compile(r"[^\s:]+\.db")
# The host and the port of an address that has the form of one.
_PLACE = re.compile(r"https?://(?:[^/?#]*@)?(\[[^]]*\]|[^:/?#]*)(?::([^/?#]*))?(?:[/?#].*)?")
# Where a server is, without who signs in there: a password that is not percent-encoded matches not.
_ENCODED = r"(?:[^\s/?#@:%]|%[0-9A-Fa-f]{2})*"
POSTGRES = re.compile(
    rf"postgresql://(?:{_ENCODED}(?::{_ENCODED})?@)?"
    r"(?P<where>(?:[^\s/?#@:\[\]]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[^\s/?#@]*)?)"
    r"(?:\?[^\s#@]*)?"
)
_MILVUS_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")
_TYPE = re.compile(r"[a-z0-9]{1,10}")
_ORIGIN = re.compile(
    r"(?!http:.*:80$|https:.*:443$)"
    r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?"
)


def read(environment: Mapping[str, str]) -> Settings:
    """Settings from ``KB_*`` variables. Raises WrongUse naming the variable."""
    given: dict[str, Any] = {}
    for setting in fields(Settings):
        variable = f"KB_{setting.name.upper()}"
        raw = environment.get(variable)
        if raw is None or not raw.strip():
            continue
        kind = KINDS.get(setting.type, str)
        try:
            given[setting.name] = kind(raw)
        except ValueError:
            raise WrongUse(f"环境变量 {variable}={raw!r} 不是{setting.type}；请改正") from None
    return _checked(Settings(**given))


def _checked(settings: Settings) -> Settings:
    for name in ("coverage_weight", "pair_weight"):
        if not getattr(settings, name) >= 0:
            raise WrongUse(f"环境变量 KB_{name.upper()} 不能是负数；请改正")
    for name in ("lexical_weight", "threshold"):
        if not 0 <= getattr(settings, name) <= 1:
            raise WrongUse(f"环境变量 KB_{name.upper()} 应在 0 与 1 之间；请改正")
    for name in POSITIVE:
        if getattr(settings, name) < 1:
            raise WrongUse(f"环境变量 KB_{name.upper()} 应是正整数；请改正")
    for name in ("rate", "free_mb"):
        if getattr(settings, name) < 0:
            raise WrongUse(f"环境变量 KB_{name.upper()} 应是 0 或正整数；请改正")
    if settings.question_days > LONGEST_KEPT:
        raise WrongUse(f"环境变量 KB_QUESTION_DAYS 最多是 {LONGEST_KEPT}；请改正")
    if not 0 <= settings.port <= 65535:
        raise WrongUse("环境变量 KB_PORT 应在 0 与 65535 之间；请改正")
    for name, words in CHOICES.items():
        if getattr(settings, name) not in words:
            raise WrongUse(f"环境变量 KB_{name.upper()} 应是 {'、'.join(words)} 之一；请改正")
    if not all(_TYPE.fullmatch(kind) for kind in settings.evidence_types.split()):
        raise WrongUse("环境变量 KB_EVIDENCE_TYPES 要写成 pdf jpg docx 的样子：小写后缀，不带点")
    for origin in settings.embed_origins.split():
        _check_origin(origin, of="EMBED_ORIGINS")
    if settings.public_address:
        _check_origin(settings.public_address, of="PUBLIC_ADDRESS")
    _check_staff_db(settings.staff_db)
    _check_milvus(settings)
    _check_keys(settings)
    _check_endpoints(settings)
    _check_oidc(settings)
    _check_reminders(settings)
    _check_llm(settings)
    _check_timezone(settings.timezone)
    for address in settings.trusted_proxy.split():
        _check_network(address, of="TRUSTED_PROXY")
    for address in settings.metrics_from.split() if settings.metrics_from != OFF else ():
        _check_network(address, of="METRICS_FROM")
    return settings


def _check_address(address: str, form: re.Pattern[str] = _ENDPOINT, *, of: str, how: str) -> None:
    """Raise WrongUse unless a service can be at ``address``; it is not shown, it may hold a key."""
    why = _misplaced(address) if form.fullmatch(address) else "不是可用的地址"
    if why:
        raise WrongUse(f"环境变量 KB_{of} {why}；请写成{how}")


def _misplaced(address: str) -> str | None:
    """What is wrong with the host or the port of ``address``."""
    place = _PLACE.fullmatch(address)
    host, port = place.groups() if place else ("", None)
    if not _is_host(host):
        return "里的主机不是主机名或 IP 地址"
    if port is not None and not (re.fullmatch("[0-9]{1,5}", port) and 0 < int(port) < 65536):
        return "里的端口不是 1 到 65535 的数"
    return None


def _is_host(host: str) -> bool:
    try:
        if host.startswith("["):
            IPv6Address(host[1:-1])
        elif re.fullmatch(r"[0-9.]+", host):
            IPv4Address(host)
        else:
            host.encode("idna")
    except ValueError:
        return False
    return re.fullmatch(r"\[.*\]|[\w.-]+", host) is not None


def _check_staff_db(address: str) -> None:
    """An address of PostgreSQL's, if any. Raises WrongUse, which tells nothing of the address."""
    if address and not POSTGRES.fullmatch(address):
        raise WrongUse(
            "环境变量 KB_STAFF_DB 不是 PostgreSQL 的地址；请写成 "
            "postgresql://账号:密码@主机:5432/数据库，账号和密码里的 @ / # ? : % 写成 "
            "%40 %2F %23 %3F %3A %25，空格写成 %20；不用 PostgreSQL 就不要设它"
        )


def _check_timezone(name: str) -> None:
    """Raise WrongUse for a zone that this machine does not know."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise WrongUse(
            f"环境变量 KB_TIMEZONE={name!r} 不是这台机器认得的时区；请写 Asia/Shanghai 这样的名称，"
            "或安装系统的 tzdata"
        ) from None


def _check_origin(origin: str, *, of: str) -> None:
    """An origin as a browser writes it, or none would ever match. Raises WrongUse."""
    if not _ORIGIN.fullmatch(origin) or _misplaced(origin):
        raise WrongUse(
            f"环境变量 KB_{of} 里的 {origin!r} 不是网站的来源；请写成 https://主机[:端口]，"
            "全小写，中文域名写 xn-- 形式，不带路径、通配符和默认端口，多个之间用空格"
        )


def _check_milvus(settings: Settings) -> None:
    """Where Milvus is, if it is to find passages. Raises WrongUse."""
    if not _MILVUS_NAME.fullmatch(settings.milvus_name):
        raise WrongUse("环境变量 KB_MILVUS_NAME 只能用字母、数字和下划线，至多 32 个；请改正")
    if settings.store != "milvus":
        return
    if not _MILVUS_FILE.fullmatch(settings.milvus_uri):
        how = (
            " http(s)://主机:端口，后面可加 /数据库，或 milvus-lite 的文件，以 .db 结尾；"
            "用户和密码写在 KB_MILVUS_TOKEN；KB_STORE=milvus 时必须写"
        )
        _check_address(settings.milvus_uri, _MILVUS, of="MILVUS_URI", how=how)
    if settings.milvus_ca and not Path(settings.milvus_ca).is_file():
        raise WrongUse(f"没有 KB_MILVUS_CA 写的文件 {settings.milvus_ca}；请核对路径")


def _check_keys(settings: Settings) -> None:
    """Keys of models that a header can hold. Raises WrongUse, which shows none."""
    for name in ("embeddings_key", "rerank_key", "llm_key"):
        if not re.fullmatch(r"[!-~]*", getattr(settings, name)):
            raise WrongUse(f"环境变量 KB_{name.upper()} 只能有看得见的 ASCII 字符；请改正")


def _check_endpoints(settings: Settings) -> None:
    """Whole addresses, and the name of what is asked for there. Raises WrongUse."""
    if settings.otlp_endpoint:
        _check_address(settings.otlp_endpoint, of="OTLP_ENDPOINT", how=" http://主机:4318 的样子")
    for name, example in (
        ("EMBEDDINGS", "http://主机:8080/v1/embeddings"),
        ("RERANK", "http://主机:8081/rerank"),
    ):
        url = getattr(settings, f"{name.lower()}_url")
        if url:
            how = f"全接口的地址，如 {example}，不带密码和问号后面的部分；密钥写在 KB_{name}_KEY"
            _check_address(url, of=f"{name}_URL", how=how)
        if url and not getattr(settings, f"{name.lower()}_model"):
            raise WrongUse(f"设了 KB_{name}_URL，还要用 KB_{name}_MODEL 写明模型的名字；请补上")


def _check_oidc(settings: Settings) -> None:
    """Both or neither of issuer and client, and an issuer as its tokens name it."""
    if bool(settings.oidc_issuer) != bool(settings.oidc_client):
        raise WrongUse("环境变量 KB_OIDC_ISSUER 和 KB_OIDC_CLIENT 要一起设，或都不设；请补上")
    if settings.oidc_issuer:
        how = "发行者的地址 https://主机/路径，不带问号后面的部分"
        _check_address(settings.oidc_issuer, _ISSUER, of="OIDC_ISSUER", how=how)


def _check_reminders(settings: Settings) -> None:
    """What is sent has a sender, and an encrypted way that nobody else can send by."""
    if settings.smtp_host and "@" not in settings.smtp_from:
        raise WrongUse("设了 KB_SMTP_HOST，还要用 KB_SMTP_FROM 写明发件邮箱；请补上")
    for name, addresses in (
        ("WEBHOOK_URL", settings.webhook_url),
        ("NOTIFY_URLS", settings.notify_urls),
    ):
        for address in addresses.split():
            how = " https:// 开头的地址（本机可以用 http）"
            _check_address(address.partition("?")[0], _ISSUER, of=name, how=how)
    if settings.notify_urls and not settings.notify_secret:
        raise WrongUse("设了 KB_NOTIFY_URLS，还要用 KB_NOTIFY_SECRET 写明签名密钥；请补上")
    if not settings.webhook_url:
        return
    if settings.webhook_form == "plain" and not settings.webhook_secret:
        raise WrongUse("KB_WEBHOOK_FORM 是 plain 时要用 KB_WEBHOOK_SECRET 写明签名密钥；请补上")


def _check_llm(settings: Settings) -> None:
    """Where the language model is and what it is called. Raises WrongUse."""
    if not settings.llm_url:
        if settings.llm_rewrite == "on":
            raise WrongUse("KB_LLM_REWRITE=on 要有语言模型；请用 KB_LLM_URL 写明地址，或改成 off")
        return
    _check_address(settings.llm_url, of="LLM_URL", how=" http://主机:8000/v1 的样子")
    if not settings.llm_model:
        raise WrongUse("设了 KB_LLM_URL，还要用 KB_LLM_MODEL 写明模型的名字；请补上")


def _check_network(address: str, *, of: str) -> None:
    try:
        ip_network(address)
    except ValueError:
        raise WrongUse(
            f"环境变量 KB_{of} 里的 {address!r} 不是地址或网段；请写成 10.0.0.5 或 10.0.0.0/24"
        ) from None
