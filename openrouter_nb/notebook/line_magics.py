"""Line magics for conversations, costs, settings, models and the API key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_magic, magics_class

from openrouter_nb.live.ipython_frontend import IPythonFrontend
from openrouter_nb.parameters import nearest

if TYPE_CHECKING:
    from openrouter_nb.conversation import Conversation
    from openrouter_nb.notebook.magics import ChatMagics
    from openrouter_nb.notebook.session import NotebookSession


@magics_class
class ChatLineMagics(Magics):  # type: ignore[misc]
    """Line magics of a chat session."""

    def __init__(self, shell: Any, session: NotebookSession, magics: ChatMagics) -> None:
        super().__init__(shell)
        self._session = session
        self._magics = magics

    @line_magic  # type: ignore[untyped-decorator]
    def chat_history(self, line: str) -> None:
        """Show or save a conversation, as the next cell would send it.

            %chat_history [NAME] [FILE]

        NAME is a conversation, by default `main`. FILE ends in .md, .json or .py: the conversation is written to it instead
        of shown. An existing file is not overwritten.
        """
        from openrouter_nb.live.ipython_frontend import publish
        from openrouter_nb.render.answer import transcript

        words = line.split()
        file = words.pop() if words and Path(words[-1]).suffix in transcript.FORMATS else None
        if words and Path(words[-1]).suffix and words[-1] not in self._session.conversations:
            raise UsageError(f"{words[-1]}: a conversation is saved as {', '.join(transcript.FORMATS)}.")
        conversation = self._conversation(words)
        if file is None:
            publish(transcript.bundle(conversation.name, conversation.transcript))
            return
        try:
            with Path(file).open("x", encoding="utf-8", newline="") as target:
                target.write(
                    transcript.exported(
                        Path(file).suffix,
                        conversation.transcript,
                        model=conversation.model or "openrouter/auto",
                    )
                )
        except OSError as error:
            raise UsageError(f"{file} was not written: {error.strerror}") from None
        print(f"{conversation.name}: {_turns(conversation)} in {file}")

    @line_magic  # type: ignore[untyped-decorator]
    def chat_reset(self, line: str) -> None:
        """Delete a conversation, by default `main`, or with `--all` all of them.

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
        """Show the cost of the chat cells since the extension was loaded, as reported by OpenRouter.

        %chat_cost
        """
        from openrouter_nb.live.ipython_frontend import publish
        from openrouter_nb.render.tables import usage_table

        if line.strip():
            raise UsageError("%chat_cost takes nothing.")
        publish(usage_table.bundle(dict(self._session.accounts)))

    @line_magic  # type: ignore[untyped-decorator]
    def chat_verify(self, line: str) -> None:
        """List the cells that used a replay file: whether they were replayed, and what is not as it was recorded.

            %chat_verify

        To check a notebook without sending anything, run `%chat_config replay=only on_error=banner` before its chat cells,
        and `%chat_verify` after them. For a request that is not recorded, the table shows how it differs from the nearest
        recording, as `recorded → now`.
        """
        from openrouter_nb.live.ipython_frontend import publish
        from openrouter_nb.notebook.commands import chat_verify

        if line.strip():
            raise UsageError("%chat_verify takes nothing.")
        publish(chat_verify.bundle())

    @line_magic  # type: ignore[untyped-decorator]
    def chat_config(self, line: str) -> None:
        """Show or change the settings of all chat cells, which are those of `%config ChatMagics`.

        %chat_config
        %chat_config model=openai/gpt-5-mini budget=1.50
        %chat_config budget=none
        """
        from openrouter_nb.live.ipython_frontend import publish
        from openrouter_nb.notebook.commands import chat_config

        if not line.strip():
            publish(chat_config.table(self._magics))
            return
        print("\n".join(chat_config.change(self._magics, line)))

    @line_magic  # type: ignore[untyped-decorator]
    def chat_key(self, line: str) -> None:
        """Ask for the OpenRouter API key without displaying it or saving it in the notebook.

            %chat_key            ask, for this kernel only
            %chat_key --store    ask, and store the key in the system's keyring for later sessions, too
            %chat_key --source   show where the key comes from, without showing the key
            %chat_key --forget   delete the key, in this kernel and in the keyring

        Alternatively, set OPENROUTER_API_KEY in the environment that starts Jupyter.
        """
        from openrouter_nb.notebook.commands import chat_key

        word = line.strip()
        if word == "--source":
            print(chat_key.source(self._session.client))
        elif word == "--forget":
            print(chat_key.forget())
        elif word in ("", "--store"):
            frontend = IPythonFrontend(self.shell)
            print(chat_key.ask(store=bool(word), can_ask=not frontend.has_kernel or frontend.is_interactive))
        else:
            # Never repeat the input: it is probably a key.
            raise UsageError(
                "%chat_key takes --store, --source or --forget. Do not write the key on the line, where it would be saved"
                " in the notebook: %chat_key asks for it."
            )

    @line_magic  # type: ignore[untyped-decorator]
    def chat_models(self, line: str) -> None:
        """List the models whose id or name contains all the words, with inputs, outputs, context and price.

            %chat_models [words] [--free] [--tools] [--vision] [--input KIND] [--output KIND] [--max-price USD]
                         [--sort price|context|new]

        KIND is text, image, audio, video or file; --vision is --input image. The price is for a million output tokens.

        The list is cached on disk for an hour. Without a network the cached list is shown, with its age.
        """
        from openrouter_nb.errors import OpenRouterError
        from openrouter_nb.live.ipython_frontend import publish
        from openrouter_nb.notebook.cell.error_output import banner_and_line
        from openrouter_nb.notebook.commands.model_search import ModelSearch
        from openrouter_nb.render.tables.models_table import bundle

        search = ModelSearch.parse(line)
        try:
            models = self._session.client.models.list()
        except OpenRouterError as error:
            banner_and_line(error, f"%chat_models {line}".strip())
            raise
        age = (
            f"the list is {models.age_s / 3600:.0f} hours old: the service cannot be reached"
            if models.is_stale
            else ""
        )
        publish(bundle(search.matching(models), note=age))

    def _conversation(self, words: list[str]) -> Conversation:
        if len(words) > 1:
            raise UsageError(f"One conversation at a time, not {' '.join(words)!r}.")
        name = words[0] if words else "main"
        conversations = self._session.conversations
        if name not in conversations and name != "main":
            close = nearest(name, conversations) or f" There are: {', '.join(conversations) or 'none yet'}."
            raise UsageError(f"There is no conversation {name!r}.{close}")
        return conversations[name]


def _turns(conversation: Conversation) -> str:
    count = len(conversation.turns)
    return f"{count} turn{'' if count == 1 else 's'}"
