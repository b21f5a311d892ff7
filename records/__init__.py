"""Floor 1: the register. Every item is a record; it changes through `records.service` alone."""
