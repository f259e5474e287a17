"""Users, tokens and sessions of a served lab, in a file of their own: secrets are not synced with the record.

Passwords are hashed with Argon2id; tokens and sessions are 256 random bits of which a SHA-256 hash is kept.
"""

from __future__ import annotations

import functools
import hashlib
import re
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from assay.base.errors import AccessError, MissingError
from assay.base.optional import need
from assay.records.access import ADMIN, ROLES, SCOPES, Principal
from assay.store.failures import sql_failures
from assay.store.refusals import file_failures

if TYPE_CHECKING:
    from argon2 import PasswordHasher

FILE = "access.db"
LEAST_PASSWORD = 10
SESSION_SECONDS = 12 * 3600
PREFIX = "assay_"
PROGRAMS = "token:"
"""Before the name of whoever asks with a token, so that it is never a user's: theirs hold no colon."""
_HASHING = threading.BoundedSemaphore(2)
"""Argon2id takes 64 MiB for a password: many at once would fill the memory of a server."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS users (name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tokens
    (hash TEXT PRIMARY KEY, name TEXT NOT NULL, scopes TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (hash TEXT PRIMARY KEY, user TEXT NOT NULL, expires REAL NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class User:
    """A person who may log in."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Token:
    """A program's right to ask, until it expires (seconds since 1970)."""

    name: str
    scopes: tuple[str, ...]
    expires: float


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's right to ask, as its user."""

    secret: str
    user: User


def has_users(folder: Path) -> bool:
    """Whether anybody may log in to the lab in `.assay`; asking makes no register."""
    if not (folder / FILE).exists():
        return False
    with Access(folder) as held:
        return bool(held.users())


class Access:
    """The register of access of one lab.

    Args:
        folder: `.assay`; the register is made when it is first needed, readable by its owner alone.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        with file_failures(self.path):
            self.path.touch(mode=0o600)
        with self._connected() as connection:
            connection.executescript(_SCHEMA)

    def add_user(self, name: str, password: str, role: str) -> User:
        """Add a user.

        Raises:
            AccessError: a name that is taken or odd, a password that is too short, an unknown role.
        """
        _check_name(name)
        _check_role(role)
        _check_password(password)
        with self._connected() as connection:
            try:
                connection.execute("INSERT INTO users VALUES (?, ?, ?)", (name, role, _hashed(password)))
            except sqlite3.IntegrityError as error:
                raise AccessError(
                    f"there is a user {name!r} already", rule="a name is given once", fix="choose another name"
                ) from error
        return User(name, role)

    def users(self) -> tuple[User, ...]:
        """Every user, by name."""
        with self._connected() as connection:
            return tuple(User(*row) for row in connection.execute("SELECT name, role FROM users ORDER BY name"))

    def change_user(self, name: str, password: str = "", role: str = "") -> User:
        """Give a user another password, role, or both, and end their sessions.

        Raises:
            MissingError: there is none of that name.
            AccessError: nothing to change, a password that is too short, an unknown role, or they are the last admin.
        """
        if not password and not role:
            raise AccessError("nothing is to change", rule="a user has a role and a password", fix="--role scientist")
        with self._connected() as connection:
            if role:
                _check_role(role)
                _check_admins(connection, name, role)
                connection.execute("UPDATE users SET role = ? WHERE name = ?", (role, name))
            if password:
                _check_password(password)
                connection.execute("UPDATE users SET password = ? WHERE name = ?", (_hashed(password), name))
            connection.execute("DELETE FROM sessions WHERE user = ?", (name,))
            row = connection.execute("SELECT name, role FROM users WHERE name = ?", (name,)).fetchone()
            if row is None:
                raise _nobody_of(name)
        return User(*row)

    def change_own(self, session: str, present: str, password: str) -> None:
        """Give whose session it is another password, and end their other sessions.

        Args:
            session: The secret of the session that asks; it stays.
            present: The password until now.
            password: The one from now on.

        Raises:
            AccessError: no session, another present password, or a new one that is too short or the same.
        """
        with self._connected() as connection:
            name, kept = self._held(connection, session, present)
            _check_password(password)
            if password == present:
                raise AccessError("the new password is the present one", fix="choose another", where="password")
            # An admin may have given another password meanwhile: theirs stays.
            held = (_hashed(password), name, kept)
            changed = connection.execute("UPDATE users SET password = ? WHERE name = ? AND password = ?", held).rowcount
            if not changed:
                raise _not_present()
            connection.execute("DELETE FROM sessions WHERE user = ? AND hash != ?", (name, _hash(session)))

    @staticmethod
    def _held(connection: sqlite3.Connection, session: str, present: str) -> tuple[str, str]:
        """The name and the kept hash of the password of whose session it is.

        Raises:
            AccessError: no session, or another password.
        """
        row = connection.execute(
            "SELECT users.name, users.password FROM sessions JOIN users ON users.name = sessions.user"
            " WHERE hash = ? AND expires > ?",
            (_hash(session), time.time()),
        ).fetchone()
        if row is None:
            raise AccessError("no session of a user asks", rule="whoever is logged in by password has one")
        if not _fits(row[1], present):
            raise _not_present()
        return str(row[0]), str(row[1])

    def remove_user(self, name: str) -> None:
        """Remove a user and end their sessions.

        Raises:
            MissingError: there is none of that name.
            AccessError: they are the last admin.
        """
        with self._connected() as connection:
            _check_admins(connection, name)
            connection.execute("DELETE FROM sessions WHERE user = ?", (name,))
            if not connection.execute("DELETE FROM users WHERE name = ?", (name,)).rowcount:
                raise _nobody_of(name)

    def log_in(self, name: str, password: str) -> Session | None:
        """A new session; None where name or password is wrong, after the same time either way."""
        nobody = _nobody()
        with self._connected() as connection:
            row = connection.execute("SELECT role, password FROM users WHERE name = ?", (name,)).fetchone()
            if not _fits(row[1] if row else nobody, password) or row is None:
                return None
            secret = secrets.token_urlsafe(32)
            connection.execute("DELETE FROM sessions WHERE expires < ?", (time.time(),))
            expires = time.time() + SESSION_SECONDS
            # Whoever changes a password ends sessions of the old one: none begins meanwhile.
            begun = "INSERT INTO sessions SELECT ?, name, ? FROM users WHERE name = ? AND password = ?"
            if not connection.execute(begun, (_hash(secret), expires, name, row[1])).rowcount:
                return None
            return Session(secret, User(name, row[0]))

    def log_out(self, secret: str) -> None:
        """End a session."""
        with self._connected() as connection:
            connection.execute("DELETE FROM sessions WHERE hash = ?", (_hash(secret),))

    def create_token(self, name: str, scopes: tuple[str, ...], days: int) -> tuple[str, Token]:
        """Make a token; returns its secret, which is kept nowhere.

        Raises:
            AccessError: an odd name, an unknown scope, or no end.
        """
        _check_name(name)
        wrong = [s for s in scopes if s not in SCOPES]
        if wrong or not scopes:
            raise AccessError(
                f"the scope is {wrong[0]!r}" if wrong else "no scope is given",
                rule=f"scopes are {', '.join(SCOPES)}",
                fix="--scope read",
            )
        if not 1 <= days <= 366:
            raise AccessError(f"the token lives {days} days", rule="between 1 and 366 days", fix="--days 90")
        secret = PREFIX + secrets.token_urlsafe(32)
        token = Token(name, tuple(dict.fromkeys(scopes)), time.time() + days * 86_400)
        with self._connected() as connection:
            row = (_hash(secret), name, " ".join(token.scopes), token.expires)
            connection.execute("INSERT INTO tokens VALUES (?, ?, ?, ?)", row)
        return secret, token

    def tokens(self) -> tuple[Token, ...]:
        """Every token that has not expired, by name."""
        with self._connected() as connection:
            found = connection.execute(
                "SELECT name, scopes, expires FROM tokens WHERE expires > ? ORDER BY name", (time.time(),)
            ).fetchall()
        return tuple(Token(name, tuple(scopes.split()), expires) for name, scopes, expires in found)

    def revoke(self, name: str) -> int:
        """Remove every token of that name; returns how many there were."""
        with self._connected() as connection:
            return connection.execute("DELETE FROM tokens WHERE name = ?", (name,)).rowcount

    def of_session(self, secret: str) -> Principal | None:
        """Whose session it is; None where it is none, or over."""
        with self._connected() as connection:
            row = connection.execute(
                "SELECT users.name, users.role FROM sessions JOIN users ON users.name = sessions.user"
                " WHERE hash = ? AND expires > ?",
                (_hash(secret), time.time()),
            ).fetchone()
        return Principal(row[0], ROLES[row[1]]) if row else None

    def of_token(self, secret: str) -> Principal | None:
        """Whose token it is; None where it is none, or expired."""
        with self._connected() as connection:
            row = connection.execute(
                "SELECT name, scopes FROM tokens WHERE hash = ? AND expires > ?", (_hash(secret), time.time())
            ).fetchone()
        return Principal(PROGRAMS + row[0], frozenset(row[1].split())) if row else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing stays open between calls."""

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with sql_failures(self.path):
            connection = sqlite3.connect(self.path, timeout=30, isolation_level="IMMEDIATE")
            try:
                with connection:
                    yield connection
            finally:
                connection.close()


