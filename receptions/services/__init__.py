from receptions.services.reference import reference_load

__all__ = ["reference_load"]
