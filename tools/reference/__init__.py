"""The generated pages of docs/: what is true of the code is read off the code.

- `metrics`: the registry of metrics, with an example of each
- `methods`: the index of the methods of inference; `method_pages`: a page of each
- `described`: what these pages say in words; `sources`: published values that stand in tests of their own
- `cli`: the help of every command
- `sdk`: the public docstrings
- `errors`: codes and exit codes
- `markdown`: docstrings and cells as Markdown
"""
