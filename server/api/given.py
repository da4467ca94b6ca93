"""What answers are made of: the base of their models, and the letters that belong to one."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Of


class Given(BaseModel):
    """Of replies: no unknown keys."""

    model_config = ConfigDict(extra="forbid")


class Related(Given):
    """较早的版本，或同一份复文的副本；文件名和网址是它从哪里来。"""

    letter_id: str
    date: str | None = Of(description="落款日期")
    taken_in: str = Of(description="收录的日期")
    source: str
    url: str
