"""Which pairs a pattern keeps, and its exact coverage of any rectangle; numpy only."""
