"""The messages that must arrive, drawn: one function a kind of ``bot.announcements``, one module a topic; ``every`` knows them all."""
