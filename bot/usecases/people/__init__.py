"""What everybody sees: Home, the first steps, plain words, reminders."""
