"""Measures what the README claims: ``make bench``. Loopback only, bounded in time and count."""
