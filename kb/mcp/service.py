"""The MCP server over a ``Source``, by the package ``mcp`` (the extra ``fuwen[mcp]``).

A refusal to answer is a result like others. What a tool cannot do is a result too, marked as an
error, so that a model reads it and mends its call; a resource that is not there is an MCP error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from kb.errors import KbError
from kb.mcp import calls, schemas, uris
from kb.mcp.mistakes import FAULT, in_chinese
from kb.mcp.source import PUBLIC, Source
from kb.mcp.tools import INSTRUCTIONS, Tool, tools
from kb.query.directory import letter_named
from kb.search.browse import Wanted, browse
from kb.store.protocol import SnapshotReader

LOG = logging.getLogger("fuwen.mcp")
logging.getLogger("mcp").setLevel(logging.WARNING)  # it tells of every session
LISTED = 100  # letters of one page of resources
PLAIN = "text/plain"
READ_ONLY = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
Looked = TypeVar("Looked")
Context = Any  # mcp's, of which ``request`` is what the transport attached


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handlers:
    """What is done for each method of MCP; ``source_of`` makes of a request who answers it."""

    source_of: Callable[[Any], Source]
    known: Mapping[str, Tool]

    async def list_tools(self, _: Context, params: Any) -> types.ListToolsResult:
        listed = [_described(name, tool) for name, tool in self.known.items()]
        return types.ListToolsResult(tools=listed)

    async def call_tool(
        self, context: Context, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = self.known.get(params.name)
        if tool is None:
            name, every = params.name[:100], "、".join(self.known)
            return _failed(f"没有 {name} 这个工具；可用的是 {every}")
        return await _called(tool, self.source_of(context.request), params.arguments or {})

    async def list_resources(self, context: Context, params: Any) -> types.ListResourcesResult:
        return await _listed(self.source_of(context.request), params)

    async def list_templates(self, _: Context, params: Any) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=TEMPLATES)

    async def read_resource(
        self, context: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        return await _read(self.source_of(context.request), params.uri)

    def schema_of(self, name: str) -> schemas.Schema | None:
        """What a tool takes; None where there is no such tool."""
        return self.known[name].takes if name in self.known else None


def service(
    source_of: Callable[[Any], Source], *, longest: int, version: str, site: str = ""
) -> Server[Any]:
    """The server. ``source_of`` makes of a transport's request (None on stdio) who answers it;
    ``longest`` is how many code points a question may have.
    """
    handlers = _Handlers(source_of=source_of, known=tools(longest))
    made: Server[Any] = Server(
        "fuwen",
        title="复文",
        version=version,
        instructions=INSTRUCTIONS,
        website_url=site or None,
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
        on_list_resources=handlers.list_resources,
        on_list_resource_templates=handlers.list_templates,
        on_read_resource=handlers.read_resource,
        get_tool_input_schema=handlers.schema_of,
    )
    # Instead of its own: their spans would name what callers send; see server.telemetry.
    made.middleware[:] = [in_chinese]
    return made


TEMPLATES = [
    types.ResourceTemplate(
        name="letter",
        title="一份复文的全文",
        uri_template=uris.LETTER,
        description="编号按百分号编码，斜线也编；偏移量按码点数",
        mime_type=PLAIN,
    ),
    types.ResourceTemplate(
        name="span",
        title="复文的第 start 到第 end 个码点",
        uri_template=uris.SPAN,
        description="核对摘录用：读到的就是 quote",
        mime_type=PLAIN,
    ),
]


def _described(name: str, tool: Tool) -> types.Tool:
    return types.Tool(
        name=name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes,
        output_schema=tool.gives,
        annotations=READ_ONLY,
    )


async def _called(tool: Tool, source: Source, given: Mapping[str, Any]) -> types.CallToolResult:
    try:
        schemas.check(given, tool.takes)
        made = await tool.call(source, given)
        return types.CallToolResult(content=[_text(tool.say(made))], structured_content=made)
    except KbError as error:
        return _failed(source.tell(error))
    except Exception:  # the edge of this program; what it was asked stays out of the log
        LOG.exception("fault in a tool")
        return _failed(FAULT)


def _failed(why: str) -> types.CallToolResult:
    return types.CallToolResult(content=[_text(why)], is_error=True)


def _text(words: str) -> types.TextContent:
    return types.TextContent(type="text", text=words)


async def _listed(source: Source, params: Any) -> types.ListResourcesResult:
    cursor = params.cursor if params else None
    given = {"limit": LISTED, **({"cursor": cursor} if cursor else {})}

    def look(reader: SnapshotReader) -> types.ListResourcesResult:
        matches = browse(Wanted(by_date=True), reader, scope=PUBLIC).matches
        shown, after = calls.page(matches, given, reader)
        resources = [
            types.Resource(
                name=match.entry.citation.letter_id,
                title=match.entry.citation.name,
                uri=uris.uri_of(match.entry.citation.letter_id),
                mime_type=PLAIN,
            )
            for match in shown
        ]
        return types.ListResourcesResult(resources=resources, next_cursor=after)

    return await _or_error(source, look)


async def _read(source: Source, uri: str) -> types.ReadResourceResult:
    named = uris.read(uri)
    if named is None:
        raise MCPError(
            types.INVALID_PARAMS,
            f"没有这样的资源；地址要写成 {uris.LETTER} 或 {uris.SPAN}",
            {"uri": uri},
        )
    letter_id, span = named

    def look(reader: SnapshotReader) -> types.ReadResourceResult:
        text = letter_named(letter_id, reader, scope=PUBLIC).text
        if span and not span.start <= span.end <= len(text):
            raise MCPError(
                types.INVALID_PARAMS,
                f"这份复文有 {len(text)} 个码点，没有 {span.start}-{span.end}；请改正",
                {"uri": uri},
            )
        words = span.of(text) if span else text
        contents = types.TextResourceContents(uri=uri, text=words, mime_type=PLAIN)
        return types.ReadResourceResult(contents=[contents])

    return await _or_error(source, look)


async def _or_error(source: Source, look: Callable[[SnapshotReader], Looked]) -> Looked:
    """What ``look`` gives. Raises MCPError for what is refused."""
    try:
        return await source.look(look)
    except KbError as error:
        code = types.INVALID_PARAMS if error.status < 500 else types.INTERNAL_ERROR
        raise MCPError(code, source.tell(error)) from None
    except MCPError:
        raise
    except Exception:  # as for tools
        LOG.exception("fault in a resource")
        raise MCPError(types.INTERNAL_ERROR, FAULT) from None
