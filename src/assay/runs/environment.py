"""The environment of a run: Python and its packages as a lock, the machine, and variables that are known to matter."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assay.runs.secrets import redact_tree
from assay.runs.sources import sources

ALLOWED = re.compile(
    r"PYTHONHASHSEED|PYTHONPATH|CUDA_(VISIBLE_DEVICES|LAUNCH_BLOCKING|DEVICE_ORDER)|CUBLAS_WORKSPACE_CONFIG"
    r"|(OMP|MKL|OPENBLAS|NUMEXPR|POLARS_MAX)_\w*THREADS|OPENBLAS_CORETYPE|NPY_DISABLE_CPU_FEATURES|MKL_CBWR"
    r"|(TF|TORCH|PYTORCH|XLA|JAX|NCCL|TOKENIZERS)_\w+|(LOCAL_)?RANK|(LOCAL_)?WORLD_SIZE|HF_HUB_OFFLINE|LANG|LC_ALL|TZ"
    r"|ASSAY_VARIABLES"
)
FURTHER, FILE = "ASSAY_VARIABLES", "variables.txt"
_PROBE = (
    "import sys, json, platform; print(json.dumps([platform.python_version(), platform.python_implementation(),"
    " sys.executable, sys.prefix, sys.path]))"
)


class Probe:
    """Asks the interpreter that a command uses what it is, while other work goes on.

    Args:
        program: The file that is executed; it may be Python itself, a script that names it, or another program.
    """

    def __init__(self, program: str) -> None:
        self._python, self.note = interpreter_of(program)
        self._asked: subprocess.Popen[bytes] | None = None
        if self._python and not _same(self._python):
            try:
                self._asked = subprocess.Popen(
                    [self._python, "-c", _PROBE],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    stdin=subprocess.DEVNULL,
                )
            except OSError as error:
                self.note = f"{self._python} cannot be asked ({error.strerror})"

    def answer(self, root: Path) -> dict[str, Any]:
        """Version, folders and packages; those of this process where it is the same interpreter.

        Args:
            root: Of the code; what is imported from elsewhere has a digest.
        """
        if self._asked is None:
            return python_facts(
                platform.python_version(), platform.python_implementation(), sys.executable, sys.prefix, sys.path, root
            )
        try:
            said, _ = self._asked.communicate(timeout=20)
            version, kind, executable, prefix, path = json.loads(said)
            return python_facts(version, kind, executable, prefix, path, root)
        except (subprocess.TimeoutExpired, ValueError, TypeError):
            self._asked.kill()
            self._asked.communicate()
            self.note = f"{self._python} did not say what it is"
            return {}


def interpreter_of(program: str) -> tuple[str, str]:
    """The Python that a program runs in, and a note where that is a guess."""
    name = os.path.basename(program)
    if not program or re.fullmatch(r"(python|pypy)[\d.]*t?", name):
        return program or sys.executable, ""
    try:
        with open(program, "rb") as file:
            first = file.readline(512)
    except OSError:
        first = b""
    words = first[2:].split() if first.startswith(b"#!") else []
    found = words[0].decode("utf-8", "replace") if words else ""
    if re.search(r"(python|pypy)[\d.]*t?$", found):
        return found, ""
    python = shutil.which("python") or shutil.which("python3") or ""
    return python, f"{name} is no Python program: the packages are those of {python or 'none'}"


def python_facts(
    version: str, kind: str, executable: str, prefix: str, path: Sequence[str], root: Path
) -> dict[str, Any]:
    """A Python, its packages, and what it imports from outside of the code."""
    where = {"executable": executable, "prefix": prefix}
    around = {"packages": packages(path), "sources": sources(path, prefix, root)}
    return {"version": version, "implementation": kind, **where, **around}


def packages(path: Sequence[str]) -> dict[str, str]:
    """Name -> version of what is installed along a path, read off the names of the folders; the first one counts."""
    found: dict[str, str] = {}
    for place in path:
        try:
            names = sorted(os.listdir(place or "."))
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                what, _, version = name.rpartition(".")[0].partition("-")
                key = re.sub(r"[-_.]+", "-", what).lower()
                if version and key not in found:
                    found[key] = version.partition("-py")[0] + _origin(Path(place, name, "direct_url.json"))
    return dict(sorted(found.items()))


def lock_lines(environment: dict[str, Any]) -> list[str]:
    """The packages as lines of a requirements file; those from elsewhere than an index are left out."""
    held = environment.get("python", {}).get("packages", {})
    return [f"{name}=={version}" for name, version in held.items() if " @ " not in version]


@cache
def machine() -> dict[str, Any]:
    """Host, processor, memory, graphics driver, container."""
    return {
        "system": platform.system(),
        "release": platform.release(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_megabytes": _memory(),
        **container(),
        "gpu": _gpu(),
    }


def variables(more: Mapping[str, str] = MappingProxyType({}), lab: Path | None = None) -> tuple[dict[str, str], str]:
    """Variables that are known to matter and those that the lab or `ASSAY_VARIABLES` names, secrets redacted.

    Args:
        more: Besides those of this process.
        lab: The folder `.assay`, whose `variables.txt` names further ones, one a line; `*` stands for any letters.

    Returns:
        The variables, and why the lab's file could not be read.
    """
    around = {**os.environ, **more}
    lines, note = _named_by(lab) if lab is not None else ([], "")
    named = [name for line in (*lines, around.get(FURTHER, "")) for name in re.split(r"[\s,]+", line.partition("#")[0])]
    held = {k: v for k, v in sorted(around.items()) if ALLOWED.fullmatch(k) or any(fnmatchcase(k, n) for n in named)}
    kept: dict[str, str] = redact_tree(held)[0]
    return kept, note


def _named_by(lab: Path) -> tuple[list[str], str]:
    try:
        return (lab / FILE).read_text(encoding="utf-8").splitlines(), ""
    except FileNotFoundError:
        return [], ""
    except (OSError, ValueError) as error:
        return [], f"{FILE} cannot be read ({type(error).__name__}): variables that it names are not kept"


def _same(program: str) -> bool:
    # The same file in another virtual environment is another Python: its prefix follows from where the link stands.
    return os.path.abspath(program) == os.path.abspath(sys.executable)


def _origin(path: Path) -> str:
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return ""
    url = redact_tree(str(said.get("url", "")))[0]
    commit = said.get("vcs_info", {}).get("commit_id", "")
    return f" @ {url}" + (f"@{commit}" if commit else "")


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith(("model name", "Hardware")):
                    return line.partition(":")[2].strip()
    except OSError:
        return platform.processor()
    return platform.processor() or platform.machine()


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
    except (ValueError, OSError):
        return None


def container(root: Path = Path("/"), around: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The kind of container that this runs in, its name and its image, as far as the inside tells; empty outside.

    Args:
        root: Of the file system.
        around: The environment.
    """
    told = _lines(root / "run/.containerenv")
    said = dict(line.split("=", 1) for line in told if "=" in line)
    if said or (root / "run/.containerenv").exists():
        named = {key: said.get(key, "").strip('"') for key in ("name", "image", "id")}
        return _named("podman", named["name"] or named["id"][:12], named["image"])
    for kind in ("apptainer", "singularity"):
        if around.get(f"{kind.upper()}_NAME"):
            return _named(kind, around[f"{kind.upper()}_NAME"], around.get(f"{kind.upper()}_CONTAINER", ""))
    if around.get("KUBERNETES_SERVICE_HOST"):
        return _named("kubernetes", around.get("HOSTNAME", ""))
    mounts = "\n".join(_lines(root / "proc/self/mountinfo"))
    inside = re.search(r"/(?:docker|containerd|containers)/\S*?([0-9a-f]{64})/", mounts)
    if (root / ".dockerenv").exists():
        return _named("docker", inside[1][:12] if inside else around.get("HOSTNAME", ""))
    return _named(around.get("container", ""), "")


def _named(kind: str, name: str, image: str = "") -> dict[str, str]:
    return {"container": kind, "container_name": name, "container_image": redact_tree(image)[0]}


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").splitlines()
    except OSError:
        return []


def _gpu() -> dict[str, Any]:
    """The driver and each device by its model, as the kernel module says; empty where there is none."""
    place = Path("/proc/driver/nvidia")
    try:
        version = (place / "version").read_text(errors="replace").splitlines()[0]
    except (OSError, IndexError):
        return {}
    models = []
    for path in sorted(place.glob("gpus/*/information")):
        try:
            lines = path.read_text(errors="replace").splitlines()
        except OSError:
            continue
        models += [line.partition(":")[2].strip() for line in lines if line.startswith("Model")]
    return {"driver": version.partition(":")[2].strip(), "models": models}
