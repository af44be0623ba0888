"""Keys of the object store: what people have made known is found again when it is to be erased."""

from __future__ import annotations

import inspect

from bot.rules import storage

OWN = {"original", "picture", "sound", "fingerprint", "chart"}
OURS = {"vault_key", "practice", "results", "rules", "starter", "erasure"}
BESIDE = {"shared", "poster", "reveal", "certificate", "export"}


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
        "submission_of",
        "place_of",
    }
    assert kinds == OWN | OURS | BESIDE
    assert OWN == {name for name in kinds if made(name).startswith("<folder>/")}
    assert BESIDE == {name for name in kinds if storage.has_words_of_people(made(name))}


def test_a_backup_looks_into_each_folder_and_knows_whose_each_file_is() -> None:
    """Old places and new ones."""
    names = OWN | OURS | BESIDE
    keys = {
        name: made(name).replace("<folder>", storage.folder("<contest>", "<person>", "<submission_id>"))
        for name in names
    }
    assert {key.partition("/")[0] for key in keys.values()} | {"submissions"} == set(storage.FOLDERS)
    assert sorted(storage.FOLDERS) == [*storage.FOLDERS]
    assert OWN | {"shared"} == {name for name, key in keys.items() if storage.submission_of(key) == "<submission_id>"}
    assert [] == [name for name in names - OWN - {"shared"} if storage.submission_of(keys[name]) is not None]
    assert "old" == storage.submission_of("submissions/old/original.mid")
