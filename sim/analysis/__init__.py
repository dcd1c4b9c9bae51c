"""Questions to inputs and runs; each answer is a small labelled table."""
