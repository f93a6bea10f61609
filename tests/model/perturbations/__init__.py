"""Faults planted into the model, one or more for each invariant: each must make its own id report, and no other.

`stage` builds a protocol in the middle of its life; the other modules break it, by area.
"""
