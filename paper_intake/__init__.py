"""Letters: the scan folder, the mailroom's pages and the letters we post."""
