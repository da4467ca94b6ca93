"""What OpenAI's clients send: the messages of a conversation, of which the questions are taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Of
from pydantic_core import ErrorDetails

from server.api.schemas import Text
from server.openai.errors import WrongField
from server.openai.front_ends import question_in

MODEL = "fuwen"
TEXTS = ("text", "input_text", "output_text")
MOST = 1000  # messages of one request
Role = Literal["system", "developer", "user", "assistant", "tool", "function"]


class Sent(BaseModel):
    """Of requests: what we know is checked, what others add (temperature, tools) is let be."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


Made = TypeVar("Made", bound=Sent)


class ContentPart(Sent):
    """一段文字；图片、文件等不看。"""

    type: str
    text: Text | None = None

    @property
    def is_text(self) -> bool:
        """False of a picture, a file, a sound."""
        return self.type in TEXTS and self.text is not None


class InputItem(Sent):
    """对话里的一项；只看 user 的。"""

    role: Role | None = None
    content: Text | list[ContentPart] | None = None

    @property
    def words(self) -> str:
        """The text of the message."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text or "" for part in self.content or () if part.is_text)

    @property
    def unseen(self) -> bool:
        """True if it holds something that is no text."""
        return isinstance(self.content, list) and not all(part.is_text for part in self.content)


class Message(InputItem):
    """对话里的一条；只看 user 的。"""

    role: Role


class StreamOptions(Sent):
    """流的选项。"""

    include_usage: bool | None = None


class ChatRequest(Sent):
    """OpenAI 的对话请求；temperature、tools 等不起作用。"""

    model: str = Of(description="写 fuwen")
    messages: Annotated[list[Message], Of(min_length=1, max_length=MOST)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None


class ResponseRequest(Sent):
    """OpenAI 的 responses 请求；instructions、tools 等不起作用。"""

    model: str = Of(description="写 fuwen")
    input: Text | Annotated[list[InputItem], Of(min_length=1, max_length=MOST)]
    stream: bool | None = False

    @property
    def messages(self) -> Sequence[InputItem]:
        """The conversation."""
        if isinstance(self.input, str):
            return [Message(role="user", content=self.input)]
        return self.input


Request = ChatRequest | ResponseRequest
# pydantic names the kinds that a value may be of in a place, too.
_FIELDS = frozenset(
    name
    for model in (ChatRequest, ResponseRequest, Message, ContentPart, StreamOptions)
    for name in model.model_fields
)


def chat_from(value: object) -> ChatRequest:
    """The request in decoded JSON. Raises WrongField naming the first bad field."""
    return _valid(ChatRequest, value)


def response_from(value: object) -> ResponseRequest:
    """The request in decoded JSON. Raises WrongField naming the first bad field."""
    return _valid(ResponseRequest, value)


def questions(sent: Request) -> list[str]:
    """What users asked, the latest last; what is blank is left out."""
    asked = (question_in(one.words).strip() for one in sent.messages if one.role == "user")
    return [question for question in asked if question]


def unseen(sent: Request) -> bool:
    """True if the latest that a user sent holds something that is no text."""
    return next((one.unseen for one in reversed(sent.messages) if one.role == "user"), False)


def _valid(model: type[Made], value: object) -> Made:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        # Where a text may be a list too, the first says only that it is no text.
        first = next((one for one in found if one["type"] in ("too_long", "too_short")), found[0])
        loc = (part for part in first["loc"] if isinstance(part, int) or part in _FIELDS)
        place = ".".join(map(str, loc)) or "正文"
        raise WrongField(_told(first, place), param=place) from None


def _told(error: ErrorDetails, place: str) -> str:
    match error["type"]:
        case "too_long":
            most, given = error["ctx"]["max_length"], error["ctx"]["actual_length"]
            return f"{place} 有 {given} 条，最多 {most} 条；请只送最近的几条"
        case "too_short":
            return f"{place} 是空的；请至少写一条 user 的消息"
        case "missing":
            return f"缺少 {place}；请补上"
        case _:
            return f"{place} 不合 OpenAI 的请求格式；请照 /docs 里的写"
