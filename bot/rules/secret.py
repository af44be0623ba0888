"""The type of what must not be shown: a password on its way between a list, the vault and the window of its holder."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final, NoReturn, Self, final

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN: Final = "(secret)"
"""What stands wherever a secret is printed."""


@final
class Secret:
    """A text that repr, str, format, JSON, pickle and copies give nothing of; ``reveal_text`` alone does.

    Equal to a secret with the same text, never to a text. False where there is nothing but spaces in it.
    """

    __slots__ = ("_opened",)
    _opened: Callable[[], str]

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError("a secret is made of text")
        # Inside a function, so that whoever walks over attributes and slots (a debugger, a serializer) finds no text either.
        object.__setattr__(self, "_opened", lambda: text)

    def reveal_text(self) -> str:
        """The text. Whoever calls this stands in ``tests/architecture/test_secrets_shown.py``, with the reason."""
        return self._opened()

    def __repr__(self) -> str:
        """The same for each."""
        return SHOWN

    def __format__(self, _spec: str) -> str:
        """The same for each, whatever width is asked for."""
        return SHOWN

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self._opened().strip())

    def __eq__(self, other: object) -> bool:
        """Compared in constant time."""
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(
            self._opened().encode(errors="surrogatepass"), other.reveal_text().encode(errors="surrogatepass")
        )

    def __hash__(self) -> int:
        """By the text, salted anew in each process."""
        return hash((Secret, self._opened()))

    def __copy__(self) -> Self:
        """Itself: it never changes."""
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        """Itself: it never changes."""
        return self

    def __setattr__(self, _name: str, _value: object) -> NoReturn:
        """Raises AttributeError."""
        raise AttributeError("a secret does not change")

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        """Raises TypeError: what is pickled lies somewhere."""
        raise TypeError("a secret is not pickled")
