"""What people see for the codes of accounts."""

from __future__ import annotations

from flask_babel import gettext as _

from matchmaker.accounts.models import ClaimState, MembershipRole, PlatformRole


def membership_role(role: MembershipRole) -> str:
    """What a person is for a body."""
    words = {
        MembershipRole.ADMINISTRATOR: _("amministratore"),
        MembershipRole.EDITOR: _("redattore"),
        MembershipRole.READER: _("lettore"),
    }
    return str(words[role])


def platform_role(role: PlatformRole) -> str:
    """What a person is for the platform."""
    words = {
        PlatformRole.MEMBER: _("iscritto"),
        PlatformRole.FACILITATOR: _("facilitatore"),
        PlatformRole.OBSERVER: _("osservatore"),
        PlatformRole.ADMINISTRATOR: _("amministratore della piattaforma"),
    }
    return str(words[role])


def claim_state(state: ClaimState) -> str:
    """Where a claim stands, to whoever made it."""
    words = {
        ClaimState.WAITING: _("in attesa del facilitatore"),
        ClaimState.CONFIRMED: _("confermata"),
        ClaimState.REFUSED: _("non accolta"),
    }
    return str(words[state])
