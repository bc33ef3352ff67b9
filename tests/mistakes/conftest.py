"""The application full of mistakes is for the servers alone: to import it warns."""

collect_ignore = ["app.py"]
