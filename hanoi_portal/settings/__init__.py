"""``base`` holds what is common; ``dev``, ``test`` and ``production`` hold differences only."""
