from django.utils.translation import gettext_lazy as _

from common.forms import PortalForm, TextField
from escalation.services import ANSWER_MAX


class AnswerForm(PortalForm):
    """What the position that was escalated to does about it."""

    answer = TextField(
        label=_("What is being done, by whom and until when"), rows=5, max_length=ANSWER_MAX
    )
