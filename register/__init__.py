"""Floor 2: papers of the members' register and of accounts: extracts, invoices, acts, notices."""

from __future__ import annotations

import importlib
import pkgutil

from records.kinds import RecordKind


def kinds() -> list[RecordKind]:
    """Every kind declared in this package: a module with a `KIND` is a kind, nothing else to register."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return [module.KIND for module in modules if hasattr(module, "KIND")]
