"""Every table. Times are UTC; texts are plain and unescaped; every row belongs to a workspace (team)."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.database import JsonText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _incident() -> Column[int]:
    return Column("incident", Integer, ForeignKey("incidents.id"), nullable=False, index=True)


def _said() -> tuple[Column[str], Column[object]]:
    return Column("by", String(32), nullable=False), Column("said_at", UtcDateTime, nullable=False)


def _removable() -> Column[bool]:
    return Column("is_removed", Boolean, nullable=False, server_default=text("false"))


teams = Table(
    "teams",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("bot_user_id", String(32), nullable=False),
    Column("bot_id", String(32), nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("real_name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("is_bot", Boolean, nullable=False),
    Column("is_guest", Boolean, nullable=False),
    Column("is_deactivated", Boolean, nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
)

id_counters = Table(
    "id_counters",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("incident_id", String(32), nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("type", String(16), nullable=False),
    Column("severity", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("is_private", Boolean, nullable=False),
    Column("reporter_id", String(32), nullable=False),
    Column("declared_at", UtcDateTime, nullable=False),
    Column("channel_id", String(32)),
    # Reserved before the channel is made, so that a channel found under this name can be recognised as ours.
    Column("channel_name", String(80)),
    # The topic as it was last set: setting it again would only leave a line of noise in the channel.
    Column("topic", Text),
    Column("vendor", Text),
    Column("services", JsonText, nullable=False),
    Column("owning_team", Text),
    # The user groups that were brought into the channel, by id.
    Column("called_in", JsonText, nullable=False),
    # A channel that was there before (`--here`): its name and topic are its own, and the capture has an end.
    Column("is_adopted", Boolean, nullable=False, server_default=text("false")),
    # Of several incidents that were led in one channel the newest holds it: commands there are about that one.
    Column("holds_channel", Boolean, nullable=False, server_default=text("true")),
    # Messages before and after belong to nobody; null is open-ended.
    Column("capture_from", UtcDateTime),
    Column("capture_until", UtcDateTime),
    Column("postmortem_due", Date),
    Column("meeting_at", UtcDateTime),
    Column("waived_at", UtcDateTime),
    Column("waived_by", String(32)),
    Column("waive_reason", Text),
    # The incident that it has become part of, always one that is part of no other.
    Column("merged_into", Integer, ForeignKey("incidents.id"), index=True),
    # Taken in from an export: nothing of it is in Slack, as far as the program knows.
    Column("is_imported", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("team_id", "incident_id"),
    CheckConstraint("severity BETWEEN 1 AND 4", name="severity"),
)
Index(
    "uq_incidents_channel_held",
    incidents.c.team_id,
    incidents.c.channel_id,
    unique=True,
    sqlite_where=incidents.c.holds_channel,
    postgresql_where=incidents.c.holds_channel,
)
Index("ix_incidents_team_id_channel_id", incidents.c.team_id, incidents.c.channel_id)
# What a channel was called in an export reserves nothing: it may be taken in several times, and be led in besides.
Index(
    "uq_incidents_channel_name",
    incidents.c.team_id,
    incidents.c.channel_name,
    unique=True,
    sqlite_where=text("NOT is_imported"),
    postgresql_where=text("NOT is_imported"),
)

# Two incidents that belong together; each pair stands once, the older row first.
links = Table(
    "links",
    metadata,
    Column("incident", Integer, ForeignKey("incidents.id"), primary_key=True),
    Column("other", Integer, ForeignKey("incidents.id"), primary_key=True, index=True),
    *_said(),
    CheckConstraint("incident < other", name="order"),
)

roles = Table(
    "roles",
    metadata,
    Column("incident", Integer, ForeignKey("incidents.id"), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("user_id", String(32), nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

status_changes = Table(
    "status_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    _incident(),
    Column("status", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    *_said(),
    Column("note", Text, nullable=False),
    Column("is_reopening", Boolean, nullable=False),
    _removable(),
)

milestones = Table(
    "milestones",
    metadata,
    Column("incident", Integer, ForeignKey("incidents.id"), primary_key=True),
    Column("name", String(16), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    *_said(),
    Column("message_ts", String(32)),
    # The message it was taken from where that stands in another channel: only its address is kept.
    Column("link", Text),
)

messages = Table(
    "messages",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("channel_id", String(32), primary_key=True),
    Column("ts", String(32), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_rank", String(64), nullable=False),
    Column("user_id", String(32)),
    Column("bot_id", String(32)),
    Column("author_name", Text),
    Column("thread_ts", String(32)),
    Column("kind", String(32), nullable=False),
    Column("is_deleted", Boolean, nullable=False),
    # Name, kind and link of each file; what is in it stays in Slack.
    Column("files", JsonText),
    # When a comparison with Slack's history found that it was missing; null for what was delivered.
    Column("recovered_at", UtcDateTime),
)

message_revisions = Table(
    "message_revisions",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("channel_id", String(32), primary_key=True),
    Column("ts", String(32), primary_key=True),
    # "0" is the message as it was posted; it counts as no edit.
    Column("edited_ts", String(32), primary_key=True),
    # Kept, and shown nowhere; gone with the message when that is deleted.
    Column("text", Text),
)

votes = Table(
    "votes",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("channel_id", String(32), primary_key=True),
    Column("ts", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("emoji", String(128), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("event_ts", String(32), nullable=False),
    Column("event_rank", String(32), nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("channel_id", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("is_member", Boolean, nullable=False),
    Column("event_rank", String(32), nullable=False),
)

curations = Table(
    "curations",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("channel_id", String(32), primary_key=True),
    Column("ts", String(32), primary_key=True),
    Column("text", Text),
    Column("at", UtcDateTime),
    Column("phase", String(16)),
    Column("is_key", Boolean),
    Column("is_kept_out", Boolean, nullable=False),
    Column("was_edited", Boolean, nullable=False),
    # The votes that the entry was taken off with, by person and emoji: they make none any more.
    Column("without", JsonText),
    # A suggestion that somebody turned down: the message is suggested no more, and may still be put on the timeline.
    Column("is_declined", Boolean, nullable=False, server_default=text("false")),
    # A suggestion that somebody took up: an entry without any reaction.
    Column("was_suggested", Boolean, nullable=False, server_default=text("false")),
)

# Whether the bot's quiet mark is on a message, as far as Slack has confirmed it.
marks = Table(
    "marks",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("channel_id", String(32), primary_key=True),
    Column("ts", String(32), primary_key=True),
    Column("is_on", Boolean, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    _incident(),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    *_said(),
    Column("phase", String(16)),
    Column("is_key", Boolean, nullable=False),
    _removable(),
)

impacts = Table(
    "impacts",
    metadata,
    Column("id", Integer, primary_key=True),
    _incident(),
    Column("text", Text, nullable=False),
    *_said(),
    # What the form asks for one by one, by the names of the report's JSON.
    Column("details", JsonText),
    _removable(),
)

causes = Table(
    "causes",
    metadata,
    Column("id", Integer, primary_key=True),
    _incident(),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    *_said(),
    Column("evidence", Text),
    Column("layer", String(16)),
    Column("category", Text),
    Column("score", Integer),
    _removable(),
)

whys = Table(
    "whys",
    metadata,
    Column("id", Integer, primary_key=True),
    _incident(),
    Column("text", Text, nullable=False),
    *_said(),
    Column("branch", String(64)),
    _removable(),
)

lessons = Table(
    "lessons",
    metadata,
    Column("id", Integer, primary_key=True),
    _incident(),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    *_said(),
    _removable(),
)

actions = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    _incident(),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    *_said(),
    Column("owner_id", String(32)),
    Column("due", Date),
    Column("type", String(16)),
    Column("priority", String(2)),
    Column("status", String(16), nullable=False),
    Column("status_at", UtcDateTime),
    Column("reason", Text),
    Column("link", Text),
    # The address of the message that it was made from.
    Column("source", Text),
    Column("cause", Integer, ForeignKey("causes.id")),
    _removable(),
    UniqueConstraint("incident", "number"),
)

action_changes = Table(
    "action_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("action", Integer, ForeignKey("actions.id"), nullable=False, index=True),
    Column("status", String(16), nullable=False),
    Column("reason", Text),
    *_said(),
)

# To be done now, during the incident; work for afterwards is an action.
tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    _incident(),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    *_said(),
    Column("owner_id", String(32)),
    Column("status", String(16), nullable=False),
    Column("status_at", UtcDateTime),
    Column("status_by", String(32)),
    _removable(),
    UniqueConstraint("incident", "number"),
)

# The communications log: one update for those outside each. `to` says where it could be read.
updates = Table(
    "updates",
    metadata,
    Column("id", Integer, primary_key=True),
    _incident(),
    Column("text", Text, nullable=False),
    *_said(),
    Column("to", Text, nullable=False),
    Column("next_due_at", UtcDateTime),
    _removable(),
)

# The lead offered to somebody, with the state written down; it passes when they accept.
handovers = Table(
    "handovers",
    metadata,
    Column("id", Integer, primary_key=True),
    _incident(),
    *_said(),
    Column("to_id", String(32), nullable=False),
    # What the form says, by the names of its fields.
    Column("brief", JsonText, nullable=False),
    Column("status", String(16), nullable=False),
    Column("status_at", UtcDateTime),
    Column("status_by", String(32)),
)

# The one live reminder that may stand in an incident's channel, edited in place.
reminders = Table(
    "reminders",
    metadata,
    Column("incident", Integer, ForeignKey("incidents.id"), primary_key=True),
    # What it asks for; null while none stands.
    Column("kind", String(32)),
    Column("since", UtcDateTime),
    # Counts the messages: the next one gets a key of its own.
    Column("number", Integer, nullable=False),
    Column("snoozed_until", UtcDateTime),
    Column("snoozed_by", String(32)),
)

# How to take back what a command did: a list of steps, each naming rows and what they were before.
undos = Table(
    "undos",
    metadata,
    Column("id", Integer, primary_key=True),
    _incident(),
    *_said(),
    Column("steps", JsonText, nullable=False),
    Column("is_used", Boolean, nullable=False),
)

# Each command, submission and press that was carried out, with its answer: a second delivery gets the same one.
requests = Table(
    "requests",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("answer", JsonText, nullable=False),
)

due_items = Table(
    "due_items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("subject", String(96), nullable=False),
    Column("slot", String(64), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("state", String(16), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claimed_by", String(64)),
    Column("claimed_until", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("last_error", Text),
    UniqueConstraint("team_id", "kind", "subject", "slot"),
)
Index(
    "ix_due_items_unfinished",
    due_items.c.due_at,
    sqlite_where=due_items.c.finished_at.is_(None),
    postgresql_where=due_items.c.finished_at.is_(None),
)

# The few that somebody is at: looked at by each claim, however many wait.
Index(
    "ix_due_items_claimed",
    due_items.c.team_id,
    due_items.c.subject,
    sqlite_where=due_items.c.state == "claimed",
    postgresql_where=due_items.c.state == "claimed",
)

# What the bot means to post, written before it is sent: the key travels with the message and finds it again.
posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(128), nullable=False, unique=True),
    Column("team_id", String(32), nullable=False),
    Column("incident", Integer, ForeignKey("incidents.id"), index=True),
    Column("purpose", String(32), nullable=False),
    Column("channel_id", String(32), nullable=False),
    Column("thread_ts", String(32)),
    Column("state", String(16), nullable=False),
    Column("ts", String(32)),
    Column("file_id", String(32)),
    Column("intended_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    _incident(),
    Column("revision", Integer, nullable=False),
    # The request that asked for it: carried out again after a crash, it finds its revision here.
    Column("made_for", String(255), nullable=False),
    Column("audience", String(16), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", String(32), nullable=False),
    Column("markdown", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("json", JsonText, nullable=False),
    Column("summary", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("published_at", UtcDateTime),
    Column("published_by", String(32)),
    UniqueConstraint("incident", "revision"),
    UniqueConstraint("incident", "made_for"),
)

# A revision as another audience may read it; a customer version is approved before it is published.
versions = Table(
    "versions",
    metadata,
    Column("draft", Integer, ForeignKey("drafts.id"), primary_key=True),
    Column("audience", String(16), primary_key=True),
    Column("markdown", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("approved_at", UtcDateTime),
    Column("approved_by", String(32)),
    Column("published_at", UtcDateTime),
    Column("published_by", String(32)),
)

# The answer to a follow-up's question whether the cause came back.
recurrences = Table(
    "recurrences",
    metadata,
    Column("incident", Integer, ForeignKey("incidents.id"), primary_key=True),
    Column("slot", String(16), primary_key=True),
    Column("came_back", Boolean, nullable=False),
    *_said(),
)

# The further channels of an imported incident; the first stands in its own row.
sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.id"), nullable=False),
    # Each batch of messages is held against these: to which incidents do they belong?
    Column("channel_id", String(32), nullable=False, index=True),
    Column("channel_name", Text, nullable=False),
    UniqueConstraint("incident", "channel_id"),
)

# How far an incident's channel was compared with Slack's history.
reconciliations = Table(
    "reconciliations",
    metadata,
    Column("incident", Integer, ForeignKey("incidents.id"), primary_key=True),
    # What was said until then is stored as Slack showed it; null before the first comparison.
    Column("checked_until", UtcDateTime),
    Column("tried_at", UtcDateTime),
    # Why not all could be compared; null when it could.
    Column("problem", Text),
    # Since when events may have been lost unnoticed; null once all was compared after that. Looking at what is new
    # won't do until then.
    Column("doubted_at", UtcDateTime),
)

# The stretches in which events may have been lost; `to_at` is null while one lasts. What was recovered from one is
# counted by the messages themselves.
capture_gaps = Table(
    "capture_gaps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.id"), nullable=False),
    Column("from_at", UtcDateTime, nullable=False),
    Column("to_at", UtcDateTime),
    Column("cause", String(32), nullable=False),
    # How many edits, deletions and reactions were taken in afterwards.
    Column("changed", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("incident", "cause", "from_at"),
)

# From when to when each process of the program was listening to Slack without a break, as far as it has said so.
heartbeats = Table(
    "heartbeats",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("worker", String(64), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# What user groups and channels that were mentioned are called, as last read from Slack.
names = Table(
    "names",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("thing_id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
)
