import pytest

from bot.domain.similarity import Features, most_alike


def features(key: int, *texts: str, services: str = "", vendor: str | None = None, categories: str = "") -> Features:
    return Features(key, frozenset(services.split()), vendor, frozenset(filter(None, [categories])), texts)


FILLER = [features(100 + n, f"Filler number {word}") for n, word in enumerate(("alpha", "beta", "gamma", "delta"))]


def reasons(one: Features, other: Features) -> tuple[str, ...]:
    found = most_alike(one, [other, *FILLER], at_most=5)
    return next((like.reasons for like in found if like.key == other.key), ())


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (features(1, services="web db"), features(2, services="db mail"), ("same service: db",)),
        (features(1, vendor="Big Cloud"), features(2, vendor="big cloud"), ("same vendor: big cloud",)),
        (
            features(1, categories="capacity limits"),
            features(2, categories="capacity limits"),
            ("same kind of cause: capacity limits",),
        ),
        (
            features(1, "Connection pool exhausted"),
            features(2, "The POOL of connection handles ran dry"),
            ("both say connection and pool",),
        ),
        # One shared everyday word, or words that every incident has, are chance.
        (features(1, "Checkout is down"), features(2, "Login is down"), ()),
        (features(1, "Errors in the queue 500"), features(2, "Errors and issues 500"), ()),
        (features(1), features(2), ()),
        (features(1, vendor=None), features(2, vendor=None), ()),
    ],
)
def test_two_incidents_are_alike_for_reasons_that_are_said(
    one: Features, other: Features, expected: tuple[str, ...]
) -> None:
    assert reasons(one, other) == expected
    # Whoever asks, from either side: the same likeness (a vendor is named as the other wrote it).
    assert [reason.casefold() for reason in reasons(other, one)] == [reason.casefold() for reason in expected]


def test_rare_words_count_more_than_words_that_many_share() -> None:
    one = features(1, "replication lag on primary")
    rare = features(2, "replication stalled, lag grows")
    common = features(3, "primary filler number")
    many = [features(10 + n, "primary filler number") for n in range(30)]
    assert most_alike(one, [common, rare, *many], at_most=3)[0].key == 2


def test_most_alike_comes_first_and_no_more_than_asked_for() -> None:
    one = features(1, "pool exhausted", services="web db")
    others = [features(2, services="web"), features(3, "pool exhausted", services="web db"), features(4, services="db")]
    assert [like.key for like in most_alike(one, others, at_most=5)] == [3, 4, 2]
    assert [like.key for like in most_alike(one, others, at_most=1)] == [3]