def _nobody_of(name: str) -> MissingError:
    return MissingError(f"there is no user {name!r:.100}", rule="users are named", fix="`assay user list` shows them")


def _not_present() -> AccessError:
    rule = "whoever changes their password gives the one until now"
    fix = "try again, or ask an admin: `assay user change`"
    return AccessError("the present password is wrong", rule=rule, fix=fix, where="present")


def _check_admins(connection: sqlite3.Connection, name: str, role: str = "") -> None:
    """Refuse what would leave a lab with users without an admin; nobody else changes them before this is over."""
    connection.execute("BEGIN IMMEDIATE")
    admins = [row[0] for row in connection.execute("SELECT name FROM users WHERE role = ?", (ADMIN,))]
    if admins == [name] and role != ADMIN:
        raise AccessError(
            f"{name!r} is the last admin", rule="a lab with users has an admin", fix="make somebody else admin first"
        )


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise AccessError(f"the role is {role!r:.100}", rule=f"it is one of {', '.join(ROLES)}", fix="--role scientist")


def _check_password(password: str) -> None:
    if len(password) < LEAST_PASSWORD:
        raise AccessError(
            f"the password has {len(password)} characters",
            rule=f"a password has at least {LEAST_PASSWORD}",
            fix="choose a longer one",
        )


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise AccessError(
            f"the name is {name[:80]!r}",
            rule="letters, digits and . _ @ -, at most 64, a letter or digit first",
            fix="for example ada",
        )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _hashed(password: str) -> str:
    with _HASHING:
        return _hasher().hash(password)


def _fits(known: str, password: str) -> bool:
    from argon2.exceptions import VerificationError

    with _HASHING:
        try:
            return _hasher().verify(known, password)
        except VerificationError:
            return False


@functools.cache
def _hasher() -> PasswordHasher:
    hasher: PasswordHasher = need("argon2", "server").PasswordHasher()
    return hasher


@functools.cache
def _nobody() -> str:
    """A hash to check against where there is no such user, so that time tells nothing."""
    return _hasher().hash("nobody")
