"""The generated pages of docs/: what is true of the code is read off the code.

- `metrics`: the registry of metrics, with an example of each
- `methods`: the methods of inference and their domains
- `cli`: the help of every command
- `sdk`: the public docstrings
- `errors`: codes and exit codes
- `markdown`: docstrings and cells as Markdown
"""
