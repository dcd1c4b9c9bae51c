"""Which of the uncertain inputs decide an outcome, by how much, and how sure that answer is.

sobol.py …   points, outputs → indices with intervals; one file per method
methods.py   the methods by name: the design each wants, and what it can do
estimate.py  an index with the half-width of its 95 % interval; resampling
verdict.py   was the sample enough, and how many are needed
study.py     points ─ evaluate ─▶ outputs ─▶ one labelled table

`evaluate` is any function (members, factors) → (members, outputs): the county model in a run, an
analytic function in a test.
"""
