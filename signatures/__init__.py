"""Floor 2: electronic signatures in the product. Received, verified, matched to authority, asked for in
order."""
