"""The core in other frameworks, each put to the same questions against the real framework."""
