"""Invented people, letters and cases for a portal that shows how it works."""
