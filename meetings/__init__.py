"""Floor 2: general meetings (общие собрания). The law as data, the journal as the truth, the result as its function.

`rules`, `charter`, `plan`, `roll`, `calling`, `course`, `ballots`, `requests`, `tally`, `result` and `fold` are pure:
state + event → verdict + state, no database, no clock. `service` judges every event by the fold and journals it with
its verdict in one transaction; folding the journal again gives the same result, byte for byte.
"""
