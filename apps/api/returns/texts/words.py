"""One sentence per language, as everywhere."""

from apps.core.words import LANGUAGES, Words, say

__all__ = ["LANGUAGES", "Words", "say"]
