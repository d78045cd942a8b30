"""Values that R computes, beside the scripts that compute them: see README.md."""
