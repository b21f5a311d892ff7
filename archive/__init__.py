"""Floor 2: keeping. File plan and terms of keeping, holds, destruction, the published digest,
copies and exports."""
