"""milvus-lite 3.2 served on 127.0.0.1: ``python -m tests.support.milvus_server FOLDER PORT [TOKEN]
[CERTIFICATE KEY]``. Prints its port once it answers; port 0 takes a free one.

As its own ``milvus-lite server``, but at a free port, with a token and TLS where they are given.
"""

from __future__ import annotations

import base64
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from milvus_lite.adapter.grpc.servicer import MilvusServicer
from milvus_lite.db import MilvusLite
from pymilvus.grpc_gen import milvus_pb2_grpc


class Guard(grpc.ServerInterceptor):  # type: ignore[misc]
    """Lets in whoever has the token."""

    def __init__(self, token: str) -> None:
        self._due = base64.b64encode(token.encode()).decode()

    def intercept_service(self, continuation: Any, details: Any) -> Any:
        if dict(details.invocation_metadata).get("authorization") == self._due:
            return continuation(details)

        def refuse(request: Any, context: Any) -> None:
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "auth check failure")

        return grpc.unary_unary_rpc_method_handler(refuse)


def main(folder: str, port: str, token: str = "", certificate: str = "", key: str = "") -> None:
    guards = [Guard(token)] if token else []
    server = grpc.server(ThreadPoolExecutor(10), interceptors=guards)
    milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(MilvusLite(folder)), server)
    address = f"127.0.0.1:{port}"
    if certificate:
        pair = (Path(key).read_bytes(), Path(certificate).read_bytes())
        bound = server.add_secure_port(address, grpc.ssl_server_credentials([pair]))
    else:
        bound = server.add_insecure_port(address)
    server.start()
    print(bound, flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main(*sys.argv[1:])
