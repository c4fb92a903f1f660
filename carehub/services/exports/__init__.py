"""Everything of one tenant, read through the catalogue of models: for its owner's export and for its backup."""

from carehub.services.exports.asking import (
    EXPORT,
    ExportFile,
    ExportView,
    ask_export,
    check_export,
    list_exports,
    open_export,
)

__all__ = ["EXPORT", "ExportFile", "ExportView", "ask_export", "check_export", "list_exports", "open_export"]
