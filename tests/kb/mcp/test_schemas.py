"""What tools take and give: proper schemas that hold all they refer to, and nothing else."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator

from kb.mcp.tools import Tool, tools

TOOLS = tools(80)


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_a_tool_is_described_and_its_schemas_are_whole(tool: Tool) -> None:
    assert tool.title
    assert tool.description.endswith("。")
    for schema in (tool.takes, tool.gives):
        Draft202012Validator.check_schema(schema)
        assert schema["additionalProperties"] is False
        referred = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
        assert referred == set(schema.get("$defs", ()))


def test_a_question_is_as_long_as_the_settings_admit() -> None:
    assert TOOLS["ask"].takes["properties"]["question"]["maxLength"] == 80
