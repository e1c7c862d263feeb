"""What each command does, as functions that return the exit code; `fixer.cli` says how they are called."""
