"""Small SVG: drawn by the page's own style, read aloud by its title and description.

- `markup`: elements and escaping
- `marks`: the shapes of the statuses
- `axis`: the range shown, its ticks, and the place of a value
- `forest`: points with their intervals, by row
"""
