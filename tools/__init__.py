"""Tools of the repository; none of them ships in the wheel.

- `size_gate`: how long files and functions may be
- `reference`: the generated pages of docs/
- `pages`: the snippets of README and docs, run
- `wheel_check`: build the wheel and use it in a clean environment
- `lock`: renew constraints.txt
- `tutorial_data`: the predictions that the documentation uses
"""
