"""``kantor rehearse``: a whole event, played in a sandbox workspace a week before the real one, with a written answer: yes or no."""
