"""The readers of the step `text`: one file for each kind of material, all from bytes to a `frozen.Frozen`."""
