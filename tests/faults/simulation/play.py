"""Plays a schedule: people and Slack on one side, one process after the other on the other, under one clock."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from bot.domain.capturing import GapCause
from bot.domain.errors import UserError
from bot.domain.incident import Status
from bot.services import entries, reconciling, status
from bot.services.watching import Missed
from bot.slack.slack_time import SlackTime
from tests.factories import DECLARED
from tests.fakes import FakeSlack, Killed, ask
from tests.faults.simulation import checks, shapes
from tests.faults.simulation.delivering import Deliveries
from tests.faults.simulation.program import WORK, InlineWriter, Jobs, Program
from tests.faults.simulation.stage import BEGIN, Stage
from tests.faults.simulation.story import (
    PEOPLE,
    USERS,
    Cut,
    Delete,
    Edit,
    KeepOut,
    Kill,
    Kind,
    React,
    Reply,
    Say,
    Schedule,
    Sent,
    Step,
    TakeBack,
    Trouble,
    Unfurl,
)
from tests.faults.simulation.truth import TrueChannel, TrueMessage
from tests.faults.simulation.webapi import TrueWebApi

Json = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What the socket's watch is late to notice, and early to blame.
_BLAMED_EARLIER = timedelta(seconds=4)
_CLOSE = Decimal("0.05")
_LONGEST_WAIT = Decimal(120)
# Past what the history may lag, and every interval at which the channel is compared.
_QUIET = Decimal(400)


# What happens to a message.
_About = Reply | Edit | Unfurl | Delete | React | TakeBack


@dataclass(frozen=True, slots=True)
class Way:
    """How the program is put together: as it is, or with a part broken to see whether the checks notice."""

    work: Jobs
    writer: Callable[..., InlineWriter]
    reconciles: bool = True


AS_IT_IS = Way(WORK, InlineWriter)


@dataclass
class Told:
    """What a schedule came to, for the summary."""

    events: int = 0
    dropped: int = 0
    lost: int = 0
    kills: int = 0
    cuts: int = 0
    calls: int = 0
    recovered: int = 0


class Doing(Enum):
    """What the clock brings next."""

    START = "start"
    RECONNECT = "reconnect"
    DELIVER = "deliver"
    WORK = "work"
    TICK = "tick"


def play(schedule: Schedule, stage: Stage, way: Way = AS_IT_IS) -> Told:
    """Play a schedule to its end. Raises AssertionError where the program breaks a promise."""
    after = schedule.recorded_after
    stage.renew(DECLARED + timedelta(seconds=after) if after else None)
    playing = _Playing(schedule, stage, way)
    playing.start()
    for number in range(schedule.talk):
        playing.do(Step(0, Say(PEOPLE[number % len(PEOPLE)], Kind.PLAIN, Sent())))
        playing.advance(playing.truth.now + 1)
    for step in schedule.steps:
        playing.advance(playing.truth.now + Decimal(str(step.after)))
        playing.do(step)
    playing.come_to_rest()
    return playing.told


class _Playing:
    def __init__(self, schedule: Schedule, stage: Stage, way: Way) -> None:
        self.schedule, self.stage, self.way = schedule, stage, way
        self.truth = TrueChannel(BEGIN, recorded_from=BEGIN + Decimal(str(schedule.recorded_after)))
        self.told = Told()
        self.deliveries = Deliveries()
        self.slack = _MortalSlack(stage.fate.step)
        self.client = TrueWebApi(
            self.truth,
            page=schedule.page,
            most_users=schedule.most_users,
            lags=schedule.lags,
            reaches=stage.fate.step,
            tells=lambda date: self.time.heard(date, asked_at=self.machine()),
        )
        self.time = SlackTime(self.machine)
        self.program: Program | None = None
        self.start_at: Decimal | None = None
        self.back_at: Decimal | None = None
        self.cut_at = self.clock()
        self.down = Decimal(1)
        self.idle_until = BEGIN
        self.kept_out: set[str] = set()
        self._names = 0

    def machine(self) -> datetime:
        """Return the machine's time."""
        micros = int(self.truth.now * 1_000_000)
        return _EPOCH + timedelta(microseconds=micros, seconds=self.schedule.skew)

    def clock(self) -> datetime:
        """Return the time as the process knows it."""
        return self.time()

    # The process

    def start(self) -> None:
        """Start a process, on whatever the last one has left."""
        self.start_at = self.back_at = None
        self.time = SlackTime(self.machine)
        # Whoever starts asks Slack who they are first.
        self.client.say_when()
        way = self.way
        self.program = Program(
            self.stage.database, self.client, self.slack, self.clock, work=way.work, writer=way.writer
        )
        checks.nothing_acknowledged_is_missing(self.stage, self.truth, self.deliveries.every)
        self._mortally(self.program.start)

    def _mortally(self, work: Callable[[], Any]) -> None:
        """Let the process do something, which may be its last."""
        try:
            work()
        except Killed:
            assert self.program is not None
            self.told.kills += 1
            checks.no_defects(self.program.defects)
            self.program = None
            self.stage.forget_connections()
            self.start_at = self.truth.now + self.down

    def _deliver(self) -> None:
        delivery, program = self.deliveries.take(self.truth.now), self.program
        if program is None:
            return
        if delivery and self.back_at is None:
            tell = program.tell_over_http if self.schedule.is_http else program.tell_over_socket
            tell(delivery.body, lambda: delivery.acknowledge(self.truth.now))
        # What comes in close together is committed together.
        following = self.deliveries.next_at()
        if following is None or following > self.truth.now + _CLOSE:
            program.flush()

    def _reconnect(self) -> None:
        self.back_at = None
        program = self.program
        if program:
            program.is_listening = True
            missed = Missed(GapCause.DISCONNECTED, self.cut_at - _BLAMED_EARLIER, self.clock())
            self._mortally(lambda: program.watch.missed(missed))

    # The clock

    def advance(self, until: Decimal) -> None:
        """Let time pass, and everything happen that is due meanwhile."""
        while True:
            at, doing = self._next()
            if at > until:
                break
            self.truth.now = max(self.truth.now, at)
            self._go_on(doing)
        self.truth.now = max(self.truth.now, until)

    def _next(self) -> tuple[Decimal, Doing]:
        coming = [(self.truth.now + _LONGEST_WAIT, Doing.TICK)]
        for at, doing in (
            (self.start_at, Doing.START),
            (self.back_at, Doing.RECONNECT),
            (self.deliveries.next_at(), Doing.DELIVER),
            (self._due_at(), Doing.WORK),
        ):
            if at is not None:
                coming.append((at, doing))
        return min(coming, key=lambda one: one[0])

    def _due_at(self) -> Decimal | None:
        if self.program is None:
            return None
        (found,) = self.stage.ask(
            "SELECT min(CASE state WHEN 'claimed' THEN claimed_until ELSE due_at END) FROM due_items"
            " WHERE finished_at IS NULL"
        )[0]
        if found is None:
            return None
        wait = datetime.fromisoformat(found).replace(tzinfo=UTC) - self.clock()
        return max(self.truth.now + Decimal(wait // timedelta(microseconds=1)) / 1_000_000, self.idle_until)

    def _go_on(self, doing: Doing) -> None:
        program = self.program
        match doing:
            case Doing.START:
                self.start()
            case Doing.RECONNECT:
                self._reconnect()
            case Doing.DELIVER:
                self._mortally(self._deliver)
            case Doing.WORK if program:
                self._mortally(lambda: self._work(program))
        if self.program:
            self._mortally(self.program.watch.tick)

    def _work(self, program: Program) -> None:
        # What a killed process was at is left alone for a while; whoever finds nothing else looks again in a second.
        self.idle_until = self.truth.now if program.work() else self.truth.now + 1

    # What happens

    def do(self, step: Step) -> None:
        """Let something happen now."""
        match step.act:
            case Kill(count, down):
                self.stage.fate.arm(count)
                self.down = Decimal(str(down))
            case Cut(seconds):
                self._cut(seconds)
            case Trouble(answers):
                self.client.troubles += answers
            case KeepOut(which):
                self._keep_out(which)
            case Say(who, kind, sent):
                self._say(who, kind, sent)
            case Reply() | Edit() | Unfurl() | Delete() | React() | TakeBack() as act:
                standing = self.truth.standing()
                if standing:
                    self._do_to(standing[-1 - act.which % len(standing)], act)

    def _send(self, events: Iterable[Json], sent: Sent) -> None:
        for event in events:
            self.told.events += 1
            self.deliveries.send(event, sent, self.truth.now)

    def _cut(self, seconds: float) -> None:
        if self.program and self.back_at is None:
            self.told.cuts += 1
            self.program.is_listening = False
            self.cut_at = self.clock()
            self.back_at = self.truth.now + Decimal(str(seconds))

    def _text(self) -> str:
        self._names += 1
        return f"words {self._names} & <{self._names}>" if self._names % 3 == 0 else f"words {self._names}"

    def _say(self, who: str, kind: Kind, sent: Sent) -> None:
        author, text, fields = USERS[who], self._text(), dict[str, Any]()
        match kind:
            case Kind.ALERT:
                author, text, fields = shapes.ALERTING, f"Alert\n{text}", {"subtype": "bot_message"}
            case Kind.FILE:
                text = text if self._names % 2 else ""
                fields = {"subtype": "file_share", "files": (f"graph {self._names}.png",)}
            case Kind.ME:
                fields = {"subtype": "me_message"}
            case Kind.JOIN | Kind.TOPIC:
                fields = {"subtype": shapes.NOISE[kind is Kind.TOPIC]}
            case Kind.OWN:
                author = shapes.OWN_USER
        self._send(self.truth.post(author, text, **fields), sent)

    def _do_to(self, message: TrueMessage, act: _About) -> None:
        truth, ts = self.truth, message.ts
        match act:
            case Reply(_, who, is_broadcast, sent):
                subtype = "thread_broadcast" if is_broadcast else ""
                parent = message.thread_ts or ts
                self._send(truth.post(USERS[who], self._text(), thread_ts=parent, subtype=subtype), sent)
            case Edit(_, sent, again):
                for one in (sent, again):
                    if one:
                        title = "Alert\n" if message.author == shapes.ALERTING else ""
                        self._send(truth.edit(ts, title + self._text()), one)
            case Unfurl(_, sent) if message.text and message.author != shapes.ALERTING:
                self._send(truth.unfurl(ts), sent)
            case Delete(_, sent):
                self._send(truth.delete(ts), sent)
            case React(_, who, emoji, sent):
                self._send(truth.react(ts, USERS[who], emoji, is_on=True), sent)
            case TakeBack(_, number, sent) if message.votes:
                emoji, user = message.votes[number % len(message.votes)]
                self._send(truth.react(ts, user, emoji, is_on=False), sent)

    def _keep_out(self, which: int) -> None:
        standing, program = self.truth.standing(), self.program
        if not standing or program is None:
            return
        ts = standing[-1 - which % len(standing)].ts

        def keep_out() -> None:
            key = f"keep-out:{ts}:{len(self.kept_out)}:{self.truth.now}"
            try:
                entries.keep_out(program.world, ask(key, channel_id=shapes.CHANNEL, now=self.clock()), f"m{ts}")
            except UserError:
                return
            self.kept_out.add(ts)

        self._mortally(keep_out)

    # The end

    def come_to_rest(self) -> None:
        """Let the faults stop, everything arrive and be done, and hold what is stored against the truth."""
        self.stage.fate.disarm()
        self.client.troubles.clear()
        self.advance(max(at for at in (self.truth.now, self.start_at, self.back_at) if at is not None))
        while (at := self.deliveries.next_at()) is not None:
            self.advance(at)
        if self.schedule.is_resolved:
            assert self.program is not None
            resolving = ask("resolve", channel_id=shapes.CHANNEL, now=self.clock())
            status.change_status(self.program.world, resolving, Status.RESOLVED, None, "")
        else:
            self.stage.fate.arm(0)
            self.down = Decimal(1)
        self.advance(self.truth.now + _QUIET)
        program = self.program
        assert program is not None
        if self.way.reconciles:
            # What the first draft finds in passing makes it doubt the rest, and say so; the next one knows.
            reconciling.pass_before_draft(program.world, self.stage.incident)
            self.advance(self.truth.now + _LONGEST_WAIT)
            reconciling.pass_before_draft(program.world, self.stage.incident)
        checks.no_defects(program.defects)
        checks.nothing_acknowledged_is_missing(self.stage, self.truth, self.deliveries.every)
        self.told.recovered = checks.stored_equals_true(self.stage, self.truth, self.deliveries.every, self.kept_out)
        self.told.dropped = self.deliveries.dropped
        self.told.lost = sum(one.is_lost for one in self.deliveries.every)
        self.told.calls = self.client.calls


class _MortalSlack(FakeSlack):
    """The fake workspace, whose calls are steps at which the process may end."""

    def __init__(self, step: Callable[[str], None]) -> None:
        super().__init__()
        self._step = step

    def does(self, call: str, effect: Callable[[], Any]) -> Any:
        self._step(f"before {call}")
        result = super().does(call, effect)
        self._step(f"after {call}")
        return result
