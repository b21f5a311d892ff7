"""Russian grammar, dates, sums and typography for everything a person reads (pure: no web, no database)."""
