"""Measurements that anyone can repeat: `./run bench intake`, `./run bench claim`. They never assert."""
