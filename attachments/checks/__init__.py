"""What each family of formats is examined for."""
