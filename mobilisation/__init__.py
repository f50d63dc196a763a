"""Mass mobilisation: coordination programmes, rules on grassroots democracy, models, opinion reports, indices."""
