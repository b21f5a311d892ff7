"""Floor 2: files in and out: bank statements, contracts and purchases, the unified register."""
