"""The errors that Kantor raises on purpose.

KantorError
├── Refusal            a person asked for what cannot be; carries the sentence they read
├── ConfigurationError the operator has to change a setting; carries the sentence they read
├── Unavailable        something outside did not answer; the work is tried again for as long as it takes
│   ├── RateLimited    Slack said how long to wait
│   ├── StoreFailed    the place where files are kept did not answer
│   ├── KeysFailed     whoever keeps the key of passwords did not answer
│   └── InspectionFailed a child process died over a file; tried again a few times
├── Undeliverable      a message that Slack will never take
├── AlreadyKept        other bytes are kept under that name, and stay
└── Overtaken          another has taken up what we were at: it is theirs, and we stop
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Given = ParamSpec("Given")
Found = TypeVar("Found")


class KantorError(Exception):
    """Base of all errors that are raised on purpose."""


class Refusal(KantorError):
    """A person asked for something that cannot be done now.

    Args:
        sentence: One or two warm sentences for the person: why, and what to do next. Shown as they are.
        field: The input of the modal that it concerns (a name of the command's dataclass, such as ``"slug"``), or None.
        parts: Where several things are wrong, a refusal each, with its own field.
    """

    def __init__(self, sentence: str, *, field: str | None = None, parts: Sequence[Refusal] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.parts = tuple(parts) or (self,)


class Problems:
    """All that is wrong with what somebody has written, told together: nobody mends one fault a turn."""

    def __init__(self) -> None:
        self._found: list[Refusal] = []

    def of(self, otherwise: Found, check: Callable[Given, Found], *args: Given.args, **named: Given.kwargs) -> Found:
        """What the check finds; where it refuses, that is kept for later, and ``otherwise`` stands in."""
        try:
            return check(*args, **named)
        except Refusal as refusal:
            self._found += refusal.parts
            return otherwise

    def settle(self) -> None:
        """Raises Refusal where anything was refused."""
        refuse(self._found)


def refuse(found: Sequence[Refusal]) -> None:
    """Raises these together as one Refusal, where there are any; the same sentence about the same input is said once."""
    parts = list({(each.sentence, each.field): each for each in found}.values())
    if len(parts) == 1:
        raise parts[0]
    if parts:
        sentences = dict.fromkeys(each.sentence for each in parts)
        raise Refusal("\n".join(sentences), field=parts[0].field, parts=parts)


class ConfigurationError(KantorError):
    """A setting is missing or wrong; the message tells the operator which one and what to write there."""


class Unavailable(KantorError):
    """Something outside (Slack, the object store) failed in a way that may pass: try again later."""


class RateLimited(Unavailable):
    """Slack answered 429.

    Args:
        retry_after: Seconds to wait before the next try.
        for_all: False where it was about a look-up for this one message, and others may go on.
    """

    def __init__(self, retry_after: float, *, for_all: bool = True) -> None:
        super().__init__(f"rate limited for {retry_after:g} s")
        self.retry_after = retry_after
        self.for_all = for_all


class StoreFailed(Unavailable):
    """The object store, or the disk below it, failed in a way that may pass."""


class KeysFailed(Unavailable):
    """Whoever keeps the key that seals passwords (KMS) failed in a way that may pass."""


class AlreadyKept(KantorError):
    """What somebody handed in is there already, with other bytes: the first ones stay."""


class InspectionFailed(Unavailable):
    """The child process that opened a file died or took too long: the machine's fault, or the file's own."""


class Overtaken(KantorError):
    """We were away for longer than a lease (a laptop that slept, a locked database), and another has taken the work up since."""


class Undeliverable(KantorError):
    """Slack refused a message for good (an archived channel, a deactivated person): trying again is no use."""
