"""Numbers with what they count, what befell it, and how one figure hangs on another."""
