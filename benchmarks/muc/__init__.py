"""MUC-4 (1992): reports on attacks in Latin America with templates of who did what to whom, as a measure of reading."""
