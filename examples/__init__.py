"""What to do with the two packages: a demonstration, and the core in other frameworks."""
