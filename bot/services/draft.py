"""Drafting: assemble the postmortem, save it as a revision, post its summary and share the report as a file."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from bot.domain.errors import UserError
from bot.domain.followups import due_times
from bot.domain.incident import Incident, Kind, Status
from bot.domain.postmortem import Postmortem, as_json, assemble
from bot.domain.postmortem.audiences import Audience, customer, executive
from bot.domain.postmortem.gaps import Commands, commands_about
from bot.domain.review import review, with_review
from bot.domain.rights import Right
from bot.domain.text import counted
from bot.services import jobs, people, reconciling, things
from bot.services.imported import hand_out
from bot.services.ports import MessageGoneError, OutsideError, RefusedError
from bot.services.posting import deliver, deliver_file
from bot.services.requests import Outcome, Request, addressed, carry_out
from bot.services.views import AnswerView, DraftView
from bot.services.world import World
from storage import drafts, due, incidents, posts, records, versions
from storage.database import Connection
from storage.drafts import Draft
from storage.due import DueItem
from storage.posts import NewPost, Post
from storage.versions import Version

log = structlog.get_logger()

SUMMARY = "draft-summary"


def ask_for_draft(world: World, request: Request, audience: Audience) -> AnswerView:
    """Put the drafting into the due table.

    Raises UserError for cancelled incidents, and for a customer version of what no customer met.
    """

    def change(_connection: Connection, incident: Incident) -> Outcome:
        if incident.status is Status.CANCELLED:
            raise UserError(
                f"{incident.incident_id} was cancelled, so there is nothing to draft. To take it up again",
                right=f"{addressed(world, request, incident)} reopen",
            )
        if audience is Audience.CUSTOMER:
            check_for_customers(world, request, incident)
        by, url = request.actor.user_id, request.response_url
        job = jobs.draft(incident, request.key, now=request.now, by=by, audience=audience.value, response_url=url)
        of = "draft" if audience is Audience.INTERNAL else f"{audience.value} version"
        return Outcome(f"Working on the {of} of {incident.incident_id} …", jobs=(job,))

    return carry_out(world, request, Right.DRAFT, change)


def check_for_customers(world: World, request: Request, incident: Incident) -> None:
    """Raise UserError for an incident that no customer met."""
    if incident.kind in (Kind.DRILL, Kind.NEAR_MISS):
        kind = "drill" if incident.kind is Kind.DRILL else "near miss"
        raise UserError(
            f"{incident.incident_id} is a {kind}, so there is nothing to tell customers. For those inside",
            right=f"{addressed(world, request, incident, is_postmortem=True)} draft",
        )


def make_draft(world: World, item: DueItem) -> None:
    """Make the revision that was asked for, once, and post it. Raises OutsideError where carrying on later is right."""
    with world.database.reading() as connection:
        # Asked for of an incident that has become part of another meanwhile, it is that one's.
        incident = incidents.whole_of(connection, incidents.by_row(connection, jobs.row_of(item.subject)))
        draft = drafts.made_for(connection, incident, item.payload["key"])
    # Asked for by an earlier version of the program it says nothing of an audience.
    audience = Audience(item.payload.get("audience", Audience.INTERNAL))
    if draft is None:
        reconciling.pass_before_draft(world, incident)
        draft = save_draft(world, incident, made_for=item.payload["key"], by=item.payload["by"], audience=audience)
    if incident.channel_id is None:
        raise OutsideError("the channel is not made yet")
    if incident.is_imported:
        answer = _hand_out(world, incident, draft, audience, to=item.payload["by"])
    else:
        answer = _post(world, incident, draft, audience)
    tell_asker(world, item.payload.get("response_url"), answer)


def _hand_out(world: World, incident: Incident, draft: Draft, audience: Audience, *, to: str) -> str:
    """Send the report of an imported incident to whoever asked, as it has no channel; return what to tell them."""
    name = f"Draft {draft.revision} of {incident.incident_id}"
    file = f"{incident.incident_id}-draft-{draft.revision}"
    files = {f"{file}.md": draft.markdown.encode()}
    if audience is not Audience.INTERNAL:
        with world.database.reading() as connection:
            version = versions.of_draft(connection, draft, audience)
        assert version is not None
        files[f"{file}-{audience.value}.md"] = version.markdown.encode()
    if code := hand_out(world, incident, files, to=to):
        return f"{name} is saved, but could not be sent to you (Slack says {code})."
    what = "it is" if len(files) == 1 else f"it and its {audience} version are"
    return f"{name} is saved; {what} in your direct messages with me."


def _post(world: World, incident: Incident, draft: Draft, audience: Audience) -> str:
    """Post the summary and share the report; return what to tell the asker."""
    name = f"Draft {draft.revision} of {incident.incident_id}"
    try:
        summary = post_summary(world, incident)
    except RefusedError as error:
        # Slack will say no again: whoever asked must know that, rather than wait.
        log.warning("draft not posted", code=error.code, incident=incident.incident_id)
        return f"{name} is saved, but the channel can't be posted to (Slack says {error.code})."
    try:
        share_report(world, incident, draft, summary)
        if audience is not Audience.INTERNAL:
            share_version(world, incident, draft, summary, audience)
    except RefusedError as error:
        log.warning("report not shared", code=error.code, incident=incident.incident_id)
        return f"{name} is posted, but its file could not be shared (Slack says {error.code})."
    what = "the report is" if audience is Audience.INTERNAL else f"the report and its {audience} version are"
    return f"{name} is posted; {what} in its thread."


def assembled(world: World, incident: Incident, revision: int) -> Postmortem:
    """Return the postmortem as it would be drafted now, with everyone in it known."""
    with world.database.reading() as connection:
        record = records.load(connection, incident)
    # The voters too: who is a bot or a guest does not count.
    voters = {vote.user_id for each in record.material.every for vote in each.votes}
    if not incident.is_imported:
        # Of the people in an export Slack may know nothing, and there may be thousands.
        people.known(world, incident.team_id, records.people_of(record) | voters, now=world.clock())
        things.read(world, incident.team_id, record.things, now=world.clock())
    with world.database.reading() as connection:
        record = records.load(connection, incident)
    policy = world.policy
    return assemble(
        record,
        now=world.clock(),
        revision=revision,
        emoji=policy.emoji,
        command=policy.command,
        postmortem_command=policy.postmortem_command,
    )


def save_draft(world: World, incident: Incident, *, made_for: str, by: str, audience: Audience) -> Draft:
    """Assemble, render and store a revision and its version for an audience.

    The first one sets the follow-ups in the same transaction.
    """
    with world.database.reading() as connection:
        revision = drafts.next_revision(connection, incident)
        first = drafts.by_revision(connection, incident, 1)
    postmortem = assembled(world, incident, revision)
    markdown = world.renderer.markdown(postmortem)
    made_at = first.made_at if first else None
    found = review(postmortem, commands_of(world, incident), has_follow_ups=True, first_drafted_at=made_at)
    draft = Draft(
        draft_id=0,
        revision=revision,
        made_for=made_for,
        audience=Audience.INTERNAL.value,
        made_at=postmortem.drafted_at,
        made_by=by,
        markdown=markdown,
        html=world.renderer.html(postmortem),
        json=with_review(as_json(postmortem), found, markdown),
        summary=" ".join(postmortem.summary),
        sha256=hashlib.sha256(markdown.encode()).hexdigest(),
        published_at=None,
        published_by=None,
    )
    with world.database.transaction() as connection:
        saved = drafts.add(connection, incident, draft)
        if audience is not Audience.INTERNAL:
            versions.add(connection, _version(world, postmortem, saved, audience))
        for days, at in due_times(draft.made_at).items():
            due.put_once(connection, jobs.follow_up(incident, days, at=at))
        due.put(connection, jobs.header(incident, now=world.clock()))
    return saved


def _version(world: World, report: Postmortem, draft: Draft, audience: Audience) -> Version:
    """Return a revision as this audience may read it."""
    brief = customer(report) if audience is Audience.CUSTOMER else executive(report)
    markdown = world.renderer.brief_markdown(brief)
    return Version(
        draft_id=draft.draft_id,
        audience=audience,
        markdown=markdown,
        html=world.renderer.brief_html(brief),
        sha256=hashlib.sha256(markdown.encode()).hexdigest(),
        made_at=draft.made_at,
    )


def commands_of(world: World, incident: Incident) -> Commands:
    """Return how the two commands about an incident begin, for the review."""
    return commands_about(incident, Commands(world.policy.command, world.policy.postmortem_command))


def post_summary(world: World, incident: Incident) -> Post:
    """Post the summary, once per incident; a later revision updates it in place, or follows one that was deleted."""
    assert incident.channel_id is not None
    shown = summary_view(world, incident)
    key = f"{SUMMARY}:{incident.row_id}"
    while True:
        new = NewPost(key, incident.team_id, incident.row_id, SUMMARY, incident.channel_id)
        post = deliver(world, new, shown)
        assert post.ts is not None
        if shown.revision == 1 and not shown.published_revision:
            return post
        try:
            world.messenger.update(post.channel_id, post.ts, shown)
        except MessageGoneError:
            key = f"{SUMMARY}:{incident.row_id}:after:{post.ts}"
        else:
            return post


def summary_view(world: World, incident: Incident) -> DraftView:
    """Return the summary of the newest revision, from what was saved."""
    with world.database.reading() as connection:
        incident = incidents.by_row(connection, incident.row_id)
        draft = drafts.latest(connection, incident)
        published = drafts.published(connection, incident)
    assert draft is not None
    ids = [user_id for user_id in (published.published_by if published else None,) if user_id]
    saved = draft.json
    return DraftView(
        incident=people.titled(world, incident, now=world.clock()),
        revision=draft.revision,
        summary=draft.summary,
        made_from=_made_from(saved["capture"]),
        seconds=saved["metrics"],
        counts=(
            _entries(saved["timeline"]),
            counted(len(saved["causes"]["root"]) + len(saved["causes"]["contributing"]), "cause"),
            counted(len(saved["actions"]), "action"),
        ),
        gaps=tuple((gap["question"], gap["command"]) for gap in saved["gaps"]),
        published_revision=published.revision if published else None,
        published_by=published.published_by if published else None,
        published_at=published.published_at if published else None,
        names=people.names(world, incident.team_id, ids, now=world.clock()),
    )


def _entries(timeline: Sequence[Mapping[str, Any]]) -> str:
    """Return how many entries there are, and how many of them nobody has decided about."""
    suggested = sum(bool(entry.get("suggested")) for entry in timeline)
    said = counted(len(timeline), "timeline entry", "timeline entries")
    return f"{said} ({suggested:,} suggested)" if suggested else said


def _made_from(capture: Mapping[str, Any]) -> str:
    recovered = f", {capture['recovered']:,} of them recovered" if capture["recovered"] else ""
    return counted(capture["messages"], "message") + recovered


def share_report(world: World, incident: Incident, draft: Draft, summary: Post) -> None:
    """Share the revision's report as a file in the summary's thread, once."""
    name = f"{incident.incident_id}-draft-{draft.revision}.md"
    new = NewPost(
        f"draft-file:{incident.row_id}:{draft.revision}",
        incident.team_id,
        incident.row_id,
        "draft-file",
        summary.channel_id,
        summary.ts,
    )
    title = f"Draft {draft.revision}, postmortem {incident.incident_id}"
    deliver_file(world, new, name=name, title=title, content=draft.markdown.encode())


def share_version(world: World, incident: Incident, draft: Draft, summary: Post, audience: Audience) -> None:
    """Share a revision's version for an audience as a file in the summary's thread, once."""
    with world.database.reading() as connection:
        version = versions.of_draft(connection, draft, audience)
    assert version is not None
    name = f"{incident.incident_id}-draft-{draft.revision}-{audience.value}"
    new = NewPost(
        f"version-file:{incident.row_id}:{draft.revision}:{audience.value}",
        incident.team_id,
        incident.row_id,
        "version-file",
        summary.channel_id,
        summary.ts,
    )
    title = f"Draft {draft.revision}, {audience.value} version, postmortem {incident.incident_id}"
    deliver_file(world, new, name=f"{name}.md", title=title, content=version.markdown.encode())


def tell_asker(world: World, response_url: str | None, text: str) -> None:
    """Turn "working on it" into the answer; the posted draft speaks for itself where that is refused."""
    if response_url:
        try:
            world.messenger.respond(response_url, AnswerView(text), replaces=False)
        except OutsideError as error:
            log.info("answer not shown", error=str(error))


def summary_post(connection: Connection, incident: Incident) -> Post | None:
    """Return the posted summary, None before the first draft is posted; of several only the last still stands."""
    found = posts.of_purpose(connection, incident.row_id, SUMMARY)
    return found[-1] if found else None
