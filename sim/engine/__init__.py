"""One system of equations: a model file becomes arrays; nothing here knows a label."""
