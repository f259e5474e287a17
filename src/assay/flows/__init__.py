"""Floor 4: stages composed through records and protocols; progress comes as an argument.

- `estimates`: cells -> comparisons; `compare`: align -> score -> aggregate -> infer
"""
