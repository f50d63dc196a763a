"""Open an account on the command line: the first administrator, above all."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.enums import Role
from accounts.services import membership_add
from accounts.services_opening import account_open
from common.errors import InvalidInput
from common.time import today
from communes.selectors import unit_by_code


class Command(BaseCommand):
    help = "Open an account with a role; a link to set the password goes to its e-mail address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="full name")
        parser.add_argument("--email", required=True)
        parser.add_argument("--unit", default="CITY", help="code of the unit")
        parser.add_argument("--role", default=Role.ADMIN.value, choices=Role.values)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        unit = unit_by_code(options["unit"])
        if unit is None:
            raise CommandError(f"No unit {options['unit']!r}.")
        try:
            user = account_open(
                access=None,
                username=options["username"],
                full_name=options["name"],
                email=options["email"],
            )
        except InvalidInput as error:
            raise CommandError(str(dict(error.fields))) from error
        membership_add(user=user, unit=unit, role=options["role"], valid_from=today())
        self.stdout.write("The account is open; the link for its password is on its way.")
