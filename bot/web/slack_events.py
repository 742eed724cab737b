"""The address that Slack sends events, commands and interactions to.

A request is taken only with Slack's signature, and answered only after its listener has committed: what failed is
answered with a 500, and Slack delivers it again.
"""

import asyncio
import json
from concurrent.futures import Executor
from urllib.parse import parse_qs

import structlog
from slack_bolt import App, BoltRequest, BoltResponse
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from bot.web.signatures import Refusal, Signatures

log = structlog.get_logger()

# Slack's own events and forms stay far below it.
BODY_LIMIT = 1024 * 1024
BODY_SECONDS = 5.0
# As many requests as may wait for a thread, the running ones included; Slack gives up after three seconds anyway.
WAITING_LIMIT = 512
# What Bolt needs to know: unsigned headers could otherwise steer it.
_PASSED_ON = ("content-type", "x-slack-retry-num", "x-slack-retry-reason")
_PROBE_LIMIT = 2048


class SlackEvents:
    """Answers Slack's requests with Bolt's app, whose listeners run in the threads of `threads`."""

    def __init__(self, bolt: App, signatures: Signatures, threads: Executor) -> None:
        self._bolt = bolt
        self._signatures = signatures
        self._threads = threads
        self._waiting = 0

    async def answer(self, request: Request) -> Response:
        """Return the answer to one request."""
        # Before the body is read: what can't be Slack's costs neither time nor memory.
        refusal = self._signatures.refused_unread(request.headers)
        if refusal is Refusal.STALE:
            return _refused(refusal)
        is_signed = refusal is None
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(request, BODY_LIMIT if is_signed else _PROBE_LIMIT)
        except TimeoutError:
            return PlainTextResponse("The request did not arrive in time.", 408)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        if not is_signed:
            return Response() if _is_certificate_check(body) else _refused(Refusal.UNSIGNED)
        if body is None:
            return PlainTextResponse(f"A request may have {BODY_LIMIT} bytes at most.", 413)
        return await self._signed(request, body)

    async def _signed(self, request: Request, body: bytes) -> Response:
        text = body.decode(errors="replace")
        refusal = self._signatures.refused(request.headers, text)
        if refusal is not None:
            return _refused(refusal)
        if self._waiting >= WAITING_LIMIT:
            log.warning("request turned away: too many are under way", limit=WAITING_LIMIT)
            return PlainTextResponse("Too many requests are under way.", 503)
        self._waiting += 1
        try:
            headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
            # Listeners wait for their commit: in a thread, so that the others don't wait for them.
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._dispatched, text, headers)
        finally:
            self._waiting -= 1

    def _dispatched(self, text: str, headers: dict[str, str]) -> Response:
        try:
            bolt_request = BoltRequest(body=text, headers=dict(headers))
        except json.JSONDecodeError:
            return PlainTextResponse("The request is not JSON.", 400)
        answer: BoltResponse = self._bolt.dispatch(bolt_request)
        return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())


def _refused(refusal: Refusal) -> Response:
    log.warning("request refused", reason=refusal.value)
    return PlainTextResponse("This is not a request that Slack has signed in the last five minutes.", 401)


async def _body(request: Request, limit: int) -> bytes | None:
    """Return the body, or None as soon as it is longer than the limit."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > limit:
        return None
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > limit:
            return None
        parts.append(part)
    return b"".join(parts)


def _is_certificate_check(body: bytes | None) -> bool:
    """Whether this is Slack's look at the certificate of a command's address: unsigned, and to be answered with 200.

    https://docs.slack.dev/interactivity/implementing-slash-commands
    """
    return body is not None and parse_qs(body.decode(errors="replace")).get("ssl_check") == ["1"]
