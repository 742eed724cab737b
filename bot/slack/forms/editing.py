"""Editing an entry of the timeline with the form."""

from slack_bolt import Ack, App

from bot.services import entries
from bot.services.views import AnswerView
from bot.services.world import World
from bot.slack.blocks import entry_modals
from bot.slack.forms.reading import Payload, Submitted, incident_request, read
from bot.slack.forms.showing import submitted_from_timeline

_FIELDS = ("text", "when", "phase", "key")


def register(app: App, world: World) -> None:
    """Register the form."""

    def on_form(ack: Ack, body: Payload) -> None:
        form = read(body)

        def run() -> AnswerView:
            request = incident_request(world, body, form)
            return entries.edit(world, request, form.metadata["reference"], form.metadata["base"], _given(form))

        ack(**submitted_from_timeline(world, body, form, "Entry", run, default_field="when"))

    app.view(entry_modals.ENTRY)(on_form)


def _given(form: Submitted) -> dict[str, str]:
    read_as = {"phase": lambda: form.choice("phase") or "", "key": lambda: "".join(form.choices("key"))}
    return {name: read_as.get(name, lambda name=name: form.text(name))() for name in _FIELDS if name in form.fields}
