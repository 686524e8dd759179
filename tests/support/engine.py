"""The widgets' JavaScript modules without a browser, in the engine that the book's build brings (mini-racer)."""

import json

from py_mini_racer import MiniRacer

from nnbook.widgets.core import modules


class Engine:
    """`call("network", "dense", W, b, A)` is dense(W, b, A) of network.js, with JSON in and out."""

    def __init__(self, *names):
        self.engine = MiniRacer()
        self.engine.eval("var window = globalThis;")
        for key, text in dict(pair for name in names for pair in modules.scripts(name)).items():
            assert key
            self.engine.eval(text)

    def run(self, code, **values):
        """Value of an expression in which `nn` is the registry of modules; typed arrays come back as lists."""
        given = "".join(f"const {name} = {json.dumps(value)};" for name, value in values.items())
        return json.loads(self.engine.eval(
            f"{{{given} const nn = window.nnlibWidgets; const value = {code};"
            "JSON.stringify(value, (k, v) => ArrayBuffer.isView(v) ? Array.from(v)"
            " : typeof v === 'number' && !Number.isFinite(v) ? String(v) : v)}"))
