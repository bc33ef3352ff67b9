"""Usual mistakes, and what the terminal says of them."""
