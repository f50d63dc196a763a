"""What allauth says to officers: it brings no Vietnamese, so ours translates these words of its."""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("Successfully signed in as %(name)s."),
    _("You have signed out."),
    _("Password successfully changed."),
    _("Password successfully set."),
    _("Authenticator app activated."),
    _("Authenticator app deactivated."),
    _("A new set of recovery codes has been generated."),
    _("Save them  in a secure location now — they won't be shown again."),
    _("Security key added."),
    _("Security key removed."),
    _("You must type the same password each time."),
    _("Please type your current password."),
    _("Be patient, you are sending too many requests."),
    _("This account is currently inactive."),
    _("You cannot deactivate two-factor authentication."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
    _("Incorrect code."),
    _("Incorrect password."),
)
