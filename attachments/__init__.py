"""Attached files: safe names, inspection by content, text extraction, digests, headers to serve them.

Floor 0: bytes and paths in, facts out. Nothing here knows of a database, a request or a person.
"""
