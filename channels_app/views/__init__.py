"""The pages of the desk and the wallboard."""
