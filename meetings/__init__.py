"""Floor 2: general meetings (общие собрания): law as data, the journal as the truth, the result its function.

All but `model`, `journal` and `service` is pure: state + event → verdict + state; no database, no clock.
`service` judges every event by the fold and journals it with its verdict in one transaction; folding the
journal again gives the same result, byte for byte.
"""
