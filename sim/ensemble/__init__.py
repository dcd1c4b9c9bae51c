"""Many members: scenarios, their inputs, their runs. Labels begin here."""
