"""Which scope each method needs, as Slack's reference lists them for bot tokens."""

from bot.sandbox.records import ChannelKind

_PREFIX = {ChannelKind.PUBLIC: "channels", ChannelKind.PRIVATE: "groups", ChannelKind.IM: "im"}

# A scope with a star stands for one scope a kind of conversation: channels:, groups: or im:.
# Several in one tuple are alternatives: any of them will do. An empty tuple needs none.
METHOD_SCOPES: dict[str, tuple[str, ...]] = {
    "api.test": (),
    "auth.test": (),
    "bookmarks.add": ("bookmarks:write",),
    "bookmarks.list": ("bookmarks:read",),
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.archive": ("*:manage",),
    "conversations.create": ("*:manage",),
    "conversations.history": ("*:history",),
    "conversations.info": ("*:read",),
    "conversations.invite": ("*:manage", "*:write.invites"),
    "conversations.join": ("channels:join",),
    "conversations.leave": ("*:manage",),
    "conversations.list": ("*:read",),
    "conversations.members": ("*:read",),
    "conversations.open": ("im:write",),
    "conversations.rename": ("*:manage",),
    "conversations.replies": ("*:history",),
    "conversations.setPurpose": ("*:manage", "*:write.topic"),
    "conversations.setTopic": ("*:manage", "*:write.topic"),
    "conversations.unarchive": ("*:manage",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "pins.add": ("pins:write",),
    "pins.list": ("pins:read",),
    "pins.remove": ("pins:write",),
    "reactions.add": ("reactions:write",),
    "reactions.get": ("reactions:read",),
    "reactions.remove": ("reactions:write",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": ("*:read",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}


def needed(method: str, kind: ChannelKind) -> tuple[str, ...]:
    """The scopes of which a method needs one, for a conversation of that kind; empty when it needs none."""
    return tuple(_for_kind(scope, kind) for scope in METHOD_SCOPES[method])


def _for_kind(scope: str, kind: ChannelKind) -> str:
    if not scope.startswith("*:"):
        return scope
    right = scope.removeprefix("*:")
    if right == "manage" and kind is not ChannelKind.PUBLIC:
        right = "write"
    return f"{_PREFIX[kind]}:{right}"
