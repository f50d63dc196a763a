from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.enums import Scope
from accounts.models import User
from accounts.services import TOKEN_DAYS, TokenPlan, api_token_create
from common.errors import InvalidInput


class Command(BaseCommand):
    help = "Print a new API token with the rights of a user inside its scopes; shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="which system uses it")
        parser.add_argument(
            "--scope", action="append", choices=Scope.values, help="repeat; without it: all"
        )
        parser.add_argument("--days", type=int, default=TOKEN_DAYS, help="1 to 365")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"No active account {options['username']!r}.")
        scopes = tuple(options["scope"] or Scope)
        plan = TokenPlan(options["name"], scopes, options["days"])
        try:
            self.stdout.write(api_token_create(user=user, plan=plan))
        except InvalidInput as error:
            raise CommandError(str(dict(error.fields))) from error
