"""The review of a postmortem."""

from bot.domain.lint import Finding, Rule
from bot.domain.review import CheckedItem, MustHave, Review
from bot.services.views import ReviewView
from tests.shapes.gallery import EMPTY, FROM_REPORT, FULL, TYPICAL, add
from tests.shapes.samples.incident import LONG, SHORT, USUAL

MUST = MustHave("An action", is_met=False, why="none is entered", command="/incident action")
MET = MustHave("Summary", is_met=True, why="a paragraph made of the facts")
CHECKED = CheckedItem("Blameless tone", 5, "nothing to write differently")
WEAK = CheckedItem("The chain of whys", 1, "it has no link yet", "/incident why")
FINDING = Finding(Rule.BLAME, "Ben forgot to check", "Fault ends the search for causes.", "Nothing showed the check.")
LONGEST = Finding(Rule.BLAME, FROM_REPORT[:3000], "Fault ends the search.", FROM_REPORT[:3000])

add(EMPTY, ReviewView(SHORT, Review((), (CHECKED,)), (), "/postmortem"), to_asker=True)
add(
    TYPICAL,
    ReviewView(
        USUAL,
        Review((MET, MUST), (CHECKED, WEAK), (FINDING,)),
        (("Who was affected?", "/incident impact"),),
        "/postmortem",
    ),
    to_asker=True,
)
add(
    FULL,
    ReviewView(
        LONG,
        Review((MUST, MET) * 5, (CHECKED, WEAK) * 5, (LONGEST,) * 300),
        ((FROM_REPORT[:3000], f"/incident impact {FROM_REPORT[:3000]}"),) * 300,
        "/postmortem",
    ),
    to_asker=True,
    rest="and 297 more, named in the draft",
)
