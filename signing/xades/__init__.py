"""XMLDSig and XAdES: GOST, RSA and ECDSA by one set of rules; what signxml does not know or guard."""
