"""The version: API-compatible with Flask-CORS 6.0.2 (PEP 440's local form says the rest)."""

__version__ = "6.0.2+corecors.1"
