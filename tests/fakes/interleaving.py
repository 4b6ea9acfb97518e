"""Flows that run at the same time, one call of their ports at a time, in an order that the test chooses."""

from collections.abc import Callable, Sequence
from threading import Semaphore, Thread
from typing import Any


class Died(BaseException):
    """The process of this flow died, before or after its call took effect."""


class LostAnswer(Exception):
    """The response to this call was lost, whether or not it took effect."""


class Interleaving:
    """Lets flows that are given to `run` go on one call at a time.

    `choose` is asked before each step which of so many flows goes on, and what befalls its call: one of `FATES`,
    or `ECHOES`: a copy of the request is still on its way, and waits in `echoes`. `watch` is run after each step.
    """

    ECHOES = "echoes"

    FATES = ("", "dies before", "dies after", "lost before", "lost after", "twice")

    def __init__(self, choose: Callable[[int], tuple[int, str]], watch: Callable[[], None] = lambda: None) -> None:
        self._choose = choose
        self._watch = watch
        self.echoes: list[Callable[[], Any]] = []

    def run(self, *flows: Callable[[Callable[[Any], Any]], Any]) -> list[Any]:
        """The results and errors of the flows. A flow gets a function that wraps its ports."""
        strands = [_Strand(flow, self.echoes) for flow in flows]
        while going := [strand for strand in strands if not strand.done]:
            which, fate = self._choose(len(going))
            going[which].step(fate)
            self._watch()
        return [strand.outcome for strand in strands]


class _Strand:
    def __init__(self, flow: Callable[[Callable[[Any], Any]], Any], echoes: list[Callable[[], Any]]) -> None:
        self._echoes = echoes
        self.done = False
        self.outcome: Any = None
        self._fate = ""
        self._go, self._here = Semaphore(0), Semaphore(0)
        self._thread = Thread(target=self._run, args=(flow,), daemon=True)
        self._thread.start()
        self._here.acquire()

    def step(self, fate: str) -> None:
        self._fate = fate
        self._go.release()
        self._here.acquire()

    def _run(self, flow: Callable[[Callable[[Any], Any]], Any]) -> None:
        try:
            self.outcome = flow(lambda port: _InLine(port, self))
        except BaseException as error:  # noqa: BLE001 - it is the outcome
            self.outcome = error
        self.done = True
        self._here.release()

    def call(self, call: Callable[[], Any]) -> Any:
        self._here.release()
        self._go.acquire()
        fate = self._fate
        if fate.endswith("before"):
            raise (Died if fate.startswith("dies") else LostAnswer)
        answer = call()
        if fate == "twice":
            # The answer was lost, and the client sent the call again: what it hears is the second answer.
            answer = call()
        if fate == Interleaving.ECHOES:
            self._echoes.append(call)
        if fate.endswith("after"):
            raise (Died if fate.startswith("dies") else LostAnswer)
        return answer


class _InLine:
    def __init__(self, port: Any, strand: _Strand) -> None:
        self._port = port
        self._strand = strand

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._port, name)
        return lambda *args, **kwargs: self._strand.call(lambda: method(*args, **kwargs))


def outcomes(results: Sequence[Any], kind: type) -> list[Any]:
    """The results of that type."""
    return [result for result in results if isinstance(result, kind)]
