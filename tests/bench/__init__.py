"""Tests of what can be tested of a measurement."""
