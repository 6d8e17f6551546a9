"""What the interface for programs takes and gives, one file a resource."""
