"""What the AI judge says of a composition, and whether it is a copy."""
