"""Small SVG: drawn by the page's own style, read aloud by its title and description.

- `markup`: elements and escaping
- `marks`: the shapes of the statuses
- `axis`: the range shown, its ticks, and the place of a value
- `drawing`: lines, text, and the picture around them
- `places`: models in order, and which of them are not told apart
- `forest`: points with their intervals, by row
"""
