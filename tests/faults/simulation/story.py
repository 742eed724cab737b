"""What may happen in a schedule, each with the words that tell of it."""

from dataclasses import dataclass
from enum import Enum

PEOPLE = ("ana", "ben", "cleo")
USERS = {"ana": "UANA", "ben": "UBEN", "cleo": "UCLEO"}
EMOJI = ("pushpin", "eyes")


class Kind(Enum):
    """What is said."""

    PLAIN = "says something"
    FILE = "shares a file"
    ALERT = "lets the pager say something"
    ME = "says something with /me"
    JOIN = "joins"
    TOPIC = "sets the topic"
    OWN = "lets the program itself say something"


@dataclass(frozen=True, slots=True)
class Sent:
    """How Slack delivers an event: so often, so many seconds late; `is_unheard` loses the first acknowledgements."""

    times: int = 1
    late: float = 0.0
    is_unheard: bool = False

    def __str__(self) -> str:
        if not self.times:
            return ", which Slack never delivers"
        parts = ["twice"] if self.times > 1 else []
        parts += [f"{self.late:g} s late"] if self.late else []
        parts += ["and hears no acknowledgement at first"] if self.is_unheard else []
        return f", which Slack delivers {' '.join(parts)}" if parts else ""


@dataclass(frozen=True, slots=True)
class Say:
    """Somebody posts."""

    who: str
    kind: Kind
    sent: Sent

    def __str__(self) -> str:
        return f"{self.who} {self.kind.value}{self.sent}"


# `which` counts what people see from the newest back; it is taken modulo their number.


@dataclass(frozen=True, slots=True)
class Reply:
    """Somebody answers in a thread."""

    which: int
    who: str
    is_broadcast: bool
    sent: Sent

    def __str__(self) -> str:
        place = "its thread, and in the channel too" if self.is_broadcast else "its thread"
        return f"{self.who} answers message -{self.which} in {place}{self.sent}"


@dataclass(frozen=True, slots=True)
class Edit:
    """The author edits, perhaps twice in one second; of that the last may be delivered in another way."""

    which: int
    sent: Sent
    again: Sent | None

    def __str__(self) -> str:
        second = f"; and once more in the same second{self.again}" if self.again else ""
        return f"message -{self.which} is edited{self.sent}{second}"


@dataclass(frozen=True, slots=True)
class Unfurl:
    """Slack shows a preview."""

    which: int
    sent: Sent

    def __str__(self) -> str:
        return f"Slack shows a preview in message -{self.which}{self.sent}"


@dataclass(frozen=True, slots=True)
class Delete:
    """The author deletes."""

    which: int
    sent: Sent

    def __str__(self) -> str:
        return f"message -{self.which} is deleted{self.sent}"


@dataclass(frozen=True, slots=True)
class React:
    """Somebody reacts."""

    which: int
    who: str
    emoji: str
    sent: Sent

    def __str__(self) -> str:
        return f"{self.who} puts :{self.emoji}: on message -{self.which}{self.sent}"


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Somebody takes a reaction back: of those on the message the one of this number, modulo how many there are."""

    which: int
    number: int
    sent: Sent

    def __str__(self) -> str:
        return f"reaction {self.number} on message -{self.which} is taken back{self.sent}"


@dataclass(frozen=True, slots=True)
class KeepOut:
    """Somebody keeps a message out of the report, if it stands on the timeline."""

    which: int

    def __str__(self) -> str:
        return f"message -{self.which} is kept out of the report"


@dataclass(frozen=True, slots=True)
class Kill:
    """The process is killed at one of its next steps, and started again some seconds later."""

    step: int
    down: float

    def __str__(self) -> str:
        return f"the process is killed at its step {self.step} from here, and started again after {self.down:g} s"


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection is down for some seconds."""

    seconds: float

    def __str__(self) -> str:
        return f"the connection is down for {self.seconds:g} s"


class Answer(Enum):
    """What becomes of a Web API call."""

    BUSY = "429"
    BROKEN = "503"
    SILENT = "no answer"


@dataclass(frozen=True, slots=True)
class Trouble:
    """The next Web API calls go wrong."""

    answers: tuple[Answer, ...]

    def __str__(self) -> str:
        return f"Slack's next answers are {', '.join(answer.value for answer in self.answers)}"


Act = Say | Reply | Edit | Unfurl | Delete | React | TakeBack | KeepOut | Kill | Cut | Trouble


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens so many seconds after the last step."""

    after: float
    act: Act


@dataclass(frozen=True, slots=True)
class Schedule:
    """One story: what happens, and what Slack and the machine are like meanwhile.

    `page` is the most that one answer of the history shows, `most_users` how many it names for one reaction. `lags`
    are how many seconds its answers are behind, in turn; `skew` is how many seconds the machine's clock is ahead.
    `recorded_after` so many seconds the incident is declared in a channel that was there before, 0 in one of its own.
    Before the first step `talk` messages are said and delivered. In the end the incident `is_resolved`, or the process
    is started once more.
    """

    steps: tuple[Step, ...]
    talk: int = 0
    page: int = 200
    most_users: int = 50
    lags: tuple[float, ...] = (0.0,)
    skew: float = 0.0
    is_http: bool = False
    recorded_after: float = 0.0
    is_resolved: bool = True

    def __str__(self) -> str:
        way = "HTTP" if self.is_http else "Socket Mode"
        lags = "/".join(f"{lag:g}" for lag in self.lags)
        setting = (
            f"Events come over {way}. The history shows pages of {self.page}, names {self.most_users} people for a "
            f"reaction and is {lags} s behind. The machine's clock is {self.skew:+g} s off."
        )
        if self.recorded_after:
            setting += f" The channel was there before, and is recorded from {self.recorded_after:g} s on."
        at = float(self.talk)
        lines = [setting, f"{self.talk} messages are said first. Then:"]
        for number, step in enumerate(self.steps, 1):
            at += step.after
            lines.append(f"{number:3}. {at:8.1f} s  {step.act}")
        end = "the incident is resolved" if self.is_resolved else "the process is started once more"
        return "\n".join([*lines, f"In the end {end}."])
