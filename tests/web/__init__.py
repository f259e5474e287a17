"""The web page as people meet it: built from its sources, and seen in a real browser."""
