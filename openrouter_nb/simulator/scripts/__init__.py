"""The scripted models, by slug."""

from openrouter_nb.simulator.scripted_model import ScriptedModel
from openrouter_nb.simulator.scripts.broken_streams import BROKEN_STREAMS
from openrouter_nb.simulator.scripts.echo import MIRRORS
from openrouter_nb.simulator.scripts.finish_reasons import ENDINGS
from openrouter_nb.simulator.scripts.hostile import HOSTILE
from openrouter_nb.simulator.scripts.http_errors import HTTP_ERRORS
from openrouter_nb.simulator.scripts.kitchen_sink import TOUR
from openrouter_nb.simulator.scripts.malformed_tool_calls import ODD_TOOLS
from openrouter_nb.simulator.scripts.media import MEDIA
from openrouter_nb.simulator.scripts.reasoner import REASONER
from openrouter_nb.simulator.scripts.structured_output import STRUCTURED, STRUCTURED_WRONG
from openrouter_nb.simulator.scripts.timing import PACES
from openrouter_nb.simulator.scripts.tools import TOOLS
from openrouter_nb.simulator.scripts.wrong_responses import WRONG_BODIES

SCRIPTS: dict[str, ScriptedModel] = {
    script.slug: script
    for script in (
        TOUR,
        REASONER,
        TOOLS,
        *ODD_TOOLS,
        STRUCTURED,
        STRUCTURED_WRONG,
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
