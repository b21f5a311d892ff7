"""CMS (RFC 5652) and CAdES (RFC 5126, ETSI EN 319 122-1): reading, checking, stamping, building."""
