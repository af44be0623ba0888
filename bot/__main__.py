"""``python -m bot`` is ``kantor``."""

from bot.cli import app

app(prog_name="kantor")
