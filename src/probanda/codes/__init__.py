"""What our types are called in the lists of others: ACLED, PLOVER, HURIDOCS, the SDG indicator 16.1.2, treaties."""
