"""Who gets what of fairness: lines of the table in access.py."""

TABLE = """
"""
