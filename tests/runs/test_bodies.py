"""`@assay.experiment`: the run of a call lasts as long as its body does, whatever kind of function it is."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

import assay
from assay.runs.live import Run
from tests.runs.scenes import lab


def only(folder: Path) -> Any:
    """The one run of a lab, read back."""
    (row,) = assay.Lab(folder).runs()
    return assay.Lab(folder).run(row.id)


def values(folder: Path, name: str = "loss") -> list[float]:
    return [float(v) for v in only(folder).series(name).values]


def test_an_asynchronous_function(tmp_path: Path) -> None:
    lab(tmp_path)

    @assay.experiment(lab=tmp_path, capture=False)
    async def train(lr: float, seed: int = 0, run: Run | None = None) -> dict[str, float]:
        assert run is not None
        for _ in range(3):
            await asyncio.sleep(0)
            run.log(loss=lr)
        return {"accuracy": 0.9}

    assert inspect.iscoroutinefunction(train)
    assert asyncio.run(train(0.5, seed=3)) == {"accuracy": 0.9}
    assert values(tmp_path) == [0.5] * 3
    assert values(tmp_path, "accuracy") == [0.9]
    assert (only(tmp_path).state, only(tmp_path).config) == ("finished", {"lr": 0.5, "seed": 3})


def test_a_task_that_is_cancelled_is_interrupted(tmp_path: Path) -> None:
    lab(tmp_path)

    @assay.experiment(lab=tmp_path, capture=False)
    async def train(run: Run | None = None) -> None:
        assert run is not None
        run.log(loss=1.0)
        await asyncio.sleep(3600)

    async def cancelled() -> None:
        task = asyncio.create_task(train())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert (only(tmp_path).state, values(tmp_path)) == ("interrupted", [1.0])


def counting(folder: Path) -> Any:
    @assay.experiment(lab=folder, capture=False)
    def train(many: int, run: Run | None = None) -> Iterator[int]:
        assert run is not None
        for step in range(many):
            got = yield step
            run.log(loss=float(got if got is not None else step))
        return {"last": many}  # type: ignore[return-value]

    return train


def test_a_generator(tmp_path: Path) -> None:
    lab(tmp_path)
    train = counting(tmp_path)
    assert inspect.isgeneratorfunction(train)
    steps = train(3)
    assert assay.Lab(tmp_path).runs() == ()
    assert next(steps) == 0
    assert steps.send(7) == 1
    assert list(steps) == [2]
    assert (values(tmp_path), values(tmp_path, "last")) == ([7.0, 1.0, 2.0], [3.0])
    assert only(tmp_path).state == "finished"


@pytest.mark.parametrize("how", ["left", "thrown into"])
def test_a_generator_that_is_not_run_to_its_end(tmp_path: Path, how: str) -> None:
    lab(tmp_path)
    steps = counting(tmp_path)(10**6)
    assert [next(steps), next(steps)] == [0, 1]
    if how == "left":
        steps.close()
    else:
        with pytest.raises(OSError, match="no data"):
            steps.throw(OSError("no data"))
    assert values(tmp_path) == [0.0]
    assert only(tmp_path).state == ("finished" if how == "left" else "failed")


@pytest.mark.parametrize("how", ["to its end", "left", "thrown into"])
def test_an_asynchronous_generator(tmp_path: Path, how: str) -> None:
    lab(tmp_path)
    ended = []

    @assay.experiment(lab=tmp_path, capture=False)
    async def train(run: Run | None = None) -> AsyncIterator[int]:
        assert run is not None
        try:
            for step in range(3):
                try:
                    run.log(loss=float((yield step) or step))  # type: ignore[func-returns-value]
                except KeyError:
                    run.log(loss=-1.0)
        finally:
            await asyncio.sleep(0)
            ended.append(run.closed)

    async def use() -> None:
        steps: Any = train()
        assert await anext(steps) == 0
        assert await steps.asend(7) == 1
        if how == "to its end":
            assert [step async for step in steps] == [2]
        elif how == "left":
            await steps.aclose()
        else:
            assert await steps.athrow(KeyError("x")) == 2
            with pytest.raises(OSError, match="no data"):
                await steps.athrow(OSError("no data"))

    assert inspect.isasyncgenfunction(train)
    asyncio.run(use())
    assert ended == [False]
    assert values(tmp_path) == {"to its end": [7.0, 1.0, 2.0], "left": [7.0], "thrown into": [7.0, -1.0]}[how]
    assert only(tmp_path).state == ("failed" if how == "thrown into" else "finished")
