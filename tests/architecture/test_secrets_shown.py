"""Where secrets become text: each place is known, and has its reason."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPENERS = {"reveal_text", "get_secret_value"}
KNOWN = {
    # The vault turns it into bytes to seal.
    ("bot/adapters/vault.py", "seal", "reveal_text"): 1,
    # The window that shows a password to its holder.
    ("handlers/accounts/views.py", "credentials", "reveal_text"): 1,
    # Compared with another secret, in constant time.
    ("bot/rules/secret.py", "__eq__", "reveal_text"): 1,
    # What connects: to the database, Slack's Web API, Socket Mode, and what checks Slack's signatures.
    ("bot/wiring.py", "database_url", "get_secret_value"): 2,
    ("bot/wiring.py", "slack", "get_secret_value"): 1,
    ("bot/wiring.py", "vault", "get_secret_value"): 2,
    ("bot/wiring.py", "_opening", "get_secret_value"): 2,
    ("bot/wiring.py", "_line", "get_secret_value"): 2,
    # Whether a setting is there at all.
    ("bot/wiring.py", "_require_tokens", "get_secret_value"): 1,
    ("bot/restores.py", "_has_key", "get_secret_value"): 1,
    # The checks of `kantor doctor` and `kantor probe`, which try them.
    ("bot/checkup.py", "checkup", "get_secret_value"): 3,
    ("bot/checkup.py", "_request_url", "get_secret_value"): 1,
    ("bot/checkup.py", "_url", "get_secret_value"): 1,
    ("bot/probe_command.py", "run", "get_secret_value"): 2,
}


def test_each_place_that_opens_a_secret_is_known() -> None:
    """A new one is added here with its reason, or it is a mistake; a gone one leaves the list."""
    found = Counter[tuple[str, str, str]]()
    for folder in ("bot", "handlers", "models", "migrations", "judge"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for function, name in _opened(ast.parse(path.read_text(encoding="utf-8")), ""):
                found[path.relative_to(ROOT).as_posix(), function, name] += 1

    assert dict(found) == KNOWN


def _opened(tree: ast.AST, function: str) -> list[tuple[str, str]]:
    """The innermost function's name and the method's, for each mention of it, called or not."""
    found = []
    for node in ast.iter_child_nodes(tree):
        inside = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else function
        if isinstance(node, ast.Attribute) and node.attr in OPENERS:
            found.append((inside, node.attr))
        found += _opened(node, inside)
    return found
