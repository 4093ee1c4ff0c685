"""What several tests need; knows nothing of pytest."""
