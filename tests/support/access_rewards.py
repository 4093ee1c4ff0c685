"""Who gets what of rewards: lines of the table in access.py."""

TABLE = """
"""
