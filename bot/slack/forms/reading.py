"""What a submitted form says, and whose request it is.

What people type into a form arrives as they typed it: nothing in it is escaped, and no token stands for anybody.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.domain.text import cleaned
from bot.services import people
from bot.services.requests import Request, inside
from bot.services.world import World
from bot.slack import door

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Submitted:
    """The fields of a submitted form by their block's id, and what was put into it when it was opened."""

    fields: Payload
    metadata: Payload

    def text(self, block_id: str) -> str:
        """Return what was typed, without outer white space; empty for nothing, or where there is no such field."""
        return cleaned(self._value(block_id, "value") or "").strip()

    def choice(self, block_id: str) -> str | None:
        """Return the value chosen from a menu, None for none."""
        chosen: str | None = (self._value(block_id, "selected_option") or {}).get("value")
        return chosen

    def choices(self, block_id: str) -> tuple[str, ...]:
        """Return the values of the boxes that are ticked."""
        return tuple(one["value"] for one in self._value(block_id, "selected_options") or ())

    def person(self, block_id: str) -> str | None:
        """Return the id of the person chosen, None for nobody."""
        chosen: str | None = self._value(block_id, "selected_user")
        return chosen

    def day(self, block_id: str) -> date | None:
        """Return the day chosen in a calendar, None for none."""
        chosen = self._value(block_id, "selected_date")
        return date.fromisoformat(chosen) if chosen else None

    def _value(self, block_id: str, key: str) -> Any:
        return (self.fields.get(block_id) or {}).get(key)


def read(body: Payload) -> Submitted:
    """Return what a submission says."""
    view = body["view"]
    fields = {block_id: next(iter(values.values())) for block_id, values in view["state"]["values"].items()}
    return Submitted(fields, json.loads(view.get("private_metadata") or "{}"))


def form_request(world: World, body: Payload, row: int | None = None) -> Request:
    """Return the request of a submitted form.

    The view's id names it, and which form it is: one that turns into its next step keeps the id.
    """
    view = body["view"]
    return door.request_of(
        world,
        team_id=door.team_of(body),
        user_id=str(body["user"]["id"]),
        channel_id="",
        key=f"view:{view['id']}:{view.get('callback_id', '')}",
        response_url=None,
        row=row,
    )


def incident_request(world: World, body: Payload, form: Submitted) -> Request:
    """Return the request of a form about an incident, asked where it was opened."""
    return opened_in(world, form_request(world, body, row=form.metadata["row"]), form)


def opened_in(world: World, request: Request, form: Submitted) -> Request:
    """Return the request as asked where the form was opened, by somebody who was seen to be there then.

    Whoever has left since is not.
    """
    channel_id = str(form.metadata.get("channel") or "")
    if not channel_id:
        return request
    placed, actor = replace(request, channel_id=channel_id), request.actor
    opened = datetime.fromisoformat(form.metadata["opened"])
    is_out = people.has_left(world, actor.team_id, actor.user_id, channel_id, since=opened)
    return placed if is_out else inside(placed, channel_id)
