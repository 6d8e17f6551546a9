"""The master process of a server, which keeps web workers running and, beside them, a worker of the outbox."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from catalogue.clock import now
from catalogue.plugins import postponed
from catalogue.runtime import Runtime

if TYPE_CHECKING:
    from catalogue.outbox import worker
else:
    worker = postponed("catalogue.outbox.worker")

log = logging.getLogger(__name__)

HEAD_START_SECONDS = 0.5
"""That web workers have before the outbox worker starts: somebody waits for them."""
START_PAUSE_SECONDS = 5.0
"""Between two starts of an outbox worker, so that one that cannot start does not use up the machine."""
END_SECONDS = 20.0
"""How long an outbox worker may take to finish what it has in hand; a harvest's index, or a slow mail server."""


class Supervisor(Arbiter):  # type: ignore[misc]  # Gunicorn has no types
    """Gunicorn's master with one more child: it forks the outbox worker anew whenever that has died.

    `manage_workers` is called about once a second and after every signal; `stop` when the server ends.
    """

    def __init__(self, app: BaseApplication, build: Callable[[], Runtime]) -> None:
        super().__init__(app)
        self._build = build
        self._outbox_pid = 0
        self._may_start_at = time.monotonic() + HEAD_START_SECONDS

    def manage_workers(self) -> None:
        """Keep everything running."""
        super().manage_workers()
        if time.monotonic() >= self._may_start_at and not self._outbox_is_alive():
            self._may_start_at = time.monotonic() + START_PAUSE_SECONDS
            self._start_outbox()

    def stop(self, graceful: bool = True) -> None:
        """End everything; the outbox worker may finish while the web workers do."""
        self._signal_outbox(signal.SIGTERM)
        super().stop(graceful)
        deadline = time.monotonic() + END_SECONDS
        while self._outbox_is_alive() and time.monotonic() < deadline:
            time.sleep(0.05)
        self._signal_outbox(signal.SIGKILL)

    def _start_outbox(self) -> None:
        master = os.getpid()
        self._outbox_pid = os.fork()
        if self._outbox_pid:
            log.info("outbox worker started as process %d", self._outbox_pid)
            return
        status = 1
        try:
            for listener in self.LISTENERS:
                listener.sock.close()
            work_for(master, self._build)
            status = 0
        except Exception:
            log.exception("the outbox worker ended")
        finally:
            # Nothing of the master's is to be cleaned up here.
            os._exit(status)

    def _outbox_is_alive(self) -> bool:
        if not self._outbox_pid:
            return False
        try:
            ended, _status = os.waitpid(self._outbox_pid, os.WNOHANG)
        except ChildProcessError:
            # Gunicorn waits for any child, and may have been told first.
            ended = self._outbox_pid
        if ended:
            self._outbox_pid = 0
        return not ended

    def _signal_outbox(self, number: signal.Signals) -> None:
        if self._outbox_is_alive():
            os.kill(self._outbox_pid, number)


def work_for(master: int, build: Callable[[], Runtime]) -> None:
    """Work through the outbox until told to end, or until the master is gone, however it went."""
    ending = threading.Event()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda _number, _frame: ending.set())
    worker.run_forever(build(), now, lambda: ending.is_set() or os.getppid() != master)
