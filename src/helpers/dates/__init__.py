"""Time expressions as ISO intervals with a basis, and the publication date as an interval with its evidence."""
from .times import find_times

__all__ = ["find_times"]
