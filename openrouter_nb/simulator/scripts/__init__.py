"""The scripted models, by slug."""

from openrouter_nb.simulator.script import Script

from .broken_streams import BROKEN_STREAMS
from .endings import ENDINGS
from .hostile import HOSTILE
from .http_errors import HTTP_ERRORS
from .media import MEDIA
from .mirror import MIRRORS
from .pace import PACES
from .reasoner import REASONER
from .structured import STRUCTURED
from .tools import TOOLS
from .tour import TOUR
from .wrong_bodies import WRONG_BODIES

SCRIPTS: dict[str, Script] = {
    script.slug: script
    for script in (
        TOUR,
        REASONER,
        TOOLS,
        STRUCTURED,
        *MIRRORS,
        *MEDIA,
        *PACES,
        *ENDINGS,
        HOSTILE,
        *HTTP_ERRORS,
        *WRONG_BODIES,
        *BROKEN_STREAMS,
    )
}

__all__ = ["SCRIPTS"]
