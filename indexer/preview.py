"""What a file would become, without putting it anywhere: its letters, or why it is refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.formats.ids import check_id
from indexer.formats.parse import parse
from indexer.formats.raw import Limits, Raw
from indexer.formats.table.items import Unanswered
from indexer.inbox import sources
from indexer.tally import Refused
from indexer.worker import Prepared, Reading
from kb.errors import UnreadableFile
from kb.intake.flags import told
from kb.store.codec import letter_json
from kb.store.register import RegisterRow
from kb.types import Publicity

LIMITS = Limits()
MOST = 100  # letters of a file that are read, and refusals that are told
MOST_TEXT = 2_000_000  # code points of all the letters that are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The letters of a file and what was refused of it; ``more`` if it holds more than was read.

    ``rows`` counts those of registers, ``unanswered`` the letters of citizens without a reply.
    """

    letters: tuple[Prepared, ...]
    refused: tuple[Refused, ...]
    more: bool
    rows: int = 0
    unanswered: int = 0


def preview(
    file: Path,
    *,
    limits: Limits = LIMITS,
    unmarked: Publicity = "public",
    soffice: str = "",
) -> Preview:
    """Read ``file`` as an update would. Raises WrongUse for a path that does not exist."""
    letters: list[Prepared] = []
    refused: list[Refused] = []
    more, beside = False, Counter[type]()
    (source,) = sources([file])
    with Reading(limits) as reading:
        try:
            if source.fault:
                raise source.fault
            for raw in parse(source.path, limits=limits, soffice=soffice):
                if isinstance(raw, RegisterRow | Unanswered):
                    beside[type(raw)] += 1
                    continue
                if max(len(letters), len(refused)) >= MOST or _length(letters) > MOST_TEXT:
                    more = True
                    break
                try:
                    letters.append(_read(raw, reading, name=source.name, unmarked=unmarked))
                except UnreadableFile as error:
                    refused.append(_refused(source.name, error))
        except UnreadableFile as error:
            letters.clear()
            beside.clear()
            refused.append(_refused(source.name, error))
    return Preview(
        letters=tuple(letters),
        refused=tuple(refused),
        more=more,
        rows=beside[RegisterRow],
        unanswered=beside[Unanswered],
    )


def as_object(found: Preview) -> dict[str, object]:
    """The preview as JSON has it; a letter is what ``kb.store.codec.letter_from`` reads."""
    return {
        "letters": [
            {
                "letter": letter_json(prepared.letter),
                "hidden": [[run.start, run.text] for run in prepared.hidden],
            }
            for prepared in found.letters
        ],
        "refused": [asdict(refusal) for refusal in found.refused],
        "more": found.more,
        "rows": found.rows,
        "unanswered": found.unanswered,
    }


def as_text(found: Preview) -> str:
    """The preview in lines: refusals, then each letter with its fields and what to doubt."""
    lines = [f"拒收 {r.file}（{r.code}）：{r.message}" for r in found.refused]
    for prepared in found.letters:
        letter = prepared.letter
        lines.append(f"复文 {letter.id}：{letter.title.value if letter.title else '（没有标题）'}")
        lines += [f"  {name}：{field.value}" for name, field in letter.fields.items()]
        lines += [
            f"  {name}：{'、'.join(member.value for member in many)}"
            for name, many in letter.lists.items()
        ]
        lines += [f"  注意：{sentence}" for sentence in told(letter.flags)]
    if found.rows:
        lines.append(f"交办表 {found.rows} 件")
    if found.unanswered:
        lines.append(f"来信还没有答复的 {found.unanswered} 件")
    return "\n".join(lines)


def _read(
    raw: Raw | UnreadableFile, reading: Reading, *, name: str, unmarked: Publicity
) -> Prepared:
    if isinstance(raw, UnreadableFile):
        raise raw
    letter_id = raw.id or "/".join(filter(None, (name, raw.place)))
    check_id(letter_id)
    return reading.letter(raw, letter_id=letter_id, source=name, unmarked=unmarked)


def _length(letters: list[Prepared]) -> int:
    return sum(len(prepared.letter.text) for prepared in letters)


def _refused(name: str, error: UnreadableFile) -> Refused:
    return Refused(file=name, code=error.code, message=str(error))
