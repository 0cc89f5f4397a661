"""Cases of any size: the same stages, chunk by chunk, in this process or on the workers of a Dask cluster.

A case is cut into chunks of documents. Each chunk is read from the texts to its tables by
:func:`helpers.pipeline.read_texts` and becomes one *part*: a folder of Parquet files, written under another name and
renamed when it is whole. A part's name is a digest of all that it was made from (the texts' own digests, the
manifest's rows, the code, the codebook), so a run that was stopped goes on where it was, and a text or a rule that
changed is read again. What needs all texts (linking, shared words) then works on the parts' tables, block by block.

Above :data:`LIMIT` texts the parts *are* the tables of the case, and its notebooks open a sample and the counts of
all (:func:`view`). The data folder must be seen by all workers at the same path: they read the texts and write the
parts themselves.
"""
from helpers.scale.building import LIMIT, build, large
from helpers.scale.cluster import ClusterError, crew
from helpers.scale.views import SAMPLE, aggregate, shown, view

__all__ = ["LIMIT", "SAMPLE", "ClusterError", "aggregate", "build", "crew", "large", "shown", "view"]
