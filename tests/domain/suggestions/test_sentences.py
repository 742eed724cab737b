"""Sentences that tell of a moment, and sentences that don't: none of them from a channel that we measure on."""

import pytest

from bot.domain.suggestions.features import read
from bot.domain.suggestions.model import Moment
from bot.domain.text import mention

# A sentence by itself, without the channel around it, is telling from here on.
TELLING = 1.7

CHANGE, EVIDENCE, HYPOTHESIS, RECOVERY = Moment.CHANGE, Moment.EVIDENCE, Moment.HYPOTHESIS, Moment.RECOVERY
DECISION, ESCALATION, COMMUNICATION, DETECTION = (
    Moment.DECISION,
    Moment.ESCALATION,
    Moment.COMMUNICATION,
    Moment.DETECTION,
)

TELLS = (
    # what was done, in the forms in which people say so
    ("rolled back checkout to 4.18", CHANGE),
    ("I've rolled the gateway back to yesterday's build", CHANGE),
    ("rolling it back now", CHANGE),
    ("reverted", CHANGE),
    ("Reverting the schema change on the replica", CHANGE),
    ("the rollback is done on all hosts", CHANGE),
    ("deploy finished, 12 of 12 pods on the new image", CHANGE),
    ("just restarted the ingest workers", CHANGE),
    ("we restarted redis-3 with 8 GB", CHANGE),
    ("ok, pool bumped to 50", CHANGE),
    ("bumped the connection pool from 20 to 50", CHANGE),
    ("scaled the consumers up to 24", CHANGE),
    ("scaling out search to 9 nodes", CHANGE),
    ("failed over to the standby in fra2", CHANGE),
    ("failover complete, standby is primary now", CHANGE),
    ("feature flag new_pricing turned off for everyone", CHANGE),
    ("I turned the banner experiment off", CHANGE),
    ("switched DNS over to the old load balancer", CHANGE),
    ("merged https://git.example.com/shop/pull/812", CHANGE),
    ("PR 812 is merged and going out", CHANGE),
    ("drained node 7 and cordoned it", CHANGE),
    ("cordoning node 7", CHANGE),
    ("killed the long-running query, pid 4411", CHANGE),
    ("deleted the 300 stuck jobs", CHANGE),
    ("blocked the crawler at the edge", CHANGE),
    ("rate limit lowered to 10 rps per client", CHANGE),
    ("certificate renewed and deployed to both proxies", CHANGE),
    ("config reverted, waiting for the pods", CHANGE),
    ("we have disabled the nightly export", CHANGE),
    (f"{mention('U012AB3CD')} has paused the migration", CHANGE),
    ("cache flushed in eu-west", CHANGE),
    ("hotfix is live in production", CHANGE),
    ("backfill kicked off for the missing hours", CHANGE),
    ("took the bad host out of rotation", CHANGE),
    ("put the old limit back", CHANGE),
    ("upgraded the agent on all 40 machines", CHANGE),
    # what was found
    ("turns out the certificate expired at midnight", EVIDENCE),
    ("found it: the job writes to the wrong bucket", EVIDENCE),
    ("the root cause is a missing index on orders.customer_id", EVIDENCE),
    ("that's why the queue never drained", EVIDENCE),
    ("it's caused by the new header, the proxy rejects it", EVIDENCE),
    ("the errors are all coming from shard 3", EVIDENCE),
    ("confirmed, the disk on db-2 is full", EVIDENCE),
    ("verified: the backups of last night are complete", EVIDENCE),
    ("I see 502s from the payments upstream since 10:12", EVIDENCE),
    ("seeing a lot of connection resets in the proxy logs", EVIDENCE),
    ("error rate jumped from 0.1% to 14% at 09:40", EVIDENCE),
    ("p99 went from 200ms to 9s right after the deploy", EVIDENCE),
    ("latency spike lines up with the cron at :00", EVIDENCE),
    ("looks like every write is stuck behind the same lock", EVIDENCE),
    ("logs show `too many open files` on all three brokers", EVIDENCE),
    ("the api pods are crashlooping, OOMKilled", EVIDENCE),
    ("search is down in us-east-1, 30% of queries fail", EVIDENCE),
    ("logins are failing with a 500", EVIDENCE),
    ("traced it to the retry storm from the mobile client", EVIDENCE),
    ("here's your problem: ulimit is 1024", EVIDENCE),
    ("so it's not the network, packets arrive on both sides", None),
    ("I can reproduce it with a fresh account", EVIDENCE),
    # what is supposed, what is ruled out
    ("I suspect the new connection pooler", HYPOTHESIS),
    ("my guess is that the cache was cold after the restart", HYPOTHESIS),
    ("smells like the leap second bug", HYPOTHESIS),
    ("most likely the token rotation from this morning", HYPOTHESIS),
    ("ruled out the load balancer, same errors when I bypass it", HYPOTHESIS),
    ("red herring, those timeouts are from the staging probe", HYPOTHESIS),
    ("the deploy is unrelated, it touched only the docs", HYPOTHESIS),
    ("the restart made no difference", HYPOTHESIS),
    ("raising the limit didn't help", HYPOTHESIS),
    # how it goes
    ("error rate is back to normal", RECOVERY),
    ("checkout is working again", RECOVERY),
    ("all green", RECOVERY),
    ("queue is draining, 40k left", RECOVERY),
    ("latency is dropping, 800ms now", RECOVERY),
    ("we're back", RECOVERY),
    ("site is back up", RECOVERY),
    ("no more 5xx since 14:20", RECOVERY),
    ("no errors for ten minutes", RECOVERY),
    ("replication caught up", RECOVERY),
    ("looks healthy on all three regions", RECOVERY),
    ("recovered, success rate 99.8%", RECOVERY),
    ("users can log in again", RECOVERY),
    ("that fixed it", RECOVERY),
    ("calling it resolved, we're done", RECOVERY),
    ("all clear, standing down", RECOVERY),
    ("closing the incident", RECOVERY),
    # what is decided
    ("decision: we stay on the standby until Monday", DECISION),
    ("we decided to fail over rather than wait for the vendor", DECISION),
    ("going with option b, the smaller change", DECISION),
    ("we won't restore the backup, too much would be lost", DECISION),
    ("no deploys until this is over", DECISION),
    ("let's roll back", DECISION),
    ("let's fail over to the replica", DECISION),
    # who is told
    ("paging the database on-call", ESCALATION),
    ("opened a support case with the provider, priority 1", ESCALATION),
    ("escalated to the network team", ESCALATION),
    ("looping in Ana from payments", ESCALATION),
    ("raising this to sev 1", ESCALATION),
    ("I'll take lead on this one", ESCALATION),
    ("declaring an incident", ESCALATION),
    ("status page is updated", COMMUNICATION),
    ("posted an update on the status page", COMMUNICATION),
    ("customers are notified by mail, 3,400 of them", COMMUNICATION),
    ("banner is up in the app", COMMUNICATION),
    ("customers are reporting blank invoices", DETECTION),
    ("getting reports of failed logins from Brazil", DETECTION),
    ("support has 20 tickets about missing orders", DETECTION),
)

