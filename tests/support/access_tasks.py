"""Who gets what of tasks: lines of the table in access.py."""

TABLE = """
"""
