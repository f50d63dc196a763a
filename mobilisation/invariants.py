"""What must hold in the registers; each part registers its own."""

import mobilisation.invariants_models  # noqa: F401 -- registers its own