SAYS_NOTHING = (
    # questions
    "did you restart it?",
    "is checkout back up?",
    "who deployed at 10?",
    "what changed in the last hour?",
    "should we roll back?",
    "can you check the logs of the gateway",
    "has anyone looked at the replica",
    "are we sure it's the cache?",
    "why is the queue growing?",
    "how long will the restore take",
    "any idea what is causing this?",
    "is the failover done yet?",
    "do we know how many customers are affected?",
    "which version is live?",
    # offers, plans and wishes
    "I can restart it if you want",
    "we could scale up the workers",
    "happy to roll back if it gets worse",
    "maybe we should revert",
    "we should probably fail over at some point",
    "want me to kill the query?",
    "if it happens again we restart the broker",
    "let me know when it's deployed",
    "would be great if the cache was warm",
    "might be worth a restart",
    "hopefully it will be back in five minutes",
    "once it's drained we can upgrade",
    "one option is to drop the index",
    "we need to renew the certificate",
    "it should be fixed soon",
    # thanks, jokes and small talk
    "thanks everyone, great work",
    "thank you for jumping on this so quickly",
    "lol, of course it's DNS",
    "haha that graph looks like the Alps",
    "coffee, anyone",
    "brb, grabbing lunch",
    "good morning",
    "ok",
    "yep",
    "on it",
    "sounds good",
    ":+1:",
    ":tada:",
    "+1",
    "nice one",
    "hmm",
    "ok cool",
    "back in 5",
    "sorry, was in a meeting",
    "my cat just walked over the keyboard",
    "happy friday",
    "see you all tomorrow",
    "welcome to the team, Ola",
    "wrong channel, sorry",
    # earlier incidents
    "last time we restarted the broker and it came back after an hour",
    "this reminds me of the outage in March, we rolled back then",
    "we used to have this problem with the old proxy",
    "remember when the disk filled up on Christmas",
    "yesterday the deploy failed too",
    "two years ago we lost a whole rack like that",
    # said again, summed up
    "to recap: the deploy was rolled back and errors are down",
    "summary so far: checkout failing, cause unknown",
    "as I said, the pool is exhausted",
    "tl;dr the disk was full",
    "status so far: nothing new",
    "for those just joining, login is broken and we reverted",
    # for afterwards
    "we should add an alert for this",
    "action item: alert on disk usage",
    "let's write that in the postmortem",
    "next sprint we should move this off the old cluster",
    "follow up: test the failover every month",
    "we need better dashboards for the queue",
    "that would have been caught by a canary",
    "I'll write a ticket for the runbook",
    # neither here nor there
    "not yet",
    "still waiting for the pipeline",
    "one sec",
    "give me two minutes",
    "I'm looking",
    "let me check",
    "no idea, to be honest",
    "same here",
    "I don't know that service",
    "no change",
    "ask in the platform channel",
    "> rolled back checkout to 4.18",
)


def best(text: str) -> tuple[float, Moment | None]:
    statements = read(text)
    if not statements:
        return 0.0, None
    one = max(statements, key=lambda statement: statement.points)
    return one.points, one.moment


@pytest.mark.parametrize(("text", "moment"), TELLS, ids=[text for text, _ in TELLS])
def test_sentence_tells_of_its_moment(text: str, moment: Moment | None) -> None:
    points, found = best(text)
    assert points >= TELLING
    assert moment is None or found is moment


@pytest.mark.parametrize(
    ("text", "is_recovery"),
    [
        ("I'm not convinced that the gateway is really in a healthy state", False),
        ("I doubt that checkout is back to normal", False),
        ("no doubt, and checkout is back to normal", True),
        ("I'm convinced checkout is back to normal", True),
        ("not sure why, but checkout is back to normal", True),
    ],
)
def test_recovery_that_somebody_doubts_is_none(text: str, *, is_recovery: bool) -> None:
    assert (best(text)[1] is RECOVERY) is is_recovery


@pytest.mark.parametrize("text", SAYS_NOTHING, ids=SAYS_NOTHING)
def test_chatter_stays_below_what_tells(text: str) -> None:
    points, _ = best(text)
    assert points < TELLING
