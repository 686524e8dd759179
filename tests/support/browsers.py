"""Firefox and WebKit (Safari's engine) with the few methods of Playwright's pages that drive.py uses.

Playwright drives only builds of its own, which no Linux distribution has; these are the distribution's browsers
(Debian: apt install firefox-esr webkit2gtk-driver xvfb xauth). Firefox is spoken to over Marionette, WebKit over
WebDriver. `installed(name)` says whether this machine has one; `ENGINES[name]()` starts it.
"""

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Home": "\ue011", "End": "\ue010", "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014",
        "ArrowDown": "\ue015", "Enter": "\ue007", "Tab": "\ue004", "Delete": "\ue017", "Shift": "\ue008"}

# Stands first in every page: notes errors, failed loads and requests to others, in every engine alike.
NOTES = """<script>
window.problems = [];
addEventListener("error", e => problems.push(e.target instanceof Element
  ? `failed to load: ${e.target.src || e.target.href}` : `exception: ${e.message} (${e.filename}:${e.lineno})`), true);
addEventListener("unhandledrejection", e => problems.push(`rejected: ${e.reason}`));
document.addEventListener("securitypolicyviolation", e => problems.push(`request to another host: ${e.blockedURI}`));
console.error = (log => (...words) => { problems.push(`console: ${words.join(" ")}`); log(...words); })(console.error);
</script>"""
POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:"


