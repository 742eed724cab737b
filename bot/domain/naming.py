"""People as roles: who is called what in a report, the same person the same way throughout.

Authors, the postmortem owner and the owners of actions are named (`Naming.name`); everywhere else a
person is a role (`Naming.role`), and `Naming.text` puts roles in the place of mentions and names.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.incident import Role, RoleHolder
from bot.domain.messages import Message
from bot.domain.people import Person
from bot.domain.text import MENTION_CLOSE, MENTION_OPEN

# Whoever holds several roles is called by the first of these. The owner of the report is left out: who the owner
# is stands in the report by name, so "the postmortem owner" on the timeline would name them there.
_SPOKEN_ROLES = (Role.LEAD, Role.COMMS, Role.NOTES, Role.OPS)
_RESPONDER = "a responder"
_UNKNOWN_BOT = "an integration"

# First names that are also words, months, places or pieces of software. A report speaks of these more often than
# of the person, so a single one is left alone.
AMBIGUOUS_FIRST_NAMES = frozenset(
    """
    alexa amber angel apollo april argo art ash athena atlas august austin basil bill brook brooklyn buck bud carol
    cassandra chance charity charlotte chase chelsea chip christian chuck clay cliff cole crystal daisy dakota dale
    dallas dash dawn dean delta denver destiny dick don drew echo eve faith florence frank gene georgia ginger
    grace grant guy harmony heather helm holly hope houston hudson hugo iris ivy jack jackson jade jasmine jasper jay
    jean jenkins jersey jordan joy julia june juno kit lance lane laurel lily lincoln london madison major mark max may
    melody mercury mercy miles milan mint nick norm olive paige paris pat patience patsy pearl penny phoenix piper
    prince ray reed rex rich rob robin rocky rose rowan ruby rusty sandy savannah skip sky sonny star sterling stone
    storm sue summer sunny sydney terra trace tracy travis trinity van victor victoria viola violet virginia wade
    walker ward warren wes west will winter woody
    """.split()  # noqa: SIM905 - a wrapped line of words is easier to read and to add to than 150 quoted ones
)
_SHORTEST_FIRST_NAME = 3
_SENTENCE_START = re.compile(r"(?:^|[.!?]\s+|\n\s*)\Z")
# What makes a mention at the start of a sentence its subject; before anything else it calls somebody.
_PREDICATE = re.compile(
    r"\s+(?:is|are|was|were|has|had|have|will|did|does|and|or|to|took|found|says|said|thinks|sees|saw|went|on|as|from"
    r"|\w+ed|\w+ing)\b|\s*(?:[^\s\w" + MENTION_OPEN + r"]|\Z)"
)
_MENTION = f"{MENTION_OPEN}(?P<mention>[A-Z0-9]+){MENTION_CLOSE}"
_URL = rf"(?P<url>https?://[^\s{MENTION_OPEN}]+)"


@dataclass(frozen=True, slots=True)
class Naming:
    """How people are called in one report. Make it with `naming`.

    `roles` holds a role for each person who appears, `bots` the names of programs by their user id,
    `spoken` the person behind each name that may stand in a text, with a leading `@` for handles.
    """

    people: Mapping[str, Person]
    roles: Mapping[str, str]
    bots: Mapping[str, str]
    spoken: Mapping[str, str]
    pattern: re.Pattern[str]

    def name(self, user_id: str) -> str:
        """Return the person's name, for authors and owners; the role of someone unknown."""
        person = self.people.get(user_id)
        return person.name if person else self.role(user_id)

    def role(self, user_id: str | None, author_name: str | None = None) -> str:
        """Return what to call someone: a role for people, its own name for a program.

        `author_name` is the name a program posted under; it is used only where no person is known.
        """
        if user_id is None:
            # Set after a word, so that a role in it is not written as the start of a sentence.
            return self.text(f"by {author_name}").removeprefix("by ") if author_name else _UNKNOWN_BOT
        return self.bots.get(user_id) or self.roles.get(user_id, _RESPONDER)

    def text(self, text: str) -> str:
        """Return the text with roles in the place of mentions, of full names and of unmistakable first names."""
        return self.pattern.sub(self._replaced, text)

    def _replaced(self, match: re.Match[str]) -> str:
        found = match.group(0)
        if match.lastgroup == "url":
            return found
        user_id = match.group("mention") or self.spoken[found]
        role = self.role(user_id)
        if not _SENTENCE_START.search(match.string, 0, match.start()):
            return role
        is_addressed = match.group("mention") or found.startswith("@")
        spoken_to = is_addressed and not _PREDICATE.match(match.string, match.end())
        return f"{role[0].upper()}{role[1:]}{',' if spoken_to else ''}"


