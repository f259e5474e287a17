"""The lab over HTTP: parse, call a verb, render. No rule lives here (floor 6, extra `server`).

- `app`: the application; start here
- `settings`: what it serves and whom it lets in
- `access`: who asks, and what each route needs
- `hosts`: names under which it may be asked for
- `once`: idempotency keys
- `describing`: what its description says of every route alike
- `guarding`: who asks and how much they send, before a body is read
- `sessions`: browsers that came with the key of this machine
- `failures`: one shape for every error
- `logs`: what goes to standard error, a line of JSON each
- `jobs`: long work in the background, with progress
- `workspace`: uploaded plans and predictions as a folder
- `routes/`: one file a noun
"""
