"""The work that Kantor does: a room a topic, a class a use case or a few, one transaction a method; what all rooms share stands here."""
