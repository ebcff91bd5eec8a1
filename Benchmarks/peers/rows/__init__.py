"""One module for each kind of row. Each has:

- NAME, ABOUT: for --rows and for progress; SECONDS: a guess of a round's;
- rounds(bench): how many;
- session(bench, record): a context manager with round(number), which returns what the record keeps of it, and finish();
- targets(record): rows of the table of targets; record is None if it was never measured;
- section(record): its lines in the report.
"""

from rows import base, cached, cold, core, epoch, kernels, pictures, step

ROWS = [base, core, epoch, cached, step, cold, kernels, pictures]
