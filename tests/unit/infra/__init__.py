"""The packaged artefacts, and the tools of infra/."""
