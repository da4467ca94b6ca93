"""MCP in tests: a call without a handshake, a conversation, and every span that an answer names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from mcp import Client

from kb.mcp.tools import tools

HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
PROMISED = tools(1000)
TOOLS = ["ask", "search_letters", "get_letter", "list_commitments", "check_quote"]


def sent(client: TestClient, method: str, params: Any) -> Any:
    """The response to one request."""
    message = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
    return client.post("/mcp", json=message, headers=HEADERS)


def called(client: TestClient, tool: str, **given: Any) -> dict[str, Any]:
    """The result of a tool, which has to be a 200."""
    response = sent(client, "tools/call", {"name": tool, "arguments": given})
    assert response.status_code == 200, response.text
    result: dict[str, Any] = response.json()["result"]
    return result


def content(client: TestClient, tool: str, **given: Any) -> dict[str, Any]:
    """The structured content of a tool that did what it was asked, which is as it promised."""
    result = called(client, tool, **given)
    assert not result["isError"], result["content"][0]["text"]
    made: dict[str, Any] = result["structuredContent"]
    Draft202012Validator(PROMISED[tool].gives).validate(made)
    return made


def refused(client: TestClient, tool: str, **given: Any) -> str:
    """What a tool says that could not do it."""
    result = called(client, tool, **given)
    assert result["isError"]
    assert "structuredContent" not in result
    told: str = result["content"][0]["text"]
    return told


def spans(made: Any) -> Iterator[tuple[str, int, int, str]]:
    """Every place that ``made`` says words of a letter stand at: letter, start, end, words."""
    if isinstance(made, dict):
        words = made.get("quote", made.get("text"))
        if "letter_id" in made and "start" in made:
            yield made["letter_id"], made["start"], made["end"], words
        for value in made.values():
            yield from spans(value)
    if isinstance(made, list):
        for value in made:
            yield from spans(value)


async def converse(client: Client, *, question: str, words: str, hidden: str) -> None:
    """A conversation as a model has it; each quote is verified against its letter's resource.

    ``question`` is answered, ``words`` are to be looked for; ``hidden`` nobody may be shown.
    """
    tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == TOOLS
    for tool in tools:
        assert tool.title
        assert tool.description
        assert tool.output_schema
        assert tool.annotations
        assert tool.annotations.read_only_hint is True
    asked = await _made(client, "ask", question=question)
    assert asked["status"] == "answer"
    first = asked["quotes"][0]
    assert first["quote"] in asked["said"]
    again = await _made(client, "ask", question="是哪个单位答复的？", before=[question])
    assert again["question"] != ""
    found = await _made(client, "search_letters", words=words, limit=1)
    (letter,) = found["letters"]
    whole = await _read(client, letter["uri"])
    pieces, start = "", 0
    while start is not None:
        piece = await _made(client, "get_letter", letter_id=letter["letter_id"], start=start,
                            end=start + 40)  # fmt: skip
        pieces, start = pieces + piece["text"], piece["next_start"]
    assert pieces == whole
    assert piece["length"] == len(whole)
    (checked,) = (await _made(client, "check_quote", text=first["quote"]))["sentences"]
    assert checked["verdict"] == "verbatim"
    changed = first["quote"].replace(first["quote"][6], "某", 1)
    (nearly,) = (await _made(client, "check_quote", text=changed))["sentences"]
    assert nearly["verdict"] == "nearly"
    assert nearly["differences"]
    (absent,) = (await _made(client, "check_quote", text=hidden))["sentences"]
    assert absent["verdict"] == "absent"
    resources = (await client.list_resources()).resources
    assert letter["uri"] in [resource.uri for resource in resources]
    for resource in resources:
        assert hidden not in await _read(client, resource.uri)
    for wrong in ({}, {"question": 1}, {"question": question, "x": 1}, {"question": "  "}):
        result = await client.call_tool("ask", wrong)
        assert result.is_error


async def _made(client: Client, tool: str, **given: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, given)
    said = result.content[0].text
    assert not result.is_error, said
    made: dict[str, Any] = result.structured_content
    for letter_id, start, end, words in spans(made):
        del letter_id
        assert end - start == len(words)
    for quote in _quotes(made):
        assert (await _read(client, quote["uri"])) == quote["quote"]
        whole = await _read(client, quote["uri"].rpartition("/")[0])
        assert whole[quote["start"] : quote["end"]] == quote["quote"]
    return {**made, "said": said}


def _quotes(made: Any) -> Iterator[dict[str, Any]]:
    if isinstance(made, dict):
        if isinstance(made.get("quote"), str) and "uri" in made:
            yield made
        for value in made.values():
            yield from _quotes(value)
    if isinstance(made, list):
        for value in made:
            yield from _quotes(value)


async def _read(client: Client, uri: str) -> str:
    (contents,) = (await client.read_resource(uri)).contents
    text: str = contents.text
    return text
