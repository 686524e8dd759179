"""The explores that chapters define themselves, live and in the page: each frame of the one is that of the other."""

import matplotlib.pyplot as plt
import pytest

from tests.support import agreement, drive


@pytest.fixture(scope="module", params=agreement.WITH_EXPLORE)
def explores(request):
    with plt.rc_context():  # chapters may choose a style
        yield agreement.explores_of(request.param)
        plt.close("all")


def test_live(explores):
    """Every control at its ends and between: callbacks raise, picture or text changes."""
    assert explores
    for widget in explores:
        assert drive.drive_live(widget) == []


def test_page_shows_what_live_shows(explores, open_html):
    for widget in explores:
        assert agreement.frame_problems(open_html(widget.html), widget) == []
