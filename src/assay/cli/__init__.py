"""Floor 6: the command line. It parses, calls a verb and renders; no rule lives here.

- `main`: the commands, loaded when called; errors on one line; exit codes
- one file a command
"""
