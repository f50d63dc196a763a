"""The private halves of the test keys: given to the suite's vault and to nothing else."""

PRIVATE = {number: bytes([number]) * 32 for number in (1, 2)}
