"""The work that Kantor does: one class a topic, one method a use case, one transaction a method."""
