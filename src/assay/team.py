"""What a `Lab` does where several people use it: users, tokens and reviews. `Lab` has these methods."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assay.direct import Columns, listed
from assay.remote.address import LabPlace
from assay.results import Reviewed

if TYPE_CHECKING:
    from assay.store.access import Token, User


class Team:
    """Methods of `Lab` about people and programs that share it."""

    folder: LabPlace

    def review(self, evidence: str | Path, opinion: str, why: str) -> Reviewed:
        """Approve of judged evidence or object to it, as `assay review`; its folder or digest names it.

        Args:
            opinion: `approve` or `object`.
            why: In plain text.
        """
        from assay.verbs import review as verb

        return Reviewed(verb.run(verb.named(evidence), opinion, why, self.folder))

    def reviews(self, evidence: str | Path) -> Reviewed:
        """What people say of judged evidence, as `assay review` without an opinion."""
        from assay.verbs import review as verb

        return Reviewed(verb.every(verb.named(evidence), self.folder))

    def add_user(self, name: str, password: str, role: str = "viewer") -> User:
        """Add a user of the served lab, as `assay user add`."""
        from assay.verbs import user

        return user.add(self.folder, name, password, role)

    def users(self) -> tuple[User, ...]:
        """Who may log in to the served lab, as `assay user list`."""
        from assay.verbs import user

        return user.every(self.folder)

    def change_user(self, name: str, password: str = "", role: str = "") -> User:
        """Give a user another password, role, or both, and end their sessions, as `assay user change`."""
        from assay.verbs import user

        return user.change(self.folder, name, password, role)

    def remove_user(self, name: str) -> None:
        """Remove a user and end their sessions, as `assay user remove`."""
        from assay.verbs import user

        user.remove(self.folder, name)

    def create_token(self, name: str, scopes: Columns, days: int = 90) -> str:
        """Make a token for a program and return its secret, this once, as `assay token create`."""
        from assay.verbs import token

        return token.create(self.folder, name, listed(scopes), days)[0]

    def tokens(self) -> tuple[Token, ...]:
        """Tokens that have not expired, as `assay token list`."""
        from assay.verbs import token

        return token.every(self.folder)

    def revoke_token(self, name: str) -> None:
        """Revoke every token of that name, as `assay token revoke`."""
        from assay.verbs import token

        token.revoke(self.folder, name)
