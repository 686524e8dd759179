"""Sent to the kernel of a notebook that has run to its end: each cell runs once more, in the state that all have left.

A later cell that overwrites a name of an earlier one, or trains a model further, shows itself here. Each cell runs in a
copy of the process (fork), so that none changes what the next one finds; cells that take long are given up.
"""

import contextlib
import io
import os
import signal
import sys


def again(shell, sources, seconds):
    """What each cell prints when it runs again; None for one that takes longer than `seconds`."""
    return [printed_again(shell, source, seconds) for source in sources]


def printed_again(shell, source, seconds):
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)  # ends this process
        text = io.StringIO()
        shell.display_pub.publish = lambda *args, **options: None  # the sockets belong to the parent
        sys.displayhook = lambda value: None
        with contextlib.redirect_stdout(text), contextlib.redirect_stderr(io.StringIO()):
            try:
                exec(compile(shell.transform_cell(source), "<again>", "exec"), shell.user_ns)
            except BaseException as error:  # reported as what the cell says now
                text.write(f"{type(error).__name__}: {error}")
        with open(writing, "w", encoding="utf8") as pipe:
            pipe.write("." + text.getvalue())
        os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf8") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return said[1:] if said else None
