"""What past incidents tell: words found in them, incidents like this one, a quarter in figures. To the asker alone."""

from bot.domain.actions import ActionStatus
from bot.domain.durations import in_words
from bot.domain.errors import UserError
from bot.domain.incident import Incident, IncidentType, Severity
from bot.domain.quarter import Lengths, Quarter, Review, quarter_of, review
from bot.domain.rights import Actor, sees
from bot.domain.similarity import most_alike
from bot.domain.text import channel_mark, clipped, counted, one_line
from bot.services.requests import Request, look
from bot.services.views import AnswerView
from bot.services.world import World
from storage import incidents
from storage import search as found_in
from storage.database import Connection
from storage.search import Hit

LISTED = 10
_ALIKE = 5
_WORDS = 8
_WORD = 100
_EXCERPT = 120
_BEFORE = 40


def _seen(connection: Connection, actor: Actor) -> list[Incident]:
    """Return the incidents that the asker may see, the newest first."""
    return [one for one in incidents.of_team(connection, actor.team_id, only_open=False) if sees(actor, one)]


def search(world: World, request: Request, text: str) -> AnswerView:
    """Return the incidents in which every word is found. Raises UserError for too many or too long words."""
    words = list(dict.fromkeys(text.split()))
    command = world.policy.postmortem_command
    if len(words) > _WORDS or any(len(word) > _WORD for word in words):
        few = clipped(" ".join(words[:3]), _WORD)
        raise UserError(
            f"That is too much to look for; {_WORDS} words are the limit. Try", right=f"{command} search {few}"
        )
    with world.database.reading() as connection:
        seen = _seen(connection, request.actor)
        hits = found_in.find(connection, words, [one.row_id for one in seen])
    found = [one for one in seen if one.row_id in hits]
    if not found:
        return AnswerView(f"Nothing is found for {' and '.join(words)}. To see all: {command} list")
    lines = [_result(one, hits[one.row_id], words) for one in found[:LISTED]]
    if len(found) > LISTED:
        lines.append(f"… and {counted(len(found) - LISTED, 'older one')}. Another word would narrow it.")
    return AnswerView("\n".join([f"{counted(len(found), 'incident')}:", *lines]))


def _result(one: Incident, hits: tuple[Hit, ...], words: list[str]) -> str:
    telling = next((hit for hit in hits if hit.where not in ("title", "facts")), None)
    excerpt = f" — {telling.where}: {_excerpt(telling.text, words)}" if telling else ""
    return f"{_named(one)}{excerpt}"


def _named(one: Incident) -> str:
    channel = f" · {channel_mark(one.channel_id)}" if one.channel_id else ""
    title = clipped(one_line(one.title), _EXCERPT)
    return f"{one.incident_id} · {one.severity.label} · {one.status.value} · {title}{channel}"


def _excerpt(text: str, words: list[str]) -> str:
    """Return the part of a text around the first of the words that it has."""
    line = one_line(text)
    first = min((at for word in words if (at := line.lower().find(word.lower())) >= 0), default=0)
    start = max(first - _BEFORE, 0)
    start = line.find(" ", start) + 1 if start else 0
    return ("…" if start else "") + clipped(line[start:], _EXCERPT)


def similar(world: World, request: Request) -> AnswerView:
    """Return the incidents most like this one, each with the reason."""
    incident = look(world, request)
    with world.database.reading() as connection:
        seen = {one.row_id: one for one in _seen(connection, request.actor)} | {incident.row_id: incident}
        compared = {one.key: one for one in found_in.features(connection, list(seen.values()))}
    others = [one for key, one in compared.items() if key != incident.row_id]
    alike = most_alike(compared[incident.row_id], others, at_most=_ALIKE)
    if not alike:
        return AnswerView(f"No incident so far is like {incident.incident_id}: {_compared_by(world)}")
    lines = [f"{_named(seen[one.key])} — {'; '.join(one.reasons)}" for one in alike]
    return AnswerView("\n".join([f"Like {incident.incident_id}:", *lines]))


def _compared_by(world: World) -> str:
    command = world.policy.command
    return f"compared are services, vendor and causes. To say more: {command} service NAME, {command} cause TEXT"


def quarter(world: World, request: Request, year: int | None, number: int | None) -> AnswerView:
    """Return a quarter's figures, of the current one where none is named, over the incidents the asker may see.

    Raises UserError for one that has not begun.
    """
    now = quarter_of(request.now)
    asked = Quarter(year, number) if year and number else now
    if asked.begins > request.now:
        raise UserError(
            f"{asked.name} has not begun. The current one",
            right=f"{world.policy.postmortem_command} quarter {now.name}",
        )
    with world.database.reading() as connection:
        cases = found_in.cases(connection, _seen(connection, request.actor))
    return AnswerView("\n".join(_figures(review(asked, cases), is_running=asked == now)))


def _figures(found: Review, *, is_running: bool) -> list[str]:
    so_far = " so far" if is_running else ""
    left_out = [
        counted(found.drills, "drill") if found.drills else "",
        f"{found.cancelled} cancelled" if found.cancelled else "",
    ]
    without = ", ".join(part for part in left_out if part)
    lines = [
        f"{found.quarter.name}{so_far}: {counted(found.total, 'incident')}"
        + (f" ({without} left out)" if without else "")
    ]
    if not found.total:
        return lines
    by_severity = [f"{one.label} {found.by_severity[one.label]}" for one in Severity if found.by_severity[one.label]]
    by_type = [f"{one.value} {found.by_type[one.value]}" for one in IncidentType if found.by_type[one.value]]
    lines += [f"By severity: {', '.join(by_severity)}", f"By type: {', '.join(by_type)}"]
    if found.near_misses:
        lines.append(f"Of these {counted(found.near_misses, 'near miss', 'near misses')}")
    lines += [
        _length("Time to detect (start to detection)", found.time_to_detect, found.total),
        _length("Time to acknowledge (detection to acknowledgement)", found.time_to_acknowledge, found.total),
        _length("Time to mitigate (start to mitigation)", found.time_to_mitigate, found.total),
        _length("Time to resolve (start to resolution)", found.time_to_resolve, found.total),
        f"Drafted within 48 hours of the resolution: {found.drafted_in_time} of {found.resolved}",
        _actions(found),
    ]
    return lines


def _length(name: str, lengths: Lengths, total: int) -> str:
    if lengths.middle is None or lengths.mean is None:
        return f"{name}: not known of any"
    known = f"known of {lengths.count} of {total}"
    return f"{name}: median {in_words(lengths.middle)}, mean {in_words(lengths.mean)}, {known}"


def _actions(found: Review) -> str:
    total = sum(found.actions.values())
    if not total:
        return "Actions: none"
    states = [f"{found.actions[status]} {status.value}" for status in ActionStatus if found.actions[status]]
    return f"Actions: {total}, of these {', '.join(states)}"
