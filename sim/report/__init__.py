"""Answers made visible: figures, tables and summary of a run. Runs no model."""
