"""What a hostile member, a careless user or a hand in the database tried, and what became of it."""
