"""The database, on the ground floor: tables, and units of work that are asked named questions. Knows nobody else of ours."""
