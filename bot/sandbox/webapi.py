"""The Web API: who may call what, and Slack's answer around each method's own."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.sandbox import (
    methods_chat,
    methods_conversations,
    methods_files,
    methods_history,
    methods_marks,
    methods_people,
    methods_views,
)
from bot.sandbox.calls import Args, Call, Method
from bot.sandbox.errors import SlackError
from bot.sandbox.records import ChannelKind, Json
from bot.sandbox.scopes import METHOD_SCOPES, needed
from bot.sandbox.sockets import SocketMode
from bot.sandbox.triggers import ResponseUrls, Triggers
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace

METHODS: dict[str, Method] = {
    **methods_people.METHODS,
    **methods_conversations.METHODS,
    **methods_history.METHODS,
    **methods_chat.METHODS,
    **methods_marks.METHODS,
    **methods_views.METHODS,
    **methods_files.METHODS,
}
_APP_TOKEN_METHODS = frozenset({"apps.connections.open"})


class WebApi:
    """Answers calls of the Web API by Slack's rules.

    Args:
        workspace: the state that the methods read and change.
        views, triggers, response_urls, sockets: the services beside it.
        bot_token: the token of every method but those for the app itself.
        app_token: the token of ``apps.connections.open``.
        scopes: the scopes that the app was granted; None for all.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        views: Views,
        triggers: Triggers,
        response_urls: ResponseUrls,
        sockets: SocketMode,
        tokens: tuple[str, str],
        scopes: Iterable[str] | None,
    ) -> None:
        self.workspace = workspace
        self.views = views
        self.triggers = triggers
        self.response_urls = response_urls
        self.sockets = sockets
        self.bot_token, self.app_token = tokens
        self.scopes = None if scopes is None else frozenset(scopes)
        self.base_url = ""

    def answer(self, method: str, token: str, args: Mapping[str, Any]) -> Json:
        """Slack's answer to a call, ``ok: false`` included."""
        with self.workspace.lock:
            try:
                act = _method(method)
                self._check_token(method, token)
                self._check_scope(method, args)
                return {"ok": True} | act(self.call(args))
            except SlackError as refused:
                return {"ok": False, "error": refused.code} | refused.fields

    def call(self, args: Mapping[str, Any]) -> Call:
        """What a method gets."""
        return Call(
            Args(args), self.workspace, self.views, self.triggers, self.response_urls, self.sockets, self.base_url
        )

    def granted(self) -> str:
        """The granted scopes as the header ``X-OAuth-Scopes`` lists them."""
        return ",".join(sorted(self.scopes if self.scopes is not None else _every_scope()))

    def _check_token(self, method: str, token: str) -> None:
        if method == "api.test":
            return
        if not token:
            raise SlackError("not_authed")
        if token not in {self.bot_token, self.app_token}:
            raise SlackError("invalid_auth")
        if (token == self.app_token) != (method in _APP_TOKEN_METHODS):
            raise SlackError("not_allowed_token_type")

    def _check_scope(self, method: str, args: Mapping[str, Any]) -> None:
        if self.scopes is None or method not in METHOD_SCOPES:
            return
        wanted = {scope for kind in self._kinds(args) for scope in needed(method, kind)}
        if wanted and not wanted & self.scopes:
            raise SlackError("missing_scope", needed=",".join(sorted(wanted)), provided=self.granted())

    def _kinds(self, args: Mapping[str, Any]) -> list[ChannelKind]:
        """For which kinds of conversation a call needs a scope: the named one's, else any will do."""
        channel = self.workspace.channels.get(str(args.get("channel", "")))
        if channel is not None:
            return [channel.kind]
        if "is_private" in args:
            return [ChannelKind.PRIVATE if Args(args).flag("is_private") else ChannelKind.PUBLIC]
        return list(ChannelKind) if "types" in args or "user" in args else [ChannelKind.PUBLIC]


def _method(name: str) -> Method:
    if name not in METHODS:
        raise SlackError("unknown_method", req_method=name)
    return METHODS[name]


def _every_scope() -> set[str]:
    return {"app_mentions:read", "commands"} | {
        scope for method in METHOD_SCOPES for kind in ChannelKind for scope in needed(method, kind)
    }
