"""The register of personal data: gathered from the rooms, and turned into record, notice and annex."""
