"""Documents of a meeting: each is a function of the journal and of what the decision froze. "
"Nothing is retyped."""
