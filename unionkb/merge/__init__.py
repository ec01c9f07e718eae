"""Joins knowledge bases into one, as if one machine had seen all that each of them has seen.

`merging.merge` reads the databases twice: first what each has of everything, to choose (choose.py), then the
rows themselves (copy.py). What follows from them - clusters, claims, the search index, totals - is made anew
by the code that makes it elsewhere (finish.py).
"""
