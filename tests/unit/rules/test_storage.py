"""Keys of the object store: what people have made known is found again when it is to be erased."""

from __future__ import annotations

import inspect

from bot.rules import storage

OWN = {"original", "picture", "sound", "fingerprint", "chart"}
OURS = {"practice", "starter"}
BESIDE = {"shared", "poster", "export"}


def made(name: str) -> str:
    """A key of that kind."""
    parameters = inspect.signature(getattr(storage, name)).parameters.values()
    given = {each.name: True if each.annotation == "bool" else f"<{each.name}>" for each in parameters}
    return str(getattr(storage, name)(**given))


def test_each_kind_of_object_is_erased_or_is_nobodys() -> None:
    """In the folder of its submission, looked through for people's words, or our own: a new kind says which."""
    kinds = {name for name, each in vars(storage).items() if inspect.isfunction(each)} - {
        "folder",
        "has_words_of_people",
    }
    assert kinds == OWN | OURS | BESIDE
    assert OWN == {name for name in kinds if made(name).startswith("<folder>/")}
    assert BESIDE == {name for name in kinds if storage.has_words_of_people(made(name))}
