"""Parquet for pandas where the libraries that it knows for that are not here: by an engine of our own (../../packages/parquet)."""

from . import packages


def patch_pandas(module):
    original = module.get_engine

    def get_engine(engine):
        wanted = {"auto": ("pyarrow", "fastparquet")}.get(engine, (engine,))
        if engine not in ("auto", "pyarrow", "fastparquet") or any(packages.is_here(name) for name in wanted):
            return original(engine)
        # Brings its files in: most programs read none.
        from _parquet import Engine

        return Engine()

    module.get_engine = get_engine
