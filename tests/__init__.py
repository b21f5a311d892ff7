"""Tests mirror the tree; flows/, contracts/ and house/ look at the whole."""
