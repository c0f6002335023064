"""`python -m evals chat`: what the chat model of the environment makes of the question set, beside the extracts."""
