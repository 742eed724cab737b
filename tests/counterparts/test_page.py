from tests.counterparts.page import PAGE, written


def test_tables_of_the_page_are_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), "run: python -m tests.counterparts.page"
