"""What /openapi.json promises is what is answered, whatever is asked: no 5xx, nothing unnamed.

Not covered: pages and the routes for staff, which are not in the document (test_any_request.py
asks those); 429, 500 and 503, which nothing here brings about (test_limits.py, test_edge.py); and
what is not HTTP at all, which uvicorn refuses before it comes to us (attack_door.py).
"""

from __future__ import annotations

import pytest
import schemathesis

from tests.support.contract import operations, sent_as_promised
from tests.support.served import served

EXAMPLES = 40
ROUTES = {
    "GET /livez": 1, "GET /readyz": 1, "GET /version": 1, "GET /api/suggestions": EXAMPLES,
    "GET /api/letters/{letter_id}": EXAMPLES, "POST /api/ask": 2 * EXAMPLES,
    "POST /api/ask/stream": 2 * EXAMPLES, "POST /api/feedback": 2 * EXAMPLES,
    "POST /api/check": 2 * EXAMPLES, "GET /v1/models": 1, "GET /v1/models/{model}": EXAMPLES,
    "POST /v1/chat/completions": EXAMPLES, "POST /v1/responses": EXAMPLES,
}  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_asgi("/openapi.json", served().app)


def test_the_document_has_the_whole_of_the_api(schema: schemathesis.BaseSchema) -> None:
    assert operations(schema).keys() == ROUTES.keys()


@pytest.mark.parametrize("label", ROUTES)
def test_each_answer_is_one_that_the_document_promises(
    schema: schemathesis.BaseSchema, label: str
) -> None:
    sent = sent_as_promised(operations(schema)[label], examples=EXAMPLES)
    assert sent >= ROUTES[label]
    print(label, sent)
