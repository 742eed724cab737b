from pathlib import Path

import pytest

from tests.counterparts import local_slack


def test_missing_program_fails_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_slack, "NODE_MODULES", tmp_path)
    with pytest.raises(pytest.fail.Exception, match=r"^run: make \.node/\.ready$"):
        local_slack.binary()


def test_several_run_beside_each_other_and_each_ends(tmp_path: Path) -> None:
    servers = [local_slack.start(tmp_path / name) for name in ("one", "two")]
    assert len({server.url for server in servers}) == 2
    for server in servers:
        server.close()
        assert server.is_over


def test_proxies_are_taken_out_of_the_environment_and_nothing_else() -> None:
    environment = {"HTTP_PROXY": "http://127.0.0.1:9", "https_proxy": "x", "ALL_PROXY": "x", "PATH": "/bin"}
    assert local_slack.without_proxies(environment) == {"PATH": "/bin"}
