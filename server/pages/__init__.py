"""Pages for citizens, without JavaScript."""
