"""Reads web archives and collections of articles in bulk: inputs -> shards -> Parquet -> knowledge base.

Inputs are cut into shards that do not depend on who reads them. `task.read_shard` reads one and writes its
articles and facts to a Parquet file named by what was read and by which extractor; the process pool and Dask
only decide where that happens. `loading` puts the files into the database.
"""
