"""The AI judge, a library of its own: a MIDI file's bytes in; a verdict, a picture and a sound out. It imports nothing of the bot."""
