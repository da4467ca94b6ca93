"""HTTP only: pages for citizens, JSON for programs."""
