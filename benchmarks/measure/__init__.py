"""What `speed.py` measures: one module for each part of the program, each beside a peer or a limit."""
