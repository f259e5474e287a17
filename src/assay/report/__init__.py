"""Floor 3, reports: documents as blocks, and what shows them.

- `blocks`: the blocks and `Document`; `html`, `markdown`, `json_`: its renderers; `terminal`: plain text
- `memo`: the decision memo; `page`: a comparison without a plan
- `claims`, `slices`, `measured`, `effects`: what these pages are made of
- `words`, `numbers`, `text`: how things are said and written
- `palette`, `style`, `svg`: how they look
"""
