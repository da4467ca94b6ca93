"""Every setting has a default, a variable, a line of help, and errors that name it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from kb.environment import read
from kb.errors import WrongUse
from kb.help import HELP
from kb.settings import BUNDLED_MODEL, BUNDLED_READER, BUNDLED_TAGGER, Settings
from kb.staff.places import Server, staff_of
from kb.store.open import fingerprint
from tests.conftest import ROOT

DOCS = ROOT / "docs" / "settings.md"
NAMES = [setting.name for setting in fields(Settings)]


def test_without_variables_the_defaults_are_in_force() -> None:
    assert read({}) == Settings()
    assert read({"KB_": "x", "PATH": "/bin", "KB_UNKNOWN": "1"}) == Settings()


def test_the_bundled_models_are_the_default_and_are_there() -> None:
    assert Path(read({}).model) == BUNDLED_MODEL
    assert (BUNDLED_MODEL / "model.onnx").is_file()
    for folder in (BUNDLED_READER, BUNDLED_TAGGER):
        assert (folder / "model.onnx").stat().st_size < 30_000_000
        assert {file.name for file in folder.iterdir()} == {
            "MODEL_CARD.md",
            "model.onnx",
            "tokenizer.json",
            "weights.json",
        }
    assert Path(read({}).reader) == BUNDLED_READER
    assert Path(read({}).tagger) == BUNDLED_TAGGER


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_has_a_line_of_help(name: str) -> None:
    assert HELP[name].strip()
    assert set(HELP) == set(NAMES)


@pytest.mark.skipif(not DOCS.exists(), reason="docs are not written yet")
@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_documented(name: str) -> None:
    assert f"KB_{name.upper()}" in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("variable", "raw", "name", "value"),
    [
        ("KB_DATA", "/srv/数据", "data", Path("/srv/数据")),
        ("KB_MODEL", "/m", "model", "/m"),
        ("KB_LEXICAL_WEIGHT", "0.7", "lexical_weight", 0.7),
        ("KB_COVERAGE_WEIGHT", "2", "coverage_weight", 2.0),
        ("KB_PAIR_WEIGHT", "0", "pair_weight", 0.0),
        ("KB_DEPTH", "50", "depth", 50),
        ("KB_READER", "off", "reader", "off"),
        ("KB_TAGGER", "off", "tagger", "off"),
        ("KB_READ", "4", "read", 4),
        ("KB_QUOTES", "1", "quotes", 1),
        ("KB_THRESHOLD", "0", "threshold", 0.0),
        ("KB_QUESTION_LENGTH", "80", "question_length", 80),
        ("KB_HOST", "::1", "host", "::1"),
        ("KB_PORT", "0", "port", 0),
        ("KB_BODY_BYTES", "1024", "body_bytes", 1024),
        ("KB_RATE", "0", "rate", 0),
        ("KB_QUESTION_LOG", "off", "question_log", "off"),
        ("KB_TRUSTED_PROXY", "10.0.0.5 fd00::/8", "trusted_proxy", "10.0.0.5 fd00::/8"),
        ("KB_OIDC_SECRET", "s", "oidc_secret", "s"),
        ("KB_OIDC_NAME", "单位账号", "oidc_name", "单位账号"),
        ("KB_OIDC_CLAIM", "sub", "oidc_claim", "sub"),
        ("KB_SESSION_IDLE", "15", "session_idle", 15),
        ("KB_SESSION_HOURS", "8", "session_hours", 8),
    ],
)
def test_a_variable_sets_its_setting_and_no_other(
    variable: str, raw: str, name: str, value: object
) -> None:
    chosen = read({variable: raw})
    assert getattr(chosen, name) == value
    assert type(getattr(chosen, name)) is type(value) or isinstance(value, Path)
    assert all(getattr(chosen, n) == getattr(Settings(), n) for n in NAMES if n != name)


@pytest.mark.parametrize("raw", ["", "  ", "\t"])
def test_a_blank_variable_is_as_if_unset(raw: str) -> None:
    assert read({"KB_PORT": raw, "KB_DATA": raw}) == Settings()


@pytest.mark.parametrize(
    ("variable", "raw"),
    [
        ("KB_DEPTH", "many"),
        ("KB_DEPTH", "0"),
        ("KB_DEPTH", "-1"),
        ("KB_DEPTH", "1.5"),
        ("KB_READ", "0"),
        ("KB_QUOTES", "0"),
        ("KB_QUESTION_LENGTH", "0"),
        ("KB_BODY_BYTES", "-5"),
        ("KB_PORT", "65536"),
        ("KB_PORT", "-1"),
        ("KB_PORT", "http"),
        ("KB_LEXICAL_WEIGHT", "1.1"),
        ("KB_COVERAGE_WEIGHT", "-0.1"),
        ("KB_PAIR_WEIGHT", "nan"),
        ("KB_LEXICAL_WEIGHT", "-0.1"),
        ("KB_LEXICAL_WEIGHT", "nan"),
        ("KB_THRESHOLD", "2"),
        ("KB_THRESHOLD", "inf"),
        ("KB_THRESHOLD", "half"),
        ("KB_RATE", "-1"),
        ("KB_QUESTION_LOG", "yes"),
        ("KB_SMTP_SECURITY", "ssl"),
        ("KB_SMTP_PORT", "0"),
        ("KB_REMIND_DAYS", "0"),
        ("KB_REMIND_AGAIN", "0"),
        ("KB_WEBHOOK_FORM", "feishu"),
        ("KB_TRUSTED_PROXY", "proxy.example"),
        ("KB_TRUSTED_PROXY", "10.0.0.5,10.0.0.6"),
        ("KB_TRUSTED_PROXY", "10.0.0.5/24"),
        ("KB_OIDC_ISSUER", "https://id.example"),
        ("KB_OIDC_CLIENT", "fuwen"),
        ("KB_SESSION_IDLE", "0"),
        ("KB_SESSION_HOURS", "-1"),
    ],
)
def test_a_senseless_value_is_refused_naming_the_variable(variable: str, raw: str) -> None:
    with pytest.raises(WrongUse, match=variable):
        read({variable: raw})


@pytest.mark.parametrize(
    "raw",
    [
        "https://www.example.gov.cn",
        "http://localhost:8080",
        "https://a.cn:8443 http://10.0.0.1",
        "https://xn--fiqs8s.xn--fiqs8s",
        "http://[::1]:8000",
        "https://a.cn:80 http://b.cn:443",
    ],
)
def test_origins_are_taken_as_a_browser_writes_them(raw: str) -> None:
    assert read({"KB_EMBED_ORIGINS": raw}).embed_origins == raw


@pytest.mark.parametrize(
    "raw",
    [
        "*",
        "https://*",
        "https://*.gov.cn",
        "www.example.gov.cn",
        "https://a.cn/",
        "null",
        "https://a.cn/path",
        "https://A.cn",
        "https://中国.cn",
        "ftp://a.cn",
        "https://a.cn,https://b.cn",
        "https://user@a.cn",
        "https://a.cn:443",
        "http://a.cn:80",
        "https://a.cn:",
        "https://",
        "https://a.cn:0",
        "https://a.cn https://b.cn/",
        "https://a.cn;script-src",
        "'self'",
        "https://[::1]:443",
        "https://a.cn:99999",
    ],
)
def test_what_no_browser_would_send_is_refused_at_the_start(raw: str) -> None:
    with pytest.raises(WrongUse, match="KB_EMBED_ORIGINS"):
        read({"KB_EMBED_ORIGINS": raw})


OIDC = {"KB_OIDC_ISSUER": "https://id.example/realms/a", "KB_OIDC_CLIENT": "fuwen"}


def test_signing_in_elsewhere_needs_to_know_where_and_as_what() -> None:
    assert read(OIDC).oidc_issuer == "https://id.example/realms/a"
    assert read({**OIDC, "KB_OIDC_ISSUER": "http://127.0.0.1:9/"}).oidc_issuer.endswith("/")


@pytest.mark.parametrize(
    "issuer", ["id.example", "http://id.example", "https://", "https://id.example/?a=b", "ftp://a"]
)
def test_an_issuer_that_could_be_read_by_others_is_refused(issuer: str) -> None:
    with pytest.raises(WrongUse, match="KB_OIDC_ISSUER"):
        read({**OIDC, "KB_OIDC_ISSUER": issuer})


def test_the_secret_of_the_client_is_never_shown() -> None:
    secret = "correct-horse-battery"
    assert secret not in repr(read({**OIDC, "KB_OIDC_SECRET": secret}))


def test_where_unmarked_letters_belong_is_public_or_held() -> None:
    assert read({}).publicity_default == "public"
    assert read({"KB_PUBLICITY_DEFAULT": "held"}).publicity_default == "held"
    with pytest.raises(WrongUse, match="KB_PUBLICITY_DEFAULT"):
        read({"KB_PUBLICITY_DEFAULT": "closed"})


def test_a_snapshot_made_with_another_default_is_not_read() -> None:
    made = fingerprint(read({"KB_PUBLICITY_DEFAULT": "held"}))
    assert made != fingerprint(read({}))


def test_a_zone_that_nobody_knows_is_refused_with_what_to_write() -> None:
    assert read({"KB_TIMEZONE": "Asia/Urumqi"}).timezone == "Asia/Urumqi"
    for name in ("火星", "../etc/passwd", "Asia"):
        with pytest.raises(WrongUse, match="Asia/Shanghai"):
            read({"KB_TIMEZONE": name})


HOOK = {"KB_WEBHOOK_URL": "https://hook.example/a?key=1", "KB_WEBHOOK_SECRET": "s"}
MAIL = {"KB_SMTP_HOST": "mail.example", "KB_SMTP_FROM": "ducha@example.gov.cn"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({**MAIL, "KB_SMTP_FROM": ""}, "KB_SMTP_FROM"),
        ({**MAIL, "KB_SMTP_FROM": "ducha"}, "KB_SMTP_FROM"),
        ({**HOOK, "KB_WEBHOOK_SECRET": ""}, "KB_WEBHOOK_SECRET"),
        ({**HOOK, "KB_WEBHOOK_URL": "http://hook.example/a"}, "KB_WEBHOOK_URL"),
        ({**HOOK, "KB_WEBHOOK_URL": "hook.example"}, "KB_WEBHOOK_URL"),
    ],
)
def test_reminders_that_could_not_be_sent_or_trusted_are_refused(
    given: dict[str, str], told: str
) -> None:
    with pytest.raises(WrongUse, match=told) as refused:
        read(given)
    assert "key=1" not in str(refused.value)


def test_robots_need_no_secret_and_this_machine_no_tls() -> None:
    assert read({**HOOK, "KB_WEBHOOK_SECRET": "", "KB_WEBHOOK_FORM": "wecom"}).webhook_url
    assert read({**HOOK, "KB_WEBHOOK_URL": "http://127.0.0.1:9/a"}).webhook_url
    assert read(MAIL).smtp_port == 587


def test_what_reminders_are_sent_with_is_never_shown() -> None:
    shown = repr(read({**HOOK, **MAIL, "KB_SMTP_PASSWORD": "correct-horse"}))
    assert "key=1" not in shown
    assert "correct-horse" not in shown


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "KB_MILVUS_URI"),
        ({"KB_MILVUS_URI": "milvus.example:19530"}, "KB_MILVUS_URI"),
        ({"KB_MILVUS_URI": "http://root:secret@milvus.example"}, "KB_MILVUS_URI"),
        ({"KB_MILVUS_URI": "/data/milvus"}, r"\.db"),
        ({"KB_MILVUS_URI": "http://m:1", "KB_MILVUS_CA": "/no/such.pem"}, "KB_MILVUS_CA"),
        ({"KB_MILVUS_URI": "http://m:1", "KB_MILVUS_NAME": "复文"}, "KB_MILVUS_NAME"),
        ({"KB_MILVUS_URI": "http://m:1", "KB_MILVUS_INDEX": "IVF"}, "FLAT、HNSW、AUTOINDEX"),
        ({"KB_MILVUS_URI": "http://m:1", "KB_MILVUS_TIMEOUT": "0"}, "KB_MILVUS_TIMEOUT"),
    ],
)
def test_milvus_without_a_sound_address_is_refused(given: dict[str, str], told: str) -> None:
    with pytest.raises(WrongUse, match=told) as refused:
        read({"KB_STORE": "milvus", **given})
    assert "secret" not in str(refused.value)


def test_milvus_by_address_and_token_which_is_not_shown() -> None:
    for uri in ("http://127.0.0.1:19530", "http://milvus.example:19530/fuwen", "./m/milvus.db"):
        found = read({"KB_STORE": "milvus", "KB_MILVUS_URI": uri, "KB_MILVUS_TOKEN": "root:horse"})
        assert (found.store, found.milvus_uri) == ("milvus", uri)
        assert "horse" not in repr(found)
    assert read({}).store == "local"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://fuwen:a/hush@hush@127.0.0.1:5432/x",
        "postgresql://fuwen:hush@hush/hush@db/x",
        "postgresql://fuwen:p@hush@db/x",
        "postgresql://fuwen:p/hush@db/x",
        "postgresql://fuwen:7/hush@db/x",
        "postgresql://fuwen:p#hush@db/x",
        "postgresql://fuwen:7?hush@db/x",
        "postgresql://fuwen:hush%@db/x",
        "postgresql://fuwen:7:hush@db/x",
        "postgresql://fuwen:7 hush@db/x",
        "postgresql://fuwen:[hush@db:port/x",
        "postgresql://hush@db@db/x",
        "mysql://fuwen:hush@db/x",
        "hush",
    ],
)
def test_an_address_whose_password_is_not_encoded_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(WrongUse, match=r"KB_STAFF_DB.*%40 %2F") as refused:
        read({"KB_STAFF_DB": url})
    assert "hush" not in str(refused.value)
    assert "hush" not in str(Server(parent=Path(), url=url))
    assert "hush" not in repr(Settings(staff_db=url))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://fuwen:清淤-9%40%2F@db1:5432/fuwen?sslrootcert=/a.pem", "db1:5432/fuwen"),
        ("postgresql://fuwen@[fd00::1]:5432/x?sslmode=verify-full", "[fd00::1]:5432/x"),
        ("postgresql:///x?host=/run/postgresql&password=hush", "/x"),
        ("postgresql://db1,db2/x", "db1,db2/x"),
    ],
)
def test_of_an_address_host_port_and_database_are_shown(url: str, shown: str) -> None:
    place = staff_of(read({"KB_STAFF_DB": url}))
    assert str(place) == place.name == f"PostgreSQL {shown}"
