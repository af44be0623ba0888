"""The messages that must arrive: each is a row of the outbox, stored as JSON and drawn by ``handlers`` when it is sent.

They hold facts, not words: the sentences live with the views. One module a topic; ``stored`` turns them to JSON and back.
"""
