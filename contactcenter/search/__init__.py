"""Find a ticket by what was said, by who said it, or by its number; with the reader's rights."""
