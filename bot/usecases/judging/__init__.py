"""Human judges: what they hear, and what they give."""
