"""What is told of a postmortem besides its draft."""

from bot.services.views import MeetingView
from tests.factories import DECLARED
from tests.shapes.gallery import EMPTY, FROM_REPORT, FULL, TYPICAL, add
from tests.shapes.samples.incident import LONG, SHORT, USUAL

add(EMPTY, MeetingView(SHORT, None, (), "/postmortem"), label="that is called off")
add(EMPTY, MeetingView(SHORT, DECLARED, (), "/postmortem"))
add(TYPICAL, MeetingView(USUAL, DECLARED, ("Who was affected?", "What set it off?"), "/postmortem"))
add(
    FULL,
    MeetingView(LONG, DECLARED, (FROM_REPORT[:3000],) * 300, "/postmortem"),
    rest="and 290 more; the draft names them: `/postmortem draft`",
)
