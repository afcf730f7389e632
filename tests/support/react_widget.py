"""A widget with React whose page sends requests through the kernel, as users write them."""

from playwright.sync_api import Locator, expect

# Makes the request of `connection.chatSend` and `connection.stream`.
ASK = """(model, text, more) => ({
    model, messages: [{ role: "user", content: text }], ...more,
})"""

_WIDGET = """
from openrouter_nb import ChatBridge, OpenRouter

class Asker(ChatBridge):
    _esm = '''
    import {
      React, connect, createRoot, OpenRouterProvider, QueryClient, QueryClientProvider, useChatSendMutation,
    } from "@openrouter-nb/client/react";

    const { createElement: h, useEffect, useRef } = React;

    function Asker() {
      const { mutate, status, data, error } = useChatSendMutation();
      const states = useRef([]);
      const control = useRef(null);
      if (states.current.at(-1) !== status) states.current.push(status);
      const ask = (model) => {
        control.current = new AbortController();
        const request = { model, messages: [{ role: "user", content: "Hello" }] };
        mutate({ request, options: { fetchOptions: { signal: control.current.signal } } });
      };
      return h("div", { className: "asker" },
        h("button", { onClick: () => ask("demo/parrot") }, "Ask"),
        h("button", { onClick: () => ask("demo/error-429") }, "Fail"),
        h("button", { onClick: () => ask("demo/stall") }, "Wait"),
        h("button", { onClick: () => control.current.abort() }, "Abort"),
        h("p", { className: "states" }, states.current.join(" ")),
        h("p", { className: "said" }, data?.choices[0].message.content ?? error?.name ?? ""));
    }

    export default {
      render({ model, el }) {
        const root = createRoot(el);
        const client = new QueryClient();
        const connection = globalThis.connection = connect(model);
        root.render(h(QueryClientProvider, { client }, h(OpenRouterProvider, { client: connection }, h(Asker))));
        return () => root.unmount();
      },
    };
    '''

client = OpenRouter(server_url=SERVER_URL, retry_config=None, api_key="k")
Asker(models=["demo/parrot", "demo/error-429", "demo/stall", "demo/reasoner", "demo/slow"], client=client)
"""


def react_widget(server_url: str) -> str:
    """Return a cell that displays the widget; its page has `connection`."""
    return _WIDGET.replace("SERVER_URL", repr(server_url))


def press_buttons(asker: Locator) -> None:
    """Press the buttons of the widget. The states of its hook are those that the SDK's hook has."""
    states, said = asker.locator(".states"), asker.locator(".said")
    expect(states).to_have_text("idle")
    asker.get_by_role("button", name="Ask").click()
    expect(states).to_have_text("idle pending success")
    expect(said).to_have_text("Hello")
    asker.get_by_role("button", name="Fail").click()
    expect(states).to_have_text("idle pending success pending error")
    expect(said).to_have_text("ChatError")
    asker.get_by_role("button", name="Wait").click()
    expect(states).to_have_text("idle pending success pending error pending")
    asker.get_by_role("button", name="Abort").click()
    expect(states).to_have_text("idle pending success pending error pending error")
    expect(said).to_have_text("RequestAbortedError")
