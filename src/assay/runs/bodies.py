"""Functions whose calls are runs: a run lasts as long as the body does, also of those whose body begins later."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any

from assay.runs.live import Run

Begin = Callable[[Any, Any], tuple[Run, inspect.BoundArguments]]


def running(function: Callable[..., Any], begin: Begin) -> Callable[..., Any]:
    """The function with a run around its body, of the same kind as it is: plain, asynchronous, a generator or both.

    Args:
        function: What is called.
        begin: Begins a run for the arguments of a call; returns it, and the arguments bound.
    """
    if inspect.isasyncgenfunction(function):
        return _asynchronous_generator(function, begin)
    if inspect.iscoroutinefunction(function):
        return _asynchronous(function, begin)
    return _generator(function, begin) if inspect.isgeneratorfunction(function) else _plain(function, begin)


def _plain(function: Callable[..., Any], begin: Begin) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> Any:
        run, bound = begin(args, kwargs)
        with run:
            return _logged(run, function(*bound.args, **bound.kwargs))

    return called


def _asynchronous(function: Callable[..., Any], begin: Begin) -> Callable[..., Any]:
    async def called(*args: Any, **kwargs: Any) -> Any:
        run, bound = begin(args, kwargs)
        with run:
            return _logged(run, await function(*bound.args, **bound.kwargs))

    return called


def _generator(function: Callable[..., Any], begin: Begin) -> Callable[..., Any]:
    def called(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        run, bound = begin(args, kwargs)
        with run:
            return _logged(run, (yield from function(*bound.args, **bound.kwargs)))

    return called


def _asynchronous_generator(function: Callable[..., Any], begin: Begin) -> Callable[..., Any]:
    async def called(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        run, bound = begin(args, kwargs)
        with run:
            body = function(*bound.args, **bound.kwargs)
            try:
                # What `yield from` does for a plain one: what is sent or thrown in reaches the body.
                item = await anext(body)
                while True:
                    try:
                        sent = yield item
                    except GeneratorExit:
                        raise
                    except BaseException as error:
                        item = await body.athrow(error)
                    else:
                        item = await body.asend(sent)
            except StopAsyncIteration:
                return
            finally:
                await body.aclose()

    return called


def _logged(run: Run, found: Any) -> Any:
    """What a body returns; of a mapping the numbers are logged."""
    if isinstance(found, dict):
        run.log({k: v for k, v in found.items() if isinstance(v, (int, float)) and not isinstance(v, bool)})
    return found
