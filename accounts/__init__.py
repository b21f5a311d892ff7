"""Floor 2: accounts. Who may come in, by what key, and as whom he acts. Records know only the Actor."""
