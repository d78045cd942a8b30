"""Operations of the API: thin. Each asks a query of the pages and gives what it said another shape."""
