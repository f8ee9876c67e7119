"""Territory, past collaboration and proximity: pure functions on graphs of opaque ids."""
