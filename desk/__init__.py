"""Floor 2: the desks. What needs attention, saved views, acts on many records at once, the calendar."""
