"""What was done, by whom, to what, with what, where: triggers and their roles, votes, weapons, objects."""
