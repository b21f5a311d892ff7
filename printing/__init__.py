"""Floor 2: the program's papers. From records to printed letters,
forms and receipts (documents/ draws them)."""
