"""The only door to the disk: contained reads, strict texts, durable writes."""
