"""One way to talk to contracts, with the same behaviour on two engines: see `facade`."""
