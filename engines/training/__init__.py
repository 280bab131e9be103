"""Training of the shipped weights: texts, recipes, runs that can be interrupted, what the result is judged by."""
