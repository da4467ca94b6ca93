"""Every setting, read once at main and then passed. ``docs/settings.md`` lists them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

BUNDLED_MODEL = Path(__file__).parent / "models" / "e5-small-zh"
BUNDLED_READER = Path(__file__).parent / "models" / "reader-zh"
BUNDLED_TAGGER = Path(__file__).parent / "models" / "tagger-zh"
BUNDLED_ANSWER = Path(__file__).parent / "models" / "answer.json"  # when no model reads
OFF = "off"
WhereUnmarked = Literal["public", "held"]
WHERE_UNMARKED: tuple[WhereUnmarked, ...] = get_args(WhereUnmarked)
QuestionLog = Literal["off", "masked", "on"]
QUESTION_LOGS: tuple[QuestionLog, ...] = get_args(QuestionLog)
Security = Literal["starttls", "tls", "none"]
SECURITIES: tuple[Security, ...] = get_args(Security)
WebhookForm = Literal["plain", "wecom", "dingtalk"]
WEBHOOK_FORMS: tuple[WebhookForm, ...] = get_args(WebhookForm)
LogForm = Literal["text", "json"]
LOG_FORMS: tuple[LogForm, ...] = get_args(LogForm)
StoreKind = Literal["local", "milvus"]
STORES: tuple[StoreKind, ...] = get_args(StoreKind)
MilvusIndex = Literal["FLAT", "HNSW", "AUTOINDEX"]
MILVUS_INDEXES: tuple[MilvusIndex, ...] = get_args(MilvusIndex)
RerankForm = Literal["jina", "tei"]
RERANK_FORMS: tuple[RerankForm, ...] = get_args(RerankForm)
Switch = Literal["off", "on"]
SWITCHES: tuple[Switch, ...] = get_args(Switch)
ApiKeys = Literal["optional", "required"]
API_KEYS: tuple[ApiKeys, ...] = get_args(ApiKeys)
LONGEST_KEPT = 36500  # days that questions may be kept; more is no date


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The values in force; each comes from ``KB_<NAME>`` or its default below."""

    data: Path = Path("data")
    store: StoreKind = "local"
    milvus_uri: str = ""
    milvus_token: str = field(default="", repr=False)
    milvus_ca: str = ""
    milvus_timeout: int = 10
    milvus_name: str = "fuwen"
    milvus_index: MilvusIndex = "FLAT"
    staff_db: str = field(default="", repr=False)  # it has a password
    profile: str = "common"
    publicity_default: WhereUnmarked = "public"
    soffice: str = ""
    model: str = str(BUNDLED_MODEL)
    embeddings_url: str = ""
    embeddings_model: str = ""
    embeddings_key: str = field(default="", repr=False)
    embeddings_question: str = ""
    embeddings_passage: str = ""
    rerank_url: str = ""
    rerank_model: str = ""
    rerank_key: str = field(default="", repr=False)
    rerank_form: RerankForm = "jina"
    endpoint_timeout: int = 10
    lexical_weight: float = 0.5
    coverage_weight: float = 0.5
    pair_weight: float = 1.5
    depth: int = 1000
    hits: int = 30
    reader: str = str(BUNDLED_READER)
    tagger: str = str(BUNDLED_TAGGER)
    read: int = 3
    quotes: int = 3
    threshold: float = 0.21
    question_length: int = 1000
    host: str = "127.0.0.1"
    port: int = 8000
    body_bytes: int = 65536
    embed_origins: str = ""
    public_address: str = ""
    free_mb: int = 200
    rate: int = 60
    api_keys: ApiKeys = "optional"
    trusted_proxy: str = ""
    mcp: Switch = "on"
    question_log: QuestionLog = "masked"
    question_days: int = 180
    log_form: LogForm = "text"
    access_log: Switch = "on"
    metrics_from: str = "127.0.0.1 ::1"
    otlp_endpoint: str = ""
    keep_snapshots: int = 3
    keep_days: int = 90
    backups: str = ""
    keep_backups: int = 14
    upload_files: int = 20
    upload_mb: int = 64
    upload_waiting: int = 200
    evidence_mb: int = 20
    evidence_types: str = "pdf jpg jpeg png docx xlsx doc xls wps ofd txt"
    sign_off: Switch = "off"
    session_idle: int = 30
    session_hours: int = 12
    remind_days: int = 30
    remind_again: int = 7
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Security = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_from: str = ""
    webhook_url: str = field(default="", repr=False)  # a robot's has its key
    webhook_form: WebhookForm = "plain"
    webhook_secret: str = field(default="", repr=False)
    notify_urls: str = field(default="", repr=False)
    notify_secret: str = field(default="", repr=False)
    llm_url: str = ""
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)
    llm_seconds: int = 5
    llm_rewrite: Switch = "off"
    timezone: str = "Asia/Shanghai"
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
    oidc_name: str = "统一身份认证"
    oidc_claim: str = "preferred_username"


# How a value is made of what the environment says; the others are words as they stand.
KINDS: Mapping[Any, Callable[[str], Any]] = {"Path": Path, "float": float, "int": int}
