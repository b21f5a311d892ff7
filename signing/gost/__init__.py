"""The arithmetic and the hash of ГОСТ Р 34.10-2012 and 34.11-2012, as public as their data."""
