"""What code computes from the words of a span: numbers with bounds, times with precision."""
