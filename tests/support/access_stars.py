"""Who gets what of stars: lines of the table in access.py."""

TABLE = """
"""
