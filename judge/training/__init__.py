"""From a corpus of MIDI files to the judge's weights; its libraries are in requirements-train.in, not in the product."""
