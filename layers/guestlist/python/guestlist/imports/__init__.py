"""What all imports share: request, lease, reading of the file, review, undo, result mail and watchdog."""
