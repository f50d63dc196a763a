from mobilisation.services.exemplar_pictures import picture_add, picture_remove
from mobilisation.services.exemplar_steps import (
    Decision,
    exemplar_drop,
    exemplar_publish,
    exemplar_recognise,
    exemplar_refuse,
    exemplar_register,
    exemplar_unpublish,
)
from mobilisation.services.exemplars import Words, exemplar_change, exemplar_copy, exemplar_create
from mobilisation.services.indices import IndexFacts, index_record
from mobilisation.services.reference_models import models_load

__all__ = [
    "Decision",
    "IndexFacts",
    "Words",
    "exemplar_change",
    "exemplar_copy",
    "exemplar_create",
    "exemplar_drop",
    "exemplar_publish",
    "exemplar_recognise",
    "exemplar_refuse",
    "exemplar_register",
    "exemplar_unpublish",
    "index_record",
    "models_load",
    "picture_add",
    "picture_remove",
]
