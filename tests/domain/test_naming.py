"""People as roles: the same person the same way throughout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.incident import Role
from bot.domain.messages import Message
from bot.domain.naming import Naming, naming
from bot.domain.people import Person
from bot.domain.text import mention
from tests.factories import make_bot_message, make_holder, make_message, make_person

PEOPLE = (
    make_person("U1", "Priya Natarajan", "priya"),
    make_person("U2", "Grace Whitfield", "gracew"),
    make_person("U3", "Jonas Bergström", "Jonas B"),
    make_person("U4", "Will May", "will"),
    make_person("U5", "Amina Haddad", "amina"),
    make_person("U6", "Amina Osei", "aosei"),
    make_person("U7", "Ann-Marie Le Goff", "annmarie"),
    make_person("U8", "Deploy Bot", "deploys", is_bot=True),
    make_person("U9", "Mercury Ng", "mng"),
    make_person("U10", "Checkout Smith", "cs"),
)


def _naming(*, messages: tuple[Message, ...] = (), people: tuple[Person, ...] = PEOPLE) -> Naming:
    return naming(
        {person.user_id: person for person in people},
        holders=(make_holder(Role.LEAD, "U1"), make_holder(Role.OWNER, "U3"), make_holder(Role.OPS, "U1")),
        reporter_id="U2",
        appearing=("U3", "U1", "U4", "U3"),
        messages=messages,
        not_names=("checkout", "payments api"),
    )


@pytest.mark.parametrize(
    ("user_id", "role"),
    [
        ("U1", "the incident lead"),
        ("U2", "the reporter"),
        ("U3", "a responder"),
        ("U4", "a responder (2)"),
        ("U5", "a responder (3)"),
        ("U8", "Deploy Bot"),
        ("UNKNOWN", "a responder"),
        (None, "an integration"),
    ],
)
def test_everybody_is_called_by_a_role(user_id: str | None, role: str) -> None:
    assert _naming().role(user_id) == role


def test_each_role_is_numbered_from_its_second_holder() -> None:
    names = naming(
        {},
        holders=(make_holder(Role.LEAD, "U1"), make_holder(Role.LEAD, "U2"), make_holder(Role.COMMS, "U3")),
        reporter_id="U3",
        appearing=(),
    )
    assert [names.role(user_id) for user_id in ("U1", "U2", "U3")] == [
        "the incident lead",
        "the incident lead (2)",
        "the communications lead",
    ]


def test_a_program_is_called_by_its_own_name() -> None:
    posted = make_message("14:00", "deployed", "UBOT", bot_id="B1", author_name="Deployer")
    assert _naming(messages=(posted,)).role("UBOT") == "Deployer"
    alert = make_bot_message("14:00", "firing", name="PagerDuty")
    assert _naming(messages=(alert,)).role(alert.user_id, alert.author_name) == "PagerDuty"


def test_a_person_who_posts_through_an_app_stays_a_person() -> None:
    posted = make_message("14:00", "approved", "U3", bot_id="B1", author_name="Approvals")
    assert _naming(messages=(posted,)).role("U3", "Approvals").startswith("a responder")


def test_a_person_stays_a_role_although_a_message_carries_their_name() -> None:
    assert _naming().role("U4", "Will May") == "a responder (2)"
    assert _naming().role(None, "Priya Natarajan (via Zapier)") == "the incident lead (via Zapier)"


def test_owners_and_authors_are_named() -> None:
    assert _naming().name("U3") == "Jonas Bergström"
    assert _naming().name("UNKNOWN") == "a responder"


P, W, A = mention("U1"), mention("U4"), mention("U5")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # Mentions: always, and set as the sentence wants it.
        (f"asked {P} to roll back", "asked the incident lead to roll back"),
        (f"{P} is rolling back", "The incident lead is rolling back"),
        (f"{P} restarted it", "The incident lead restarted it"),
        (f"{P} can you look?", "The incident lead, can you look?"),
        (f"{P}: look", "The incident lead: look"),
        (f"{P}", "The incident lead"),
        (f"Done. {P} please check", "Done. The incident lead, please check"),
        (f"{P} {W} please check", "The incident lead, a responder (2) please check"),
        (f"cc {P}, {W}", "cc the incident lead, a responder (2)"),
        (f"{P}'s fix", "The incident lead's fix"),
        (f"({W})", "(a responder (2))"),
        (f"x{W}y/{W}", "xa responder (2)y/a responder (2)"),
        # Full names.
        ("thanks Priya Natarajan", "thanks the incident lead"),
        ("Priya Natarajan's fix worked", "The incident lead's fix worked"),
        ("ask Jonas B or Will May.", "ask a responder or a responder (2)."),
        ("Ann-Marie Le Goff saw it", "A responder (5) saw it"),
        ("Amina Osei and Amina Haddad", "A responder (4) and a responder (3)"),
        ("priya natarajan", "priya natarajan"),
        ("Priya Natarajanova", "Priya Natarajanova"),
        ("XPriya Natarajan", "XPriya Natarajan"),
        # Handles.
        ("@priya look", "The incident lead, look"),
        ("ping @gracew and @will", "ping the reporter and a responder (2)"),
        ("mail priya@example.com", "mail priya@example.com"),
        ("@priya.n and @priya-n", "@priya.n and @priya-n"),
        # First names, where they can be nothing else.
        ("Jonas rolled back", "A responder rolled back"),
        ("as Priya said", "as the incident lead said"),
        ("Priya's fix", "The incident lead's fix"),
        ("Will it work in May? Mercury will.", "Will it work in May? Mercury will."),
        ("may Grace be with us", "may Grace be with us"),
        ("Amina saw it", "Amina saw it"),
        ("Checkout fails", "Checkout fails"),
        ("Deploy fails", "Deploy fails"),
        ("jonas rolled back", "jonas rolled back"),
        ("Jonas Lund called", "Jonas Lund called"),
        ("Jonas-2 and Jonas.local", "Jonas-2 and Jonas.local"),
        # Addresses stay whole.
        ("https://wiki.example/Priya/x", "https://wiki.example/Priya/x"),
        ("see https://wiki.example/Jonas now", "see https://wiki.example/Jonas now"),
    ],
)
def test_text_speaks_of_roles(text: str, shown: str) -> None:
    assert _naming().text(text) == shown


def test_a_text_of_an_incident_without_known_people_keeps_its_words() -> None:
    names = naming({}, holders=(), reporter_id="U1", appearing=())
    assert names.text(f"Priya asked {mention('U1')}") == "Priya asked the reporter"


@given(st.lists(st.sampled_from(["Priya Natarajan", "Jonas Bergström", P, W, A, "x", " ", ". ", "\n", "@priya"])))
def test_no_full_name_and_no_mention_is_left(parts: list[str]) -> None:
    shown = _naming().text(" ".join(parts))
    assert "Natarajan" not in shown
    assert "Bergström" not in shown
    assert "\ue000" not in shown


def test_naming_a_text_twice_changes_nothing_more() -> None:
    names = _naming()
    once = names.text(f"{P} and Jonas asked @will")
    assert names.text(once) == once
