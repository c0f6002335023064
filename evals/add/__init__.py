"""`python -m evals add`: a question and its evidence, asked of an editor at the terminal, appended to the question set."""
