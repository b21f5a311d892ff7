"""Backends of full-text search behind records.search.port."""
