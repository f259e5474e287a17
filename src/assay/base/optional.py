"""Imports of optional packages, with the command that installs them."""

from __future__ import annotations

import importlib
from types import ModuleType

from assay.base.errors import InputError


def need(module: str, extra: str) -> ModuleType:
    """Import an optional module.

    Raises:
        InputError: when it is not installed; the error names the extra that brings it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise InputError(f"the package {module!r} is not installed", fix=f"pip install 'assay-lab[{extra}]'") from error
