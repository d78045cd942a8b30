"""Reports of an analysis for four readers: what each may see, in their language, as a page and as a paper.

The researcher sees every table. The circle, the leader with the representatives, and the network see only what passed
disclosure control. A report is a ``Paper``; ``page.py`` makes it one self-contained page, ``paper_pdf`` a tagged PDF.
"""
