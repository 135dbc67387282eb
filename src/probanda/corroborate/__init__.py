"""What stands behind a claim besides its own report: who copies whom, what agrees, what contradicts."""
