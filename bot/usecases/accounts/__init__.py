"""Lab accounts: the pool, who has one, who waits, who asks again."""
