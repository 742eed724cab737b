"""Alerts as monitoring, paging and building systems post them, in their style: read to what people see of them."""

from typing import Any

import pytest

from bot.domain.text import mention
from bot.slack import payloads
from bot.slack.reading import words

Json = dict[str, Any]


def mrkdwn(said: str) -> Json:
    return {"type": "mrkdwn", "text": said, "verbatim": False}


def section(said: str, *fields: str) -> Json:
    return {"type": "section", "text": mrkdwn(said)} | ({"fields": [mrkdwn(one) for one in fields]} if fields else {})


BUTTONS = {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Acknowledge"}}]}


def old_app(name: str, *attachments: Json, text: str = "") -> Json:
    """A message of an incoming webhook or a classic integration."""
    return {
        "type": "message",
        "subtype": "bot_message",
        "text": text,
        "username": name,
        "bot_id": "B1",
        "icons": {"image_48": "https://x.example.com/icon.png"},
        "ts": "1763647533.000100",
        "attachments": [
            {"id": number, "mrkdwn_in": ["text", "pretext"]} | one for number, one in enumerate(attachments, 1)
        ],
    }


def new_app(name: str, *blocks: Json, text: str, attachments: tuple[Json, ...] = ()) -> Json:
    """A message of an app with a bot user."""
    return {
        "type": "message",
        "user": "UBOT",
        "bot_id": "B1",
        "app_id": "A1",
        "bot_profile": {"id": "B1", "app_id": "A1", "name": name, "icons": {"image_36": "x"}, "team_id": "T1"},
        "text": text,
        "ts": "1763647533.000100",
        "blocks": list(blocks),
        "attachments": list(attachments),
    }


ALERTS: dict[str, tuple[Json, str]] = {
    "Grafana": (
        old_app(
            "Grafana",
            {
                "color": "#D63232",
                "title": "[FIRING:1] High latency (checkout eu)",
                "title_link": "https://grafana.example.com/alerting/list",
                "text": "**Firing**\n\nValue: A=2.4\nLabels:\n - app = shop\nAnnotations:\n - summary = p99 &gt; 2 s",
                "fallback": "[FIRING:1] High latency (checkout eu)",
                "footer": "Grafana v10.2.0",
                "footer_icon": "https://grafana.com/static/assets/img/fav32.png",
                "ts": 1763647533,
            },
        ),
        (
            "[FIRING:1] High latency (checkout eu) (https://grafana.example.com/alerting/list)\n"
            "**Firing**\n\nValue: A=2.4\nLabels:\n - app = shop\nAnnotations:\n - summary = p99 > 2 s"
        ),
    ),
    "Alertmanager": (
        old_app(
            "Alertmanager",
            {
                "color": "danger",
                "title": "[FIRING:2] InstanceDown (node)",
                "title_link": "http://alerts.example.com:9093/#/alerts?receiver=slack",
                "text": "",
                "fallback": "[FIRING:2] InstanceDown (node) | http://alerts.example.com:9093/#/alerts?receiver=slack",
            },
        ),
        "[FIRING:2] InstanceDown (node) (http://alerts.example.com:9093/#/alerts?receiver=slack)",
    ),
    "Alertmanager, with fields of one's own": (
        old_app(
            "Alertmanager",
            {
                "color": "good",
                "title": "[RESOLVED] QueueAge",
                "text": "*Runbook:* <https://runbooks.example.com/queue|queue>\n*Info:*\n • *severity:* `page`",
                "fields": [
                    {"title": "Cluster", "value": "eu-1", "short": True},
                    {"title": "Since", "value": "13:10\n13:40"},
                ],
                "fallback": "[RESOLVED] QueueAge",
            },
        ),
        (
            "[RESOLVED] QueueAge\n*Runbook:* queue (https://runbooks.example.com/queue)\n*Info:*\n"
            " • *severity:* `page`\n"
            "Cluster: eu-1\nSince:\n13:10\n13:40"
        ),
    ),
    "PagerDuty": (
        new_app(
            "PagerDuty",
            text="Triggered #4242",
            attachments=(
                {
                    "id": 1,
                    "color": "D5344B",
                    "fallback": "[no preview available]",
                    "blocks": [
                        section("*<https://acme.pagerduty.com/incidents/Q1|#4242 Checkout is down>*"),
                        section(
                            "Triggered",
                            "*Service*\n<https://acme.pagerduty.com/services/P1|checkout>",
                            "*Urgency*\nHigh",
                        ),
                        {"type": "context", "elements": [mrkdwn("Assigned to <@U7>")]},
                        BUTTONS,
                    ],
                },
            ),
        ),
        (
            "Triggered #4242\n*#4242 Checkout is down (https://acme.pagerduty.com/incidents/Q1)*\n"
            f"Service: checkout (https://acme.pagerduty.com/services/P1)\nUrgency: High\nAssigned to {mention('U7')}"
        ),
    ),
    "Datadog": (
        old_app(
            "Datadog",
            {
                "color": "a30200",
                "title": "Triggered: Error rate of checkout is high",
                "title_link": "https://app.datadoghq.com/monitors/1?group=service%3Acheckout&amp;from_ts=1",
                "text": "More than 5 % of requests failed. @slack-incidents\nsum(last_5m) &gt; 0.05",
                "fallback": "Triggered: Error rate of checkout is high",
                "image_url": "https://p.datadoghq.com/snapshot/1.png",
                "footer": "",
            },
        ),
        (
            "Triggered: Error rate of checkout is high"
            " (https://app.datadoghq.com/monitors/1?group=service%3Acheckout&from_ts=1)\n"
            "More than 5 % of requests failed. @slack-incidents\nsum(last_5m) > 0.05"
        ),
    ),
    "Opsgenie": (
        old_app(
            "Opsgenie",
            {
                "color": "#E25151",
                "pretext": "New alert from prometheus",
                "author_name": "Prometheus",
                "title": "#118: CPU of db-1 above 95 %",
                "title_link": "https://opsg.in/a/i/acme/1",
                "fields": [
                    {"title": "Priority", "value": "P1", "short": True},
                    {"title": "Routed Teams", "value": "database", "short": True},
                    {"title": "Tags", "value": "", "short": False},
                ],
                "fallback": "#118: CPU of db-1 above 95 %",
                "footer": "Opsgenie",
                "actions": [{"name": "ack", "text": "Acknowledge", "type": "button"}],
            },
        ),
        (
            "New alert from prometheus\n#118: CPU of db-1 above 95 % (https://opsg.in/a/i/acme/1)\n"
            "Priority: P1\nRouted Teams: database\nTags"
        ),
    ),
    "GitHub": (
        old_app(
            "GitHub",
            {
                "color": "24292f",
                "pretext": "Pull request merged by <https://github.com/ana|ana>",
                "title": "<https://github.com/acme/shop/pull/7|#7 Raise the pool to 50>",
                "text": "The pool was too small.",
                "fallback": "[acme/shop] Pull request merged by ana",
                "footer": "<https://github.com/acme/shop|acme/shop>",
                "ts": 1763647533,
            },
        ),
        (
            "Pull request merged by ana (https://github.com/ana)\n"
            "#7 Raise the pool to 50 (https://github.com/acme/shop/pull/7)\nThe pool was too small.\n"
            "acme/shop (https://github.com/acme/shop)"
        ),
    ),
    "GitHub, commits pushed": (
        old_app(
            "github",
            {
                "pretext": "[shop:main] 1 new commit by Ana:",
                "text": "<https://github.com/acme/shop/commit/ed1acbe|ed1acbe>: raise the pool - Ana",
                "fallback": "[shop:main] <https://github.com/acme/shop/commit/ed1acbe|1 new commit> by Ana",
            },
        ),
        "[shop:main] 1 new commit by Ana:\ned1acbe (https://github.com/acme/shop/commit/ed1acbe): raise the pool - Ana",
    ),
    "Jenkins": (
        old_app(
            "jenkins",
            {
                "color": "danger",
                "text": "deploy-checkout - #128 Failure after 3 min 12 sec (<https://ci.example.com/job/128/|Open>)",
                "fallback": "deploy-checkout - #128 Failure after 3 min 12 sec (<https://ci.example.com/job/128/|Open>)",
                "fields": [{"title": "Changes", "value": "- raise the pool [ana]"}],
            },
        ),
        (
            "deploy-checkout - #128 Failure after 3 min 12 sec (Open (https://ci.example.com/job/128/))\n"
            "Changes: - raise the pool [ana]"
        ),
    ),
    "Sentry": (
        new_app(
            "Sentry",
            text="Alert triggered: PoolTimeout",
            attachments=(
                {
                    "color": "#E03E2F",
                    "fallback": "[shop] PoolTimeout: no connection in 30 s",
                    "blocks": [
                        section(":red_circle: <https://acme.sentry.io/issues/1/?referrer=slack|*PoolTimeout*>"),
                        section("```no connection in 30 s```"),
                        {"type": "context", "elements": [mrkdwn("Events: *412*   State: *New*")]},
                        BUTTONS,
                        {"type": "context", "elements": [mrkdwn("Project: <https://acme.sentry.io/shop|shop>")]},
                    ],
                },
            ),
        ),
        (
            "Alert triggered: PoolTimeout\n:red_circle: *PoolTimeout* (https://acme.sentry.io/issues/1/?referrer=slack)\n"
            "```no connection in 30 s```\nEvents: *412*   State: *New*\nProject: shop (https://acme.sentry.io/shop)"
        ),
    ),
    "CloudWatch": (
        old_app(
            "AWS Chatbot",
            {
                "color": "#A30200",
                "author_name": "CloudWatch Alarm",
                "title": ":rotating_light: checkout-5xx | eu-west-1 | Account: 123456789012",
                "title_link": "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/checkout-5xx",
                "text": "Threshold Crossed: 1 datapoint [41.0] was greater than the threshold (5.0).",
                "fields": [{"title": "Next Alarm State", "value": "ALARM", "short": True}],
                "fallback": "CloudWatch Alarm checkout-5xx",
                "footer": "AWS Chatbot",
            },
        ),
        (
            "CloudWatch Alarm\n:rotating_light: checkout-5xx | eu-west-1 | Account: 123456789012"
            " (https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:alarm/checkout-5xx)\n"
            "Threshold Crossed: 1 datapoint [41.0] was greater than the threshold (5.0).\nNext Alarm State: ALARM"
        ),
    ),
    "status page, blocks with a summary for notifications": (
        new_app(
            "Statuspage",
            {"type": "header", "text": {"type": "plain_text", "text": "Investigating: payments"}},
            section("Card payments fail for some customers.", "*Impact*\nmajor", "*Component*\nAPI"),
            {"type": "divider"},
            BUTTONS,
            text="Investigating: payments. Card payments fail for some customers.",
        ),
        "Investigating: payments\nCard payments fail for some customers.\nImpact: major\nComponent: API",
    ),
    "webhook with a line of text and an attachment of the same": (
        old_app("cron", {"fallback": "backup failed", "text": "backup failed"}, text="backup failed"),
        "backup failed",
    ),
    "webhook with nothing but a fallback": (
        old_app("cron", {"fallback": "backup &lt;1&gt; failed"}),
        "backup <1> failed",
    ),
}


@pytest.mark.parametrize("system", ALERTS)
def test_alert_reads_as_people_see_it(system: str) -> None:
    message, said = ALERTS[system]
    assert words(message) == said


@pytest.mark.parametrize("system", ALERTS)
def test_alert_reads_the_same_in_a_history_where_slack_added_previews(system: str) -> None:
    """Else each comparison with the history would find that it changed."""
    message, said = ALERTS[system]
    preview = {
        "from_url": "https://x.example.com",
        "original_url": "https://x.example.com",
        "title": "X",
        "text": "A page",
    }
    assert words(message | {"attachments": [*message["attachments"], preview]}) == said


def test_name_is_that_under_which_it_was_posted() -> None:
    for message, name in ((old_app("Grafana"), "Grafana"), (new_app("PagerDuty", text="x"), "PagerDuty")):
        seen = payloads.message_from_history("T1", "C1", message)
        assert seen is not None
        assert seen.author_name == name


SHARED: Json = {
    "id": 1,
    "ts": "1763647000.000100",
    "channel_id": "C9",
    "channel_team": "T1",
    "is_msg_unfurl": True,
    "is_share": True,
    "author_id": "U5",
    "author_name": "Ida",
    "author_subname": "Ida Holm",
    "from_url": "https://example.slack.com/archives/C9/p1763647000000100",
    "message_blocks": [{"team": "T1", "channel": "C9", "ts": "1763647000.000100", "message": {"blocks": []}}],
    "fallback": "[November 20th] ida: the pool is &lt;full&gt;",
    "text": "the pool is &lt;full&gt;\nsince 13:10",
    "footer": "Posted in #database",
    "mrkdwn_in": ["text"],
}


def by_person(text: str, *attachments: Json) -> Json:
    return {"type": "message", "user": "U1", "text": text, "attachments": list(attachments)}


def test_message_passed_on_is_a_quote_with_who_said_it() -> None:
    quote = f"{mention('U5')} said:\n> the pool is <full>\n> since 13:10"
    assert words(by_person("look", SHARED)) == f"look\n{quote}"
    assert words(by_person("", SHARED)) == quote


def test_message_of_an_app_passed_on_names_the_app() -> None:
    shared = {name: value for name, value in SHARED.items() if name != "author_id"} | {
        "author_name": "Grafana &amp; co"
    }
    assert words(by_person("", shared)) == "Grafana & co said:\n> the pool is <full>\n> since 13:10"


def test_message_passed_on_without_a_text_is_read_from_its_blocks() -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "from blocks"}}]
    shared = SHARED | {"text": "", "message_blocks": [{"message": {"blocks": blocks}}]}
    assert words(by_person("", shared)) == f"{mention('U5')} said:\n> from blocks"


@pytest.mark.parametrize(
    "preview",
    [
        {"from_url": "https://x.example.com", "title": "X", "text": "A page", "service_name": "X"},
        {name: value for name, value in SHARED.items() if name != "is_share"} | {"from_url": "https://x.example.com"},
        {"is_app_unfurl": True, "app_unfurl_url": "https://x.example.com", "title": "Issue 7"},
    ],
)
def test_preview_of_a_link_adds_nothing(preview: Json) -> None:
    assert words(by_person("see <https://x.example.com>", preview)) == "see https://x.example.com"


def test_author_of_a_quote_whose_id_slack_cannot_have_given_is_no_mention() -> None:
    shared = {"is_share": True, "author_id": "Uné", "author_name": "Ana", "text": "it is down"}
    assert words({"text": "look", "attachments": [shared]}) == "look\nAna said:\n> it is down"
