"""Published values that Assay has to meet, as data: what, the value as it is printed, who gives it, and the source.

- `answer`: one such value (or a few of one line of a table), and how near is near enough
- one room by subject: a tuple `ANSWERS`, collected by `registry`
- `test_known`: every answer is met

The pages of methods (`docs/methods/`) show them. A new answer is a `Known` in the room of its subject:

    Known(
        "tango",                                     # a method, or another subject of docs/methods.md
        "Tango (1998), table I: 3 won, 1 lost of 44",  # what is computed, in words
        lambda: tango_bounds(3, 1, 44, 0.95),        # Assay's value, or several
        "-0.027 0.137",                              # as printed: the last digit says how near is near enough
        "...",                                       # who printed it, and where
    )
"""
