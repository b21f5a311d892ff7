"""Where bytes live: a local folder by default."""
