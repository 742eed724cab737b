"""The table: what tells a key moment from chatter, how much it weighs, and why.

docs/suggestions.md says it in words; the verbs stand in vocabulary.py.

Weights are points; a message needs `LEAST` of them, more where others are strong. They were set by reasoning (what does
a responder write down, what is said again and again?), then checked on several channels, each left out in turn. None
names a thing of one incident.

How phrases are written: commas separate them; `is/are back` are two; `_` is any one word; `<done>`, `<doing>` and
`<do>` are forms of the verbs of change; `<link>`, `<code>`, `<number>` and `<person>` stand for one of those.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.suggestions.model import Moment


class Role(StrEnum):
    """How a cue counts: as what happened, as what somebody means to do, or against the message."""

    FACT = "fact"
    PLAN = "plan"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class Cue:
    """One row: phrases that mean the same for us.

    `weight` is in points; for `Role.AGAINST` it is the share of its points that a sentence keeps. `said` is the
    reason that people read. `when_denied` is the cue that stands for this one after "not" or "no", None for nothing.
    """

    name: str
    moment: Moment | None
    weight: float
    said: str
    phrases: str
    role: Role = Role.FACT
    when_denied: str | None = None


CUES = (
    # -- What was done ----------------------------------------------------------------------------------------------
    # A change that is told as done is what timelines consist of; features.py asks how it is told.
    Cue(
        "done",
        Moment.CHANGE,
        2.6,
        "says that something was changed",
        "<done>, set to <number>, set the",
    ),
    # "Restarting the workers now" is how chats announce the same thing.
    Cue(
        "doing",
        Moment.CHANGE,
        2.4,
        "says that something is being changed",
        "<doing>, setting the, then/now i/we <do>, i/we now <do>",
    ),
    # What else was done: asked, compared, opened.
    Cue(
        "did",
        Moment.EVIDENCE,
        1.1,
        "tells what was done",
        "<did>",
    ),
    # The same without a verb of change: counts in full only beside a noun of CHANGE_NOUNS.
    Cue(
        "went through",
        Moment.CHANGE,
        2.4,
        "says that a change went through",
        "complete, completed, done, finished, is/are/now live, is/are/now out, worked, succeeded, went through, "
        "went out, going out, landed, in place, took effect, in effect, is/are now in, kicked off, under way, "
        "underway, in progress, failed, is rolling, has started, is/are up",
    ),
    # Chat-ops: somebody logs by hand what they do, so they hold it worth keeping.
    Cue(
        "logged",
        Moment.CHANGE,
        1.2,
        "was logged as done",
        "! log",
    ),
    # The end of a change in numbers or a tick.
    Cue(
        "all of it",
        Moment.CHANGE,
        1.3,
        "says that all of it is through",
        "all done, all of them done, all <number> have, all <number> are, everywhere now, in all regions, flag on, "
        "flag off, is off, are off, is now on, off now, on now, is gone, are gone, is out, gone from, all "
        "instances, all nodes, all pods, all hosts, all shards, all regions",
    ),
    # -- What was found ---------------------------------------------------------------------------------------------
    # A cause that is named; the words that mark the end of a search.
    Cue(
        "cause",
        Moment.EVIDENCE,
        2.7,
        "names a cause",
        "turns/turned out, root cause, the cause, the culprit, the reason, caused by, that's why, this is why, "
        "which is why, that explains, this explains, which explains, it explains, explains why, explains the, found "
        "it, found the, found a/an, i found, we found, due to, because of, thanks to the, comes/coming from, came "
        "from, traced to, traced it, traced this, narrowed down, narrowed it, narrowed to, pinpointed, identified, "
        "is/was/are triggered by, got triggered by, was introduced, introduced in, introduced by, broke the, the "
        "problem is, the issue is, the problem was, the issue was, the bug is, problem is that, smoking gun, there "
        "it is, here it is, is to blame, is the one, that's the one, points to, pointing to, points at, pointing "
        "at, determined, figured out, figured it out, that's it, is what broke, is what caused, caused the, causing "
        "the, is causing, was causing, that would explain, is missing",
    ),
    # A conclusion in words of concluding.
    Cue(
        "concluded",
        Moment.EVIDENCE,
        1.5,
        "draws a conclusion",
        "so it's, so that's, so it is, so we're, that means, which means, this means, meaning, in fact, actually "
        "it's, then it's, is a _ then, was a _ then, is real, not just, it's not only, here is your, here's your, "
        "here's the, there's your, got you, gotcha, aha, bingo",
    ),
    # What is seen, in words of seeing; weaker, because people see a lot.
    Cue(
        "seen",
        Moment.EVIDENCE,
        1.7,
        "tells what was seen",
        "looks like, look like, looked like, appears to/that, seems to be, seems that, seems like, i see, i'm "
        "seeing, we see, we're seeing, seeing, noticed, noticing, notice that, shows/show/showing, logs say, "
        "according to, spotted, i can see, we can see, there's/there is/are a, there's a lot of, reproduced, can "
        "reproduce, could reproduce, able to reproduce, i get, i'm getting, we're getting, getting a, started "
        "at/around, starts at, since about, since around, right after, shortly after, same time as, lines up, "
        "matches, correlates, correlated, coincides, only affects, only affecting, affects only, all of them are, "
        "every one of, is/are stuck at, is/are pinned at, is at <number>, are at <number>, is up to, went from, "
        "jumped from, jumped to, went up, climbed, climbing, grew, growing",
    ),
    # "Confirmed", "verified": somebody looked again, and others rely on it.
    Cue(
        "confirmed",
        Moment.EVIDENCE,
        2.3,
        "confirms something",
        "confirmed, confirming that, can confirm, i confirm, we confirm, verified, i've checked, validated, proved, "
        "proven, double checked",
    ),
    # -- What is supposed, and what is ruled out --------------------------------------------------------------------
    # A guess with a cause in it is often the turning point; alone it stays just under the threshold.
    Cue(
        "supposed",
        Moment.HYPOTHESIS,
        1.6,
        "supposes a cause",
        "suspect, suspecting, i suspect, suspicion, suspicious, hypothesis, theory, my guess, i'd guess, best "
        "guess, i bet, could be related, may be related, might be related, may have caused, might have caused, "
        "could have caused, could be caused, might be caused, smells like, i think it's, i think the, i think "
        "that's, i wonder if, probably the, probably because, likely the, likely because, most likely, not "
        "convinced, i'm guessing, could be the, might be the, it could be, it might be, i think we're, potentially "
        "the",
    ),
    Cue(
        "ruled out",
        Moment.HYPOTHESIS,
        2.3,
        "rules something out",
        "ruled out, rules out, ruling out, can rule out, red herring, false lead, not related, unrelated, isn't "
        "related, nothing to do with, not the cause, isn't the cause, wasn't the cause, is not it, isn't it, wasn't "
        "it, that's not it, not the culprit, doesn't explain, does not explain, disproved, disproves, disproven, "
        "is/are innocent, is/are not the problem, isn't the problem, didn't help, did not help, made no difference, "
        "no effect, didn't work, did not work, doesn't help, false alarm, so not the, so it's not, so that's not, "
        "it's not the, it isn't the, it was never, was never the, off the list, off the table, withdraw, did "
        "nothing, does nothing, was a coincidence, is a coincidence",
    ),
    # -- How the system is ------------------------------------------------------------------------------------------
    # Trouble as such is said all the time; the first report of it is lifted by `first report` below.
    Cue(
        "trouble",
        Moment.EVIDENCE,
        1.6,
        "reports trouble",
        "is/are/it's/they're/went/goes/going/still down, failing, fails, failed, fail, failure, failures, erroring, "
        "errors, error, error rate, error rates, 5xx, 500, 500s, 502, 502s, 503, 503s, 504, 504s, timeout, "
        "timeouts, time outs, timing out, timed out, times out, spike, spiking, spiked, elevated, outage, "
        "unavailable, unreachable, stuck, hung, hangs, hanging, wedged, broken, broke, crash, crashing, crashed, "
        "crashes, crash looping, crashlooping, crashloopbackoff, oom, oomkilled, oomed, out of memory, out of disk, "
        "out of space, no space, is/are/disk/was full, exhausted, exhaustion, saturated, saturation, maxed, "
        "overloaded, slow, latency, lagging, lag, backlog, backed up, piling up, queue is/at/keeps, rejected, "
        "rejecting, refused, refusing, not/isn't/aren't responding, unresponsive, degraded, degradation, corrupt, "
        "corrupted, expired, expires, missing, dropped, dropping, lost, losing, deadlock, deadlocked, deadlocks, "
        "throttled, rate limited, leaking, leak, exception, exceptions, panic, panicked, segfault, segfaults, dead, "
        "offline, unhealthy, not ready, notready, pending, blocked, blocking, flapping, can't/cannot/couldn't "
        "<person>, can't/cannot log, can't/cannot connect, can't/cannot reach, can't/cannot resolve, can't/cannot "
        "load, can't/cannot access, nobody can, unable to, incident, impacted, impact, affected, not right, isn't "
        "right, misconfigured, mismatch, wrong, bad, rejects, refuses, 404s, 403s, 401s, 429s, 404, 403, 401, 429, "
        "double charged, duplicates, not working, doesn't work, isn't working, stopped working",
        when_denied="better",
    ),
    # Who notices from outside: the way incidents are found when no alert fires.
    Cue(
        "reported",
        Moment.DETECTION,
        2.1,
        "passes on what customers or others report",
        "customers/users/people/clients/merchants/sellers/buyers/tenants/drivers/shops/guests/players/subscribers "
        "are/is seeing/reporting/complaining/asking/getting, support is/are/has/got/says seeing/reporting, "
        "customers/users/people/clients/merchants/sellers/buyers/tenants/drivers can't/cannot, "
        "customer/user/users/customers report/reports/reported, reports of, reports from, support tickets, tickets "
        "about, tickets in, tickets from, complaints, complaint about, got a report, getting reports, we have "
        "reports, reported by, is/are anyone/anybody else seeing, anyone/anybody else seeing, <number> "
        "chats/tickets/calls/reports/complaints/mails/emails/messages/customers/users/people, <number> "
        "sellers/buyers/tenants/drivers/shops/merchants/clients/companies, "
        "tickets so far, support has, support got, support is, support says, been told",
    ),
    # Better, in all its words. Where the last one stands, and whether trouble follows, is asked by the milestones.
    Cue(
        "better",
        Moment.RECOVERY,
        2.3,
        "says that it got better",
        "is/are/was/were/we're/it's/they're/now/come/comes/came/coming/all/site/everything back, back up, back to "
        "normal, back to baseline, back to green, back to healthy, is/are/was/went back to, back up to, back down "
        "to, back at <number>, back under, back below, back online, online again, up again, all up, up and running, "
        "recovering, recovered, recovers, recovery, recoveries, "
        "is/are/all/looks/looking/goes/went/gone/turned/staying/now/back green, healthy, looks/looking healthy, "
        "is/are/were/started/keeps/rate/rates/errors/latency/queue/lag/backlog/load/cpu/usage/memory/it's/they're "
        "dropping, is/are/it's/they're/now going/coming/trending down, came/come/comes/went down, dropped to, "
        "dropped from, dropped back, dropped off, falling, fell to, fell back, down to <number>, down from, down "
        "by, is/are/looks/looking/now/seems stable, stabilised, stabilized, stabilising, stabilizing, holding "
        "steady, settled down, all clean, is/are/now clean, cleared, clearing, is/are/all/errors gone, no more, "
        "zero errors, 0 errors, looks/looking good, looks/looking better, looks/looking ok, looks/looking fine, "
        "looks/looking normal, looking great, fine again, fine now, ok now, good now, ok again, good again, "
        "works/working again, works now, is/are working, seems/appears to be working, functional, operational, "
        "resolved, is/are fixed, that fixed, which fixed, fixed it, did the trick, that helped, catching up, caught "
        "up, drained, draining, normal again, normal now, normalised, normalized, as normal, subsided, are/is/now "
        "passing, succeeding, is/are flowing, flowing again, serving traffic, healthy again, restored, can _ again, "
        "can _ _ again, <number> again, out again, improving, improved, better now, much better, was successful",
        when_denied="trouble",
    ),
    # The end of it, said by somebody.
    Cue(
        "over",
        Moment.RECOVERY,
        3.0,
        "says that it is over",
        "closing, calling it, we are done, we're done, incident is/was over, incident over, incident closed, "
        "incident resolved, close the incident, closing out, wrapping up, stand down, standing down, all clear, end "
        "of incident, that's a wrap, marking as resolved, marked as resolved, marking resolved, call it resolved, "
        "call it done, call it over, declare it over, it's over, we're through, we are through",
    ),
    # -- What is decided --------------------------------------------------------------------------------------------
    Cue(
        "decided",
        Moment.DECISION,
        2.5,
        "records a decision",
        "decision, decided, decide to, we're going with, going with, we'll go with, let's go with, we go with, "
        "agreed to, agreed that, agreement, we will not, we won't, we are not going, we're not going, no deploys "
        "until/please/for/from/now, no more deploys, deploy freeze, freeze, nobody touches, nobody deploys, hold "
        "all, hold off, holding off, the plan, plan is, new plan, change of plan, abandoning, giving up on, instead "
        "of, we stay, scrap the, scrapping",
    ),
    # "Let's roll back" decides when nobody asks further; less than the thing done.
    Cue(
        "intended",
        Moment.DECISION,
        1.6,
        "says what will be done",
        "let's <do>, lets <do>, let us <do>, let's _ <do>, let's just <do>",
        Role.PLAN,
    ),
    # A word of leave: with something proposed before it (see AGREED_POINTS), it decides.
    Cue(
        "go ahead",
        Moment.DECISION,
        1.2,
        "gives leave to go ahead",
        "do it, do that, go ahead, go for it, fine with me, fine by me, take this one, take that one, take the _ "
        "one, ok go, let's go, please do, proceed, green light, thumbs up, start with, go with, approved",
    ),
    # "I'll restart it", "going to revert": the thing done comes minutes later, and is what gets written down.
    Cue(
        "announced",
        Moment.CHANGE,
        1.3,
        "announces a change",
        "i'll <do>, we'll <do>, i'm going/about to <do>, we're going/about to <do>, going/about to <do>, i will "
        "<do>, we will <do>, gonna <do>, i'll go _ <do>, will <do>, let me <do>, i'm gonna <do>, i'll _ <do>, we'll "
        "_ <do>, i'll try <doing>, proceeding with, starting the/a, starting with",
        Role.PLAN,
    ),
    # -- Who is told ------------------------------------------------------------------------------------------------
    Cue(
        "escalated",
        Moment.ESCALATION,
        2.5,
        "brings in somebody or raises the severity",
        "paging, paged, pages sent, i page, page <person>, escalating, escalated, escalation, opened a case, opened "
        "a ticket, opened a support, support case, vendor ticket, calling them, called them, ticket <number>, case "
        "<number>, case with, ticket with, opened a sev, filed a ticket, filed a case, on the phone with, reached "
        "out to, reaching out to, contacted, contacting, called in, calling in, looping in, looped in, pulling in, "
        "pulled in, bringing in, brought in, declaring, declared, this is a sev, sev 1, sev1, raising to, raised "
        "to, to sev, upgrading to sev, raising severity, severity raised, bumping to sev, asked them to, "
        "wake/woke/waking <person>, wake/woke/waking him/her/them/up, handing over, war room, bridge is, zoom "
        "bridge, bridge open",
    ),
    Cue(
        "told customers",
        Moment.COMMUNICATION,
        2.7,
        "tells those outside",
        "status page/statuspage is, status page/statuspage updated, status page/statuspage live, status "
        "page/statuspage up, updated/updating/posted/published/posting _ status, "
        "updated/updating/posted/published/posting _ statuspage, on/to our status, on/to the status, status "
        "update/post/message posted/sent/published/is, customer update, customer comms, comms sent, comms are out, "
        "comms is out, posted an update, posted to, posted on, tweeted, tweet, emailed, email sent, email went out, "
        "mail went out, notified, notice posted, notified customers, banner is up, banner up, banner is live, put "
        "up a banner, announcement, announced to, told support, public update, maintenance page is",
    ),
    # Somebody takes it into their hands.
    Cue(
        "took the lead",
        Moment.ESCALATION,
        1.8,
        "takes the lead or opens an incident",
        "incident commander, i'm ic, i'm the ic, taking ic, taking the lead, take the lead, take lead, i'll take "
        "lead, taking lead, i'm leading, i have the lead, taking over, i'll run this, i'll run it, running this "
        "one, i'll own, i own this, is an incident, an incident then, this is an incident, opened an incident, "
        "opening an incident, incident channel, i'm on point, i lead, i call this, calling this a/an, that's a sev, "
        "that's a sev1, that's a p1",
    ),
    # Those outside answer.
    Cue(
        "heard from others",
        Moment.EVIDENCE,
        1.5,
        "passes on what others said",
        "they say, they said, they confirmed, they fixed, they found, says they, said they, told me, told us, says "
        "that, said that, say that, call back from, got through, through to, heard from, heard back, got a reply, "
        "they replied, replied, they acknowledge, on the phone, they see, they've, tier 2, support says, ops say, "
        "ops says, vendor says",
    ),
    # The work begins: said once or twice, and often a row.
    Cue(
        "at work",
        Moment.EVIDENCE,
        0.9,
        "says that somebody is at work on it",
        "investigating, i'm looking, looking into, looking at, taking a look, digging, debugging, checking, i'm on "
        "it, on it, having a look, trying to",
    ),
    # -- What speaks against a sentence; the weight is the share of the points that it keeps ------------------------
    Cue(
        "earlier incident",
        None,
        0.3,
        "",
        "previously, in the <number> outage/incident, in <number>, last week, last month, last year, last time, "
        "last quarter, last sprint, last night's, yesterday, the other day, years ago, months ago, weeks ago, days "
        "ago, back in, back when, used to, remember when, remember that, reminds me, the previous incident, "
        "previous outage, another incident, in the past, historically, like the one, similar incident, same as "
        "last, on monday/tuesday/wednesday/thursday/friday/saturday/sunday, "
        "monday/tuesday/wednesday/thursday/friday/saturday/sunday night, since "
        "january/february/march/april/june/july/august/september/october/november/december, at my "
        "last/previous/old, once upon, a while ago, a while back, in "
        "january/february/march/april/june/july/august/september/october/november/december",
        Role.AGAINST,
    ),
    Cue(
        "for afterwards",
        None,
        0.2,
        "",
        "postmortem, post mortem, retro, action item, action items, follow up, followup, follow ups, todo, to do "
        "list, backlog item, next week, next sprint, next time, next quarter, tomorrow, long term, longer term, in "
        "the future, in future, going forward, someday, we should have, should have, should add, should really, we "
        "should probably, should probably, we need better, would be nice, would have been, could have been, nice to "
        "have, file a bug, file an issue, open an issue, create a ticket, make a ticket, lesson, lessons, learned, "
        "one day, feature request, runbook",
        Role.AGAINST,
    ),
    Cue(
        "summary",
        None,
        0.35,
        "",
        "tl dr, tldr, tl ; dr, to summarise, to summarize, summary, summarising, summarizing, recap, to recap, so "
        "far, as i said, as mentioned, as said, like i said, as discussed, for those just joining, for anyone just "
        "joining, just joining, catching up on, to catch you up, for the record, status so, current status, current "
        "state, where are we, where we are, no change, no news, nothing new, same as before, still the same, "
        "reminder, just to be clear, to be clear, in other words, so basically, timeline so far, for those who, for "
        "anyone who, for everyone who, for those not, for people who, status for, short version, long story short, "
        "in short, sum up, summing up, where we stand, scroll to, scroll up",
        Role.AGAINST,
    ),
    Cue(
        "small talk",
        None,
        0.25,
        "",
        "lol, lmao, haha, hahaha, hehe, rofl, thanks, thank you, thx, ty, cheers, congrats, kudos, nice work, great "
        "work, good work, well done, good job, great job, sorry, lunch, coffee, dinner, breakfast, snack, snacks, "
        "pizza, beer, weekend, vacation, holiday, kids, dog, cat, good morning, morning all, good night, goodnight, "
        "welcome, :joy:, :laughing:, :rofl:, :sob:, :sweat_smile:, :smile:, :tada:, :facepalm:, :upside_down_face:, "
        "murphy, of course it, joke, joking, jk, fun, funny, famous last words, hold my, meme, imagine, interview, "
        "brb, afk, back in a, back in <number>, be back, be right back, wrong channel, wrong window, unrelated but, "
        "unrelated question, off topic, side note, btw, by the way",
        Role.AGAINST,
    ),
    # Whoever says that it is something else says that it is not this.
    Cue(
        "something else",
        None,
        0.3,
        "",
        "not related, not to do with, nothing to do with this/that/it/us, not important, ignore, harmless, for another "
        "day, theirs not ours, not ours, random, as expected, is expected, that's expected, as planned, no hurry, "
        "crying wolf, cries wolf, flaky, "
        "my laptop/vpn/terminal/machine/screen/monitor/debugger/local/phone/browser/own",
        Role.AGAINST,
    ),
    # What is offered, wished or only conceivable.
    Cue(
        "only thought of",
        None,
        0.3,
        "",
        "happy to, i could, we could, could we, can i, should i, should we, shall i, shall we, maybe we, perhaps "
        "we, want me to, do you want, would you, could you, can you, can someone, can somebody, could someone, "
        "could somebody, please, pls, plz, how about, what about, what if, worth a, worth checking, might be worth, "
        "may be worth, might want, i'd like, i would, we would, i'd rather, one option, another option, "
        "alternatively, in theory, theoretically, hopefully, i hope, fingers crossed, wish, let me know, lmk, ping "
        "me, feel free, if you, if we, if it, if that, if this, if they, if the, in case, unless, need to, needs "
        "to, have to, has to, i'd, supposed to, once it, once we, once the, before we, before i, don't know, do not "
        "know, no idea, not sure, unclear, unsure, eta",
        Role.AGAINST,
    ),
    # Hedges take a little: "I think the pool is full" is still worth a look.
    Cue(
        "hedged",
        None,
        0.75,
        "",
        "waiting for, waiting on, standing by, maybe, perhaps, possibly, might, i think, i guess, kind of, sort of, "
        "i believe, afaik, iirc, iiuc, afaict, somehow, apparently, not certain",
        Role.AGAINST,
    ),
    # "Still" repeats what is known.
    Cue(
        "still",
        None,
        0.7,
        "",
        "still, again the same, as before, same here, +1, me too, yep, yeah",
        Role.AGAINST,
    ),
)

# The cues that tell of the incident itself; changes are made and merged every day.
SEEDS = frozenset(
    (
        "trouble",
        "reported",
        "better",
        "cause",
        "ruled out",
        "supposed",
        "concluded",
        "told customers",
        "took the lead",
        "over",
    )
)
# "Not working" is trouble and "no errors" is better, but both less than said outright.
DENIED_KEEPS = 0.7
# A message that sums up in one sentence sums up in the others.
SUMMARY_KEEPS = 0.3
# A sentence keeps this share when it asks, and when its change or state is only willed ("will be back", "to restart").
QUESTION_KEEPS = 0.15
WILLED_KEEPS = 0.2
# A change that is told without anybody doing it ("the restarted pods") or beside no noun of change ("is done").
LOOSE_KEEPS = 0.45
# "Restarting it would help" and "after restarting it" tell of no restart.
GERUND_KEEPS = 0.2
# "The pool bumped to 50" may lack only its "was".
NEARLY_KEEPS = 0.85
# Of several cues in a sentence the first counts in full, each further one for this share of the one before.
FURTHER_CUE = 0.4
# Of several telling sentences in a message likewise.
FURTHER_SENTENCE = 0.25

# What stands around the words helps a sentence in full from so many points on, a weaker one by its share.
FULL_SUPPORT = 1.5
# Long messages explain and sum up; what happens is told in few words.
LONG_WORDS = 45
LONG_KEEPS = 0.65
# Someone brings up again what was said: so many telling words, so great a share of them said before, keeps this much.
RESTATES_LEAST_WORDS = 5
RESTATES_SHARE = 0.7
RESTATES_KEEPS = 0.6

# -- What stands around the words, in points ------------------------------------------------------------------------
# What can be looked up lends weight.
LINK_POINTS = 0.4
# What can be checked, each up to three: numbers with units, names of parts, versions, acronyms. Small talk has none.
SPECIFIC_POINTS = 0.3
MOST_SPECIFICS = 3
# "from 6 to 9", "80 -> 160": how things changed, in numbers.
AMOUNT_CHANGED_POINTS = 0.9
# Any verb in the past tells what happened, if only a little.
PAST_POINTS = 0.25
# A block of code or log lines, by itself; more where it shows trouble.
BLOCK_POINTS = 0.9
BLOCK_TROUBLE_POINTS = 0.9
# The subject of the talk: words that several people use often. Lunch has none of them.
THEME_POINTS = 1.2
THEME_WORDS = 3
# What was said once or twice says little: so many uses in slow talk are added to those of every word.
DOUBT = 2
# A word that nobody had used and that others take up afterwards: whoever brought it in said something that mattered.
NOVELTY_POINTS = 0.5
TAKEN_UP_WITHIN = timedelta(minutes=45)
MANY_TAKEN_UP = 4
# Three different people answer within minutes.
ANSWERS_POINTS = 0.4
MANY_ANSWER = 3
ANSWERS_LOOKED_AT = 9
# Somebody agrees at once with what is intended: then it is decided.
AGREED_POINTS = 0.9
AGREEING_LOOKED_AT = 4
# What a channel opens with is why it was opened: its first messages of some length.
OPENING_POINTS = 1.0
OPENING_MESSAGES = 3
OPENING_WORDS = 6
OPENING_GOES_ON = timedelta(minutes=20)
# Silence before: people come back to say something.
SILENCE = timedelta(minutes=4)
SILENCE_POINTS = 0.3
# A plain statement without any cue: what stands around it may still lift it.
PLAIN_POINTS = 0.2
# What stands in a thread is an aside more often than what is said to all.
REPLY_POINTS = -0.2

# The first report of the subject and the last word that it is over stand in every timeline.
ENDS_POINTS = 1.5
AT_HOME = 0.3

# -- What belongs to the incident: the share of its points that a message keeps -------------------------------------
# Where people talk fast there is something going on, and a timeline tells most of it. The pace fades within minutes;
# where it is slowest, so much is kept.
PACE_FADES = timedelta(minutes=10)
SLOW_KEEPS = 0.22
# In telling words, hardly any of which are of the subject, one speaks of something else; how much that takes away grows
# with what is known of the subject: half of it after so many messages.
FOREIGN_WORDS = 3
FOREIGN_COSTS = 0.6
FULLY_AT_HOME = 0.4
SUBJECT_KNOWN_AFTER = 40
# Nobody speaks of any trouble for so long before and after.
COLD_WITHIN = timedelta(minutes=40)
COLD_KEEPS = 0.7
# What led up to it was told when nobody spoke of it yet: then the subject counts instead of the pace.
LED_UP = 0.7

# -- Alerts, in points ----------------------------------------------------------------------------------------------
# The first alert of the channel, or after a quiet hour.
FIRST_ALERT = 3.0
# Another alert, new in kind, while something is going on; taken up by people it passes the threshold.
NEW_ALERT = 1.5
ALERT_TAKEN_UP = 0.8
SEVERE_ALERT = 0.4
# Each time that the same alert was there before takes as much.
REPEATED_ALERT = -0.8
# The recovery after which nothing fires any more; another one in between.
LAST_RECOVERY = 2.5
A_RECOVERY = 1.2
# A machine tells of changes and of states. What else it writes it has copied from somebody, and keeps this share.
MACHINES_TELL = frozenset(
    ("done", "doing", "did", "went through", "all of it", "trouble", "better", "told customers", "escalated")
)
MACHINE_COPIES_KEEP = 0.5
# A machine's message belongs to the talk when people use so many of its words within so long.
RELATED_WORDS = 2
RELATED_WITHIN = timedelta(hours=2)
RELATED = 0.5
ANSWERED_WITHIN = timedelta(minutes=3)
UNRELATED_KEEPS = 0.4
# Alerts after so long a silence of alerts begin anew.
QUIET_OF_ALERTS = timedelta(hours=1)
# A user is a program when so many messages, nearly all, have the same few openings.
MACHINE_LEAST_MESSAGES = 8
MACHINE_SHARE = 0.7
# A machine's message keeps this share for each time that it was there before in the same form.
MACHINE_REPEATS_KEEP = 0.6

# -- Selection ------------------------------------------------------------------------------------------------------
# What a suggestion needs, and what share of the mean of the strongest ones: terse people score low all along, where
# much is told clearly the rest must be as clear.
LEAST = 1.2
LEAST_SHARE = 0.2
STRONGEST = 8
# Two suggestions within this stretch compete; the nearer, the more the weaker one must bring: at the same time so many
# times what the strongest have.
STRETCH = timedelta(minutes=5)
NEAR_COST = 1.4
# What else stands near a suggestion and speaks of the same belongs to it from so many points on.
LEAST_OF_OTHERS = 0.8
# A message is shown whole up to so many characters; of a longer one a statement is shown with the best one from this
# share of its points on. What keeps less than that of its points (thanks, jokes, what is only thought of) never is.
SHORT_TEXT = 200
TELLING_SHARE = 0.4
TOLD_KEEPS = 0.5
SHORTEST_TOLD = 3
LONGEST_TEXT = 400
LINES_OF_CODE = 2
LONGEST_CODE = 160
# One person's messages in a row are one statement.
RUN = timedelta(minutes=2)
# However much is said: so many times the cube root of the minutes of the talk, slow talk counted for its pace, which
# is about what official timelines of an hour (12 rows), an afternoon (20) or a day (35) come to.
MOST_PER_CUBE_ROOT = 4.0
MOST_AT_LEAST = 6
QUIET = timedelta(minutes=30)

# -- Milestones -----------------------------------------------------------------------------------------------------
# Since when is said around the first report, and seldom reaches back further than half a day.
SAID_BEFORE = timedelta(minutes=10)
SAID_AFTER = timedelta(minutes=45)
STARTED_AT_MOST_BEFORE = timedelta(hours=12)
# What was done so short a time before it got better is held to have helped.
WORKS_WITHIN = timedelta(minutes=30)
# New reports of trouble within that time mean that it did not hold.
HOLDS_FOR = timedelta(minutes=30)
# When more is done afterwards than this, it did not end the trouble.
MOST_DONE_AFTERWARDS = 2
