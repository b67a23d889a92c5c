"""The catalogues, as tables: one row per metric, setting, status code, fault code and reason."""