def naming(
    people: Mapping[str, Person],
    *,
    holders: Iterable[RoleHolder],
    reporter_id: str,
    appearing: Iterable[str],
    messages: Iterable[Message] = (),
    not_names: Iterable[str] = (),
) -> Naming:
    """Decide how each person of a report is called.

    `appearing` are the people of the report in the order in which they first appear: it numbers the responders.
    `messages` tell programs from people; `not_names` are words of the report, such as its services, that are
    never taken for a first name.
    """
    bots = {person.user_id: person.name for person in people.values() if person.is_bot}
    bots |= {
        message.user_id: message.author_name
        for message in messages
        # Somebody may post through an app: that makes no program of them.
        if message.user_id and message.bot_id and message.author_name and not _is_human(people, message.user_id)
    }
    roles = _roles(holders, reporter_id, [user_id for user_id in appearing if user_id not in bots], people)
    humans = [person for person in people.values() if person.user_id not in bots]
    spoken = _spoken(humans, {word.casefold() for phrase in not_names for word in phrase.split()})
    return Naming(people=people, roles=roles, bots=bots, spoken=spoken, pattern=_pattern(spoken))


def _is_human(people: Mapping[str, Person], user_id: str) -> bool:
    return user_id in people and not people[user_id].is_bot


def _roles(
    holders: Iterable[RoleHolder], reporter_id: str, appearing: Iterable[str], people: Iterable[str]
) -> dict[str, str]:
    held = defaultdict(list)
    for holder in holders:
        held[holder.role].append(holder.user_id)
    claims = [(f"the {role.label}", user_id) for role in _SPOKEN_ROLES for user_id in held[role]]
    claims.append(("the reporter", reporter_id))
    claims += [(_RESPONDER, user_id) for user_id in (*appearing, *people)]
    roles: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for label, user_id in claims:
        if user_id not in roles:
            taken[label] += 1
            roles[user_id] = label if taken[label] == 1 else f"{label} ({taken[label]})"
    return roles


def _spoken(people: Iterable[Person], not_names: set[str]) -> dict[str, str]:
    """Return who is meant by each name that may stand in a text. A name that two people bear means nobody."""
    meant: dict[str, set[str]] = defaultdict(set)
    for person in people:
        for spelling in _spellings(person, not_names):
            meant[spelling].add(person.user_id)
    return {spelling: next(iter(user_ids)) for spelling, user_ids in meant.items() if len(user_ids) == 1}


def _spellings(person: Person, not_names: set[str]) -> Iterator[str]:
    for name in {" ".join(person.real_name.split()), " ".join(person.display_name.split())} - {""}:
        yield f"@{name}"
        if " " in name:
            yield name
    first = person.real_name.split()[0] if person.real_name.strip() else ""
    if _is_clear_first_name(first) and first.casefold() not in not_names:
        yield first


def _is_clear_first_name(word: str) -> bool:
    return (
        len(word) >= _SHORTEST_FIRST_NAME
        and word.isalpha()
        and word[0].isupper()
        and not word.isupper()
        and word.casefold() not in AMBIGUOUS_FIRST_NAMES
    )


def _pattern(spoken: Iterable[str]) -> re.Pattern[str]:
    """Compile what finds mentions and names in a text; addresses are matched too, so that they stay whole."""
    names = []
    # Longest first, so that "Ann Lee" is not read as "Ann".
    for spelling in sorted(spoken, key=lambda spelling: (-len(spelling), spelling)):
        # A first name before another capitalised word belongs to somebody else's full name.
        is_single = " " not in spelling and not spelling.startswith("@")
        names.append(re.escape(spelling) + (r"(?! [A-Z][a-z])" if is_single else ""))
    whole = [rf"(?<![\w@./-])(?:{'|'.join(names)})(?!\w|[-.@]\w)"] if names else []
    return re.compile("|".join([_MENTION, _URL, *whole]))
