"""Formats that descriptions go out in, one file each."""
