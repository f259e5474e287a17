"""Optuna by ask and tell: the lab keeps what was proposed and what came of it, Optuna says what to try next."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from assay.base.optional import need
from assay.records.sweep import Arm, Parameter, Setting, Sweep

EXTRA = "optuna"


def propose(sweep: Sweep, arm: Arm, tried: Sequence[Setting], seed: int) -> dict[str, Any]:
    """The next setting of a model.

    A study is made in memory of the settings so far: its state is the lab's, so that a killed sweep goes on where it
    was, and the same history gives the same proposal.

    Args:
        sweep: Names goal and space.
        arm: The model that is searched.
        tried: Its settings so far; those without a value are under way, or have failed.
        seed: Of the plan.

    Raises:
        InputError: when Optuna is not installed.
    """
    optuna = need("optuna", EXTRA)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with warnings.catch_warnings():
        # The constant liar is marked experimental; without it workers would try the same place at once.
        warnings.simplefilter("ignore")
        sampler = optuna.samplers.TPESampler(seed=(seed + len(tried)) % 2**32, constant_liar=True)
        study = optuna.create_study(direction=sweep.goal, sampler=sampler)
        space = {p.name: _distribution(optuna, p) for p in arm.space}
        for setting in tried:
            study.add_trial(_trial(optuna, setting, arm, space))
        asked = study.ask(space)
    return {p.name: _told(p, asked.params[p.name]) for p in arm.space}


def _trial(optuna: Any, setting: Setting, arm: Arm, space: dict[str, Any]) -> Any:
    states, over = optuna.trial.TrialState, setting.failed or setting.finished == setting.seeds
    state = states.COMPLETE if setting.value is not None else states.FAIL if over else states.RUNNING
    params = {p.name: _asked(p, setting.config[p.name]) for p in arm.space}
    return optuna.trial.create_trial(params=params, distributions=space, value=setting.value, state=state)


def _distribution(optuna: Any, p: Parameter) -> Any:
    kinds = optuna.distributions
    if p.low is None or p.high is None:
        return kinds.CategoricalDistribution(tuple(range(len(p.values))))
    if p.whole:
        return kinds.IntDistribution(p.low, p.high, log=p.log)
    return kinds.FloatDistribution(float(p.low), float(p.high), log=p.log)


def _told(p: Parameter, value: Any) -> Any:
    """Values of a list travel by their place, since Optuna takes texts and numbers alone."""
    return p.values[value] if p.low is None else value


def _asked(p: Parameter, value: Any) -> Any:
    return p.values.index(value) if p.low is None else value
