"""The other end of the line: callers, agents' legs and a provider's REST side, which know us by signed HTTP alone.

Nothing here calls a function of the product: what works with the simulator works through the real doors.
"""
