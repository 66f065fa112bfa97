"""Mail that comes in: kept before the sender hears yes, taken apart in a process of its own, sorted, shown to leads."""
