"""What the bot can do: use cases, their rules and ports, the adapters, and the wiring that joins them.

Floors, from the roof down: ``cli``, ``demo`` and ``wiring``; the edges ``scheduler``, ``worker`` and ``sandbox``; ``usecases``;
``adapters`` over ``ports``; and on the ground ``rules``, ``settings`` and ``errors``. import-linter keeps them.
"""
