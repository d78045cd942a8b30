"""What programs may ask: a thin layer over the domain functions and queries that the pages use, with a key in hand."""
