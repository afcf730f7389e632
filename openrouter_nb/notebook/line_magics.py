"""The line magics beside `%%chat`: what is remembered, what it has cost, and the key."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_magic, magics_class

from openrouter_nb.notebook.frontend import Frontend
from openrouter_nb.parameters import nearest

if TYPE_CHECKING:
    from openrouter_nb.conversation import Conversation
    from openrouter_nb.notebook.session import Session

_KEY = "OPENROUTER_API_KEY"


@magics_class
class ChatLineMagics(Magics):  # type: ignore[misc]
    """Line magics of a chat session."""

    def __init__(self, shell: Any, session: Session) -> None:
        super().__init__(shell)
        self._session = session

    @line_magic  # type: ignore[untyped-decorator]
    def chat_history(self, line: str) -> None:
        """Show or save a conversation: what the next cell would send.

            %chat_history [NAME] [FILE]

        NAME is a conversation, `main` if left out. FILE ends in .md, .json or .py and is written instead of shown; an
        existing file is not overwritten.
        """
        from openrouter_nb.notebook.views.publish import publish
        from openrouter_nb.render import transcript

        words = line.split()
        file = words.pop() if words and Path(words[-1]).suffix in transcript.FORMATS else None
        conversation = self._conversation(words)
        if file is None:
            publish(transcript.bundle(conversation.name, conversation.transcript))
            return
        try:
            with Path(file).open("x", encoding="utf-8") as target:
                target.write(transcript.FORMATS[Path(file).suffix](conversation.transcript))
        except OSError as error:
            raise UsageError(f"{file} was not written: {error.strerror}") from None
        print(f"{conversation.name}: {_turns(conversation)} in {file}")

    @line_magic  # type: ignore[untyped-decorator]
    def chat_reset(self, line: str) -> None:
        """Forget a conversation, `main` if none is named, or `--all` of them.

        %chat_reset [NAME | --all]
        """
        words = line.split()
        if words == ["--all"]:
            print(f"Forgot all conversations: {len(self._session.conversations)}.")
            self._session.conversations.clear()
            return
        conversation = self._conversation(words)
        self._session.conversations.pop(conversation.name, None)
        print(f"Forgot {conversation.name}: {_turns(conversation)}.")

    @line_magic  # type: ignore[untyped-decorator]
    def chat_cost(self, line: str) -> None:
        """Show what the chat cells have cost since the extension was loaded, as OpenRouter reported it.

        %chat_cost
        """
        from openrouter_nb.notebook.views.publish import publish
        from openrouter_nb.render import ledger

        if line.strip():
            raise UsageError("%chat_cost takes nothing.")
        publish(ledger.bundle(self._session.accounts))

    @line_magic  # type: ignore[untyped-decorator]
    def chat_key(self, line: str) -> None:
        """Ask for the OpenRouter key without showing it, for this kernel only; nothing of it enters the notebook.

            %chat_key            ask
            %chat_key --forget   forget it

        To set it for good, put OPENROUTER_API_KEY into the environment that starts Jupyter.
        """
        word = line.strip()
        if word == "--forget":
            print("The key is forgotten." if os.environ.pop(_KEY, None) else "There was no key.")
            return
        if word:
            # Never repeat what was typed: it is most likely a key.
            raise UsageError(
                "%chat_key takes nothing on its line, where a key would stay in the notebook. It asks."
            )
        if Frontend(self.shell).has_kernel and not Frontend(self.shell).is_interactive:
            raise UsageError(f"Nobody is there to ask. Set {_KEY} in the environment.")
        key = getpass.getpass("OpenRouter key: ").strip()
        if not key:
            print("Nothing was changed.")
            return
        os.environ[_KEY] = key
        kind = "" if key.startswith("sk-or-") else " OpenRouter's keys begin with sk-or-: is it one?"
        print(f"The key is set for this kernel.{kind}")

    @line_magic  # type: ignore[untyped-decorator]
    def chat_models(self, line: str) -> None:
        """List the models whose id or name has all the words: what they read and write, their context and price.

            %chat_models [words] [--free] [--tools] [--vision] [--sort price|context]

        The list is kept for an hour on disk; without a network the last one is shown, and said to be old.
        """
        from openrouter_nb.errors import OpenRouterError
        from openrouter_nb.notebook.failed import banner_and_line
        from openrouter_nb.notebook.model_search import Search
        from openrouter_nb.notebook.views.publish import publish
        from openrouter_nb.render.models import bundle

        search = Search.parse(line)
        try:
            models = self._session.client.models.list()
        except OpenRouterError as error:
            raise banner_and_line(error) from None
        age = (
            f"the list is {models.age_s / 3600:.0f} hours old: the service cannot be reached"
            if models.is_stale
            else ""
        )
        publish(bundle(search.among(models), note=age))

    def _conversation(self, words: list[str]) -> Conversation:
        if len(words) > 1:
            raise UsageError(f"One conversation at a time, not {' '.join(words)!r}.")
        name = words[0] if words else "main"
        conversations = self._session.conversations
        if name not in conversations and name != "main":
            raise UsageError(f"There is no conversation {name!r}.{nearest(name, conversations)}")
        return conversations[name]


def _turns(conversation: Conversation) -> str:
    count = len(conversation.turns)
    return f"{count} turn{'' if count == 1 else 's'}"
