"""What can go wrong while Copydesk starts its own services, in words for a person."""


class EmbeddedError(Exception):
    """A problem that a person can act on; shown without a traceback."""
