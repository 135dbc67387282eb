"""Kinds of containers, one file each: from the bytes of a container to what lies in it.

Every kind is a function `(data, budget) -> Iterator[Found]`. It raises `Damaged` where the bytes cannot be read as that
kind any further, and `Stop` where a limit of the whole run is reached; what it yielded before stands.
"""