class Failed(Exception):
    """The browser refused a command, or a script in the page failed."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def patiently(connect):
    for _ in range(600):  # a busy machine starts a browser slowly
        try:
            return connect()
        except OSError:
            time.sleep(0.1)
    raise Failed("the browser did not start")


class Firefox:
    """Marionette: lines of `length:[0, id, command, parameters]`."""

    PREFERENCES = {"ui.prefersReducedMotion": 1, "app.update.enabled": False, "extensions.update.enabled": False,
                   "datareporting.policy.dataSubmissionEnabled": False, "browser.shell.checkDefaultBrowser": False,
                   "browser.startup.homepage_override.mstone": "ignore", "browser.safebrowsing.update.enabled": False,
                   "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
                   "services.settings.server": "data:,", "toolkit.telemetry.enabled": False,
                   "browser.region.network.url": ""}

    @staticmethod
    def program():
        return shutil.which("firefox-esr") or shutil.which("firefox")

    def __init__(self):
        self.folder, port = tempfile.mkdtemp(), free_port()
        Path(self.folder, "user.js").write_text("".join(
            f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in
            (self.PREFERENCES | {"marionette.port": port}).items()))
        self.process = subprocess.Popen(
            [self.program(), "-headless", "-marionette", "-no-remote", "-profile", self.folder, "-width", "1280",
             "-height", "1000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.socket = patiently(lambda: socket.create_connection(("127.0.0.1", port), 300))
        self.file, self.number = self.socket.makefile("rb"), 0
        self.read()
        self.call("NewSession", {"acceptInsecureCerts": True})

    def read(self):
        length = b""
        while (c := self.file.read(1)) != b":":
            if not c:
                raise Failed("Firefox has gone")
            length += c
        return json.loads(self.file.read(int(length)))

    def call(self, command, parameters=None):
        self.number += 1
        text = json.dumps([0, self.number, f"WebDriver:{command}", parameters or {}]).encode()
        self.socket.sendall(str(len(text)).encode() + b":" + text)
        _, _, error, value = self.read()
        if error:
            raise Failed(f"{error['error']}: {error['message'][:300]}")
        return value["value"] if isinstance(value, dict) and set(value) == {"value"} else value

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


class WebKit:
    """The same commands over HTTP to WebKitWebDriver, which starts WebKitGTK's MiniBrowser on a screen of its own."""

    PATHS = {"Navigate": "url", "ExecuteAsyncScript": "execute/async", "PerformActions": "actions",
             "SetTimeouts": "timeouts"}

    @staticmethod
    def program():
        browser = next(iter(sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"), reverse=True)), None)
        return browser if browser and all(map(shutil.which, ("WebKitWebDriver", "xvfb-run", "xauth"))) else None

    def __init__(self):
        self.folder, self.port, self.session = tempfile.mkdtemp(), free_port(), ""
        Path(self.folder, "gtk-3.0").mkdir()
        Path(self.folder, "gtk-3.0/settings.ini").write_text("[Settings]\ngtk-enable-animations=0\n")  # reduced motion
        own = {f"XDG_{what}_HOME": self.folder for what in ("CONFIG", "DATA", "CACHE")} | {"NO_AT_BRIDGE": "1"}
        own["WEBKIT_DISABLE_COMPOSITING_MODE"] = "1"  # its thread crashed in Mesa's software renderer, now and then
        self.process = subprocess.Popen(
            ["xvfb-run", "-a", "-s", "-screen 0 1400x1100x24", "WebKitWebDriver", f"--port={self.port}"],
            env=os.environ | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        patiently(lambda: self.request("GET", "/status"))
        options = {"binary": str(self.program()), "args": ["--automation", "--geometry=1280x1000"]}
        wanted = {"webkitgtk:browserOptions": options}
        value = self.request("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = f"/session/{value['sessionId']}"

    def request(self, method, path, parameters=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request(method, path, None if method == "GET" else json.dumps(parameters or {}),
                           {"Content-Type": "application/json"})
        value = json.loads(connection.getresponse().read())["value"]
        connection.close()
        if isinstance(value, dict) and "error" in value:
            raise Failed(f"{value['error']}: {value.get('message', '')[:300]}")
        return value

    def call(self, command, parameters=None):
        return self.request("POST", f"{self.session}/{self.PATHS[command]}", parameters)

    def close(self):
        with contextlib.suppress(Failed, OSError):
            self.request("DELETE", self.session)
        os.killpg(self.process.pid, 15)
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


ENGINES = {"Firefox": Firefox, "WebKit": WebKit}


def installed(name):
    return ENGINES[name].program() is not None


# ---- what drive.py needs of Playwright

CALL = """const done = arguments[arguments.length - 1], args = [...arguments].slice(0, -1);
(async () => { const f = (%s); return typeof f === "function" ? f(...args) : f; })()
  .then(value => done([value === undefined ? null : value]),
    error => done({ message: String(error && error.stack || error) }));"""


class Page:
    def __init__(self, wire):
        self.wire, self.mouse, self.keyboard = wire, Mouse(wire), Keyboard(wire)
        wire.call("SetTimeouts", {"script": 120_000, "pageLoad": 240_000, "implicit": 0})

    def goto(self, url):
        self.wire.call("Navigate", {"url": url})

    def evaluate(self, script, *args):
        value = self.wire.call("ExecuteAsyncScript", {"script": CALL % script, "args": [
            {ELEMENT: a.id} if isinstance(a, Element) else a for a in args]})
        if isinstance(value, dict):
            raise Failed(value["message"])
        return self.wrap(value[0])

    def wrap(self, value):
        if isinstance(value, dict) and ELEMENT in value:
            return Element(self, value[ELEMENT])
        return [self.wrap(v) for v in value] if isinstance(value, list) else value

    def query_selector_all(self, selector):
        return self.evaluate("s => [...document.querySelectorAll(s)]", selector)

    def wait_for_timeout(self, milliseconds):
        time.sleep(milliseconds / 1000)

    def problems(self):
        return self.evaluate("() => window.problems.splice(0)")


class Keyboard:
    def __init__(self, wire):
        self.wire = wire

    def press(self, *keys):
        actions = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self.wire.call("PerformActions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})


class Mouse:
    def __init__(self, wire):
        self.wire, self.at = wire, (0, 0)

    def act(self, *actions):
        self.wire.call("PerformActions", {"actions": [{"type": "pointer", "id": "mouse", "parameters": {
            "pointerType": "mouse"}, "actions": list(actions)}]})

    def move(self, x, y, steps=1):
        (x0, y0), self.at = self.at, (x, y)
        self.act(*({"type": "pointerMove", "duration": 0, "origin": "viewport", "x": round(x0 + (x - x0) * k / steps),
                    "y": round(y0 + (y - y0) * k / steps)} for k in range(1, steps + 1)))

    def down(self):
        self.act({"type": "pointerDown", "button": 0})

    def up(self):
        self.act({"type": "pointerUp", "button": 0})

    def click(self, x, y):
        self.at = (x, y)
        self.act({"type": "pointerMove", "duration": 0, "origin": "viewport", "x": round(x), "y": round(y)},
                 {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0})


class Element:
    def __init__(self, page, id):
        self.page, self.id = page, id

    def evaluate(self, script, *args):
        return self.page.evaluate(script, self, *args)

    def evaluate_handle(self, script, *args):
        return Handle(self.evaluate(script, *args))

    def fill(self, text):
        self.evaluate("e => { e.focus(); e.select(); }")
        self.page.keyboard.press("Delete", *text)


class Handle:
    """An element, a list of them, or nothing."""

    def __init__(self, value):
        self.value = value

    def as_element(self):
        return self.value

    def get_properties(self):
        return {number: Handle(value) for number, value in enumerate(self.value)}
