"""Fields that a tenant adds to its patients and appointments: their definitions, and what stands in them."""

from carehub.services.custom.fields import (
    FieldForm,
    FieldView,
    list_fields,
    move_field,
    read_field,
    remove_field,
    save_field,
)
from carehub.services.custom.files import remove_appointment_file, remove_patient_file
from carehub.services.custom.values import (
    ValuesWrong,
    ValueView,
    appointment_values,
    patient_values,
    save_appointment_values,
    save_patient_values,
)

__all__ = [
    "FieldForm",
    "FieldView",
    "ValueView",
    "ValuesWrong",
    "appointment_values",
    "list_fields",
    "move_field",
    "patient_values",
    "read_field",
    "remove_appointment_file",
    "remove_field",
    "remove_patient_file",
    "save_appointment_values",
    "save_field",
    "save_patient_values",
]
