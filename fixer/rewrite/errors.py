"""Why an edit could not be made."""


class RewriteError(ValueError):
    """The edits cannot be made as they stand; the message says why."""


class Unreachable(RewriteError):
    """The node that an edit names has no place of its own in the text."""


class Unreadable(RewriteError):
    """LibCST cannot hold this file, so that nothing in it can be edited."""
