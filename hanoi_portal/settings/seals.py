"""Where the vault is (docs/adr/0009) and who signs issued papers digitally (docs/adr/0018)."""

import environ

from hanoi_portal import embedded
from hanoi_portal.settings.keys import secret_text

env = environ.Env()

# A process of its own opens what is sealed for it and alone holds the private ring
VAULT_ADDRESS = env("VAULT_ADDRESS", default="") or str(embedded.vault_socket())
DENOUNCER_PRIVATE_KEYS: dict[int, bytes] = {}

# Off until a signer is named
PAPER_SIGNER = env("PAPER_SIGNER", default="")
PAPER_SIGNING_KEY = env("PAPER_SIGNING_KEY", default="")
PAPER_SIGNING_CERTIFICATE = env("PAPER_SIGNING_CERTIFICATE", default="")
PAPER_SIGNING_PASSWORD = secret_text("PAPER_SIGNING_PASSWORD")
PAPER_SIGNING_TSA = env("PAPER_SIGNING_TSA", default="")
