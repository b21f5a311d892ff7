"""Floor 0: what may follow what. States, transitions, guards and terms as data; standard library only."""
