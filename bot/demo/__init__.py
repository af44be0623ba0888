"""``kantor demo``: a whole contest on one machine, played in a sandbox workspace by demo people."""
