"""The values for the official Milvus chart, as far as can be told without a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from tests.conftest import ROOT

VALUES: dict[str, Any] = yaml.safe_load(
    (ROOT / "deploy" / "helm" / "milvus-values.yaml").read_text(encoding="utf-8")
)
OURS: dict[str, Any] = yaml.safe_load(VALUES["extraConfigFiles"]["user.yaml"])
REGISTRY = "registry.example.gov.cn"


def leaves(value: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every scalar of ``value`` with the keys that lead to it."""
    rows = value.items() if isinstance(value, dict) else enumerate(value)
    for key, under in rows:
        if isinstance(under, dict | list):
            yield from leaves(under, *path, str(key))
        else:
            yield (*path, str(key)), under


def test_every_image_comes_from_the_intranet_with_a_version() -> None:
    found = dict(leaves(VALUES))
    repositories = {path: name for path, name in found.items() if path[-1] == "repository"}
    assert len(repositories) >= 9
    for path, name in repositories.items():
        within = name.startswith(f"{REGISTRY}/") or found.get((*path[:-1], "registry")) == REGISTRY
        assert within, path
        assert found[*path[:-1], "tag"] not in ("", "latest"), path


def test_no_password_is_in_it() -> None:
    secret = ("accessKey", "secretKey", "password", "key", "crt")
    assert not [path for path, _ in leaves(VALUES) if path[-1] in secret]


def test_nobody_gets_in_without_an_account_and_nothing_goes_in_the_clear() -> None:
    security = OURS["common"]["security"]
    assert security == {"authorizationEnabled": True, "tlsMode": 1}
    (mount,) = VALUES["proxy"]["volumeMounts"]
    assert {OURS["tls"][name].rpartition("/")[0] + "/" for name in OURS["tls"]} == {
        mount["mountPath"]
    }
    assert VALUES["externalS3"]["useSSL"]
    assert VALUES["service"]["type"] == "ClusterIP"


def test_what_answers_survives_the_loss_of_one_and_has_a_limit() -> None:
    for name in ("proxy", "queryNode", "mixCoordinator"):
        assert VALUES[name]["replicas"] >= 2, name
    for name in ("proxy", "queryNode", "dataNode", "indexNode", "mixCoordinator"):
        assert VALUES[name]["resources"]["limits"]["memory"], name
    assert VALUES["etcd"]["replicaCount"] % 2 == 1
