"""A report: one tree of chapters, tables and figures, and a writer each for Word, HTML and PDF."""
