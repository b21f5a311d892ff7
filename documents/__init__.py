"""Papers of the office: dataclasses in, bytes out (docx, PDF, xlsx, labels).

Floor 0: no Flask, no database, no clock. `documents.printing` is the door for the floors above; it loads
the heavy engines only when a paper is really printed.
"""
