"""What /openapi.json promises, asked hundreds of times of each route of a server that runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
import schemathesis

from tests.attack.conftest import Running, start
from tests.support.contract import operations, sent_as_promised

EXAMPLES = 200  # right ones and wrong ones each


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_running_server_answers_as_its_document_promises(sample: Path) -> None:
    server: Running = start(sample, KB_RATE="0")
    with server.process, requests.Session() as session:
        try:
            schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
            for label, operation in operations(schema).items():
                sent = sent_as_promised(operation, examples=EXAMPLES, session=session)
                print(label, sent)
        finally:
            server.process.kill()
    assert "Traceback" not in server.log.read_text()
